"""The floor that knows other drawings: the hole of the most similar one is pasted."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np

from zoo.contracts.completer import Completer
from zoo.contracts.source import Sketch, Source
from zoo.errors import UsageError
from zoo.evaluation.options import NearestOptions

_SIDE = 64  # pixels of the shorter side at which drawings are compared
_REACH = 1 / 16  # of the shorter side: how far from the hole drawings should above all agree
_ELSEWHERE = 0.05  # weight of what is visible far from the hole


def build(options: NearestOptions, training_source: Source | None) -> Completer:
    """Paste the hole of that training drawing whose visible part matches best.

    Raises:
        UsageError: There is no training source.
    """
    if training_source is None:
        raise UsageError(
            "the floor nearest needs training drawings to choose from: "
            "evaluate it with a protocol or with --data"
        )

    @cache
    def library() -> tuple[np.ndarray, np.ndarray]:
        drawings = _chosen(training_source, options.count)
        return drawings, _features(drawings)

    def completer(
        keys: Sequence[str], images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
    ) -> np.ndarray:
        drawings, features = library()
        # One by one: the rounding of a product of matrices depends on how many rows it has.
        pairs = zip(images[..., 0], masks[..., 0], strict=True)
        best = [_most_similar(features, image, mask) for image, mask in pairs]
        return drawings[best][..., None].astype(np.float32) / 255

    return completer


def _chosen(source: Source, count: int) -> np.ndarray:
    """A fixed random choice of drawings, (N, H, W) uint8; all if there are no more."""
    order = np.random.default_rng(0).permutation(len(source))[:count]
    return np.stack([_pixels(source[int(index)]) for index in order])


def _pixels(sketch: Sketch) -> np.ndarray:
    assert sketch.raster is not None  # core drew it
    return np.rint(sketch.raster * 255).astype(np.uint8)


def _features(drawings: np.ndarray) -> np.ndarray:
    """Small drawings and their squares, (2, N, pixels) float32."""
    small = np.stack([_small(drawing.astype(np.float32) / 255).ravel() for drawing in drawings])
    return np.stack([small, small**2])


def _most_similar(features: np.ndarray, image: np.ndarray, mask: np.ndarray) -> int:
    """Index of the drawing of greatest cosine similarity over visible pixels; the first of equals.

    Pixels weigh more near the hole. Weights are 0 wherever the mask covers anything of a small
    pixel, so that a drawing is most similar to itself.
    """
    covered = _small(mask)
    reach = max(1.0, min(covered.shape) * _REACH)
    weight = (covered == 0) * (_ELSEWHERE + cv2.GaussianBlur(covered, (0, 0), reach))
    weight = weight.astype(np.float32).ravel()
    drawings, squares = features
    product = drawings @ (weight * _small(image).ravel())
    length = np.sqrt(squares @ weight)
    return int(np.argmax(product / np.maximum(length, np.float32(1e-6))))


def _small(image: np.ndarray) -> np.ndarray:
    height, width = image.shape
    scale = min(1.0, _SIDE / min(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
