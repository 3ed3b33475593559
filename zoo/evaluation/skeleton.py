"""Lines one pixel wide, and how far they are from those of another drawing."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from skimage.morphology import skeletonize

TRUTH_THRESHOLD = 0.5
"""From where on a value of a true drawing, or of the visible part, counts as ink."""


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The skeleton of a drawing.

    Attributes:
        pixels: (H, W) bool.
        distance: (H, W) float32, Euclidean distance in pixels to the nearest pixel of the
            skeleton; infinite everywhere if it has none.
    """

    pixels: np.ndarray
    distance: np.ndarray


@dataclass(frozen=True, eq=False)
class HoleLines:
    """The lines in a hole, as drawn and as they were.

    Distances are to the whole skeleton of the other drawing, so that a line that goes on from a
    visible one is not punished at the border of the hole.

    Attributes:
        drawn: (n,) float32, distance in pixels from each skeleton pixel of the completed drawing
            that lies in the hole to the true skeleton.
        hidden: (m,) float32, the same from the true drawing to the completed one.
        drawn_ink: Pixels of ink in the hole of the completed drawing.
        hidden_ink: Pixels of ink in the hole of the true drawing.
    """

    drawn: np.ndarray
    hidden: np.ndarray
    drawn_ink: int
    hidden_ink: int


def hole_lines(
    completed: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
) -> HoleLines:
    """Compare the lines in the hole.

    Args:
        completed: (H, W) float32 composite in [0, 1], ink = 1.
        target: (H, W) float32, the true drawing.
        mask: (H, W) float32, 1 = hole.
        threshold: From where on a value in the hole of ``completed`` counts as ink. The visible
            part and the truth are cut at 0.5.
    """
    hole = mask > 0
    ink = completed >= np.where(hole, np.float32(threshold), np.float32(TRUTH_THRESHOLD))
    truth = target >= TRUTH_THRESHOLD
    ours, theirs = skeletonise(ink), skeletonise(truth)
    return HoleLines(
        drawn=theirs.distance[ours.pixels & hole],
        hidden=ours.distance[theirs.pixels & hole],
        drawn_ink=int(np.count_nonzero(ink & hole)),
        hidden_ink=int(np.count_nonzero(truth & hole)),
    )


def skeletonise(ink: np.ndarray) -> Skeleton:
    """Thin a drawing. Zhang and Suen 1984, A Fast Parallel Algorithm for Thinning Digital Patterns.

    Args:
        ink: (H, W) bool.

    Returns:
        Read-only arrays: the last few drawings are remembered, because several metrics ask for
        the same ones.
    """
    return _skeletonise(np.packbits(ink).tobytes(), *ink.shape)


@lru_cache(maxsize=32)
def _skeletonise(bits: bytes, height: int, width: int) -> Skeleton:
    ink = np.unpackbits(np.frombuffer(bits, np.uint8), count=height * width)
    pixels = skeletonize(ink.reshape(height, width).astype(bool))
    if pixels.any():
        away = (~pixels).astype(np.uint8)
        distance = cv2.distanceTransform(away, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    else:
        distance = np.full((height, width), np.inf, np.float32)
    pixels.setflags(write=False)
    distance.setflags(write=False)
    return Skeleton(pixels, distance)
