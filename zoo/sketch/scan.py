"""From a photograph or scan of paper to ink."""

import cv2
import numpy as np
from PIL import Image
from skimage.filters import threshold_sauvola

from zoo.sketch.image import InkTone, opaque_tone

# Lengths as shares of the page's shorter side. No line is as wide as a patch of paper.
_PATCH, _WINDOW, _SPECK = 1 / 24, 1 / 16, 1 / 150
_SAUVOLA = 0.12  # how far below its surroundings ink must lie, in Sauvola's units
_CONTRAST, _NOISE_RATIO = 0.12, 5.0


def scan_ink(image: Image.Image, ink: InkTone = "dark") -> np.ndarray:
    """Tell ink from paper under uneven light.

    The light is what the paper's brightest spots around each place show; the image is divided by
    it and compared with its surroundings (Sauvola and Pietikainen 2000, Adaptive document image
    binarization). Edges stay soft; specks go.

    Args:
        image: Of any mode, of a page that fills it.
        ink: Dark lines on light paper, light on dark, or whichever stand out more.

    Returns:
        (H, W) float32 in [0, 1], ink = 1. All 0 for a page on which nothing stands out.
    """
    tone = opaque_tone(image, white=ink != "light")
    if ink == "light" or (ink == "auto" and _has_light_lines(tone)):
        tone = 1 - tone
    darkness = _flatten(tone)
    # Twice 1.4826 median deviations of small differences: the grain, whatever is drawn.
    grain = cv2.GaussianBlur(darkness, (0, 0), 0.8)
    noise = 1.4826 * float(np.median(np.abs(grain - np.median(grain))))
    window = _odd(_WINDOW, tone.shape)
    surroundings = threshold_sauvola(1 - grain, window, k=_SAUVOLA, r=0.5)
    solid = grain > np.maximum(1 - surroundings, 3 * noise)
    if not solid.any():
        return np.zeros_like(tone)
    strength = float(np.percentile(darkness[solid], 75))
    if strength < max(_CONTRAST, _NOISE_RATIO * noise):
        return np.zeros_like(tone)
    kept = _without_specks(solid & (grain > strength / 4), grain, strength)
    # Soft edges: what lies next to a line is as dark as it is dark.
    near = cv2.dilate(kept.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    floor = min(3 * noise, strength / 3)
    soft = ((darkness - floor) / (0.9 * strength - floor)).clip(0, 1)
    return np.where(near, soft, 0).astype(np.float32)


def _flatten(tone: np.ndarray) -> np.ndarray:
    """How much darker than the paper there each pixel is, (H, W) float32 in [0, 1]."""
    rows, columns = tone.shape
    small, patch = _small(tone)
    # Closing removes lines narrower than the patch and keeps edges of shadows where they are.
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, patch)
    paper = cv2.GaussianBlur(paper, (0, 0), len(patch) / 4)
    light = cv2.resize(paper, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return (1 - tone / np.maximum(light, 1 / 255)).clip(0, 1)


def _has_light_lines(tone: np.ndarray) -> bool:
    """Whether what is lighter than its surroundings outweighs what is darker."""
    small, patch = _small(tone)
    light, dark = (
        cv2.morphologyEx(small, how, patch) for how in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    )
    return float(np.square(light).sum()) > float(np.square(dark).sum())


def _small(tone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The page at a size that shows its light, and a patch of paper, wider than any line."""
    shrink = min(1.0, 400 / min(tone.shape))
    small = cv2.resize(tone, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    patch = _odd(_PATCH, small.shape)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (patch, patch))
    return cv2.medianBlur(small, 3), kernel


def _without_specks(solid: np.ndarray, darkness: np.ndarray, strength: float) -> np.ndarray:
    """Connected pieces that are longer than a speck and somewhere as dark as ink is."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8), None, 8)
    longest = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    darkest = np.zeros(count, np.float32)
    np.maximum.at(darkest, labels.ravel(), darkness.ravel())
    good = (longest > max(2, _SPECK * min(solid.shape))) & (darkest > strength / 2)
    good[0] = False
    return good[labels]


def _odd(share: float, shape: tuple[int, ...]) -> int:
    return max(3, round(share * min(shape)) // 2 * 2 + 1)
