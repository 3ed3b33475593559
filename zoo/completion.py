"""Completing drawings in memory with a trained model; files: ``zoo.complete_files``."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from zoo.bundles import Manifest, find_bundle, load_generator, read_manifest
from zoo.contracts.completer import Completer
from zoo.decoding import Decoding, draw_decoded
from zoo.errors import UsageError
from zoo.sketch.crops import cut, find_squares
from zoo.sketch.hole import array_hole
from zoo.sketch.picture import Picture, paint, visible_ink
from zoo.sketch.redraw import Patch, Redrawn, redraw

if TYPE_CHECKING:
    from zoo.inference import Predict


@dataclass(frozen=True)
class Model:
    """A trained model that completes drawings. Made by ``zoo.load``.

    Attributes:
        path: Its bundle.
        manifest: What the bundle says of itself.
        takes_noise: Whether another seed gives another completion.
        predict: Inference with its generator.
    """

    path: Path
    manifest: Manifest
    takes_noise: bool
    predict: "Predict"

    def __call__(
        self, keys: Sequence[str], images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
    ) -> np.ndarray:
        """Complete a batch of the model's own size: ``zoo.contracts.completer``.

        The ink is the network's own, neither decoded nor composited.
        """
        return self.predict(images, masks, seeds)

    def decoded(self, decoding: Decoding) -> Completer:
        """The completer whose ink is decoded, but not composited."""

        def completer(
            keys: Sequence[str], images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
        ) -> np.ndarray:
            return draw_decoded(self.predict, decoding, images, masks, seeds)

        return completer

    def complete(self, drawing: np.ndarray, mask: np.ndarray, *, seed: int = 0) -> np.ndarray:
        """Complete one drawing of any size.

        Args:
            drawing: Either float (H, W) or (H, W, 1) in [0, 1] with ink = 1, or a picture, of
                dark lines or light ones: uint8 (H, W) or (H, W, C) with grey, grey + alpha, RGB
                or RGBA, or uint16 (H, W) or (H, W, 1).
            mask: (H, W) or (H, W, 1), anything but 0 = hole.
            seed: Another seed gives another completion, if the model takes noise.

        Returns:
            The same shape and type; outside of the hole every value is the drawing's. The ink in
            the hole is redrawn (``zoo.sketch.redraw``).

        Raises:
            UsageError: The drawing is none of these, the mask does not fit it or covers nothing,
                or the seed is negative.
        """
        _check_drawing(drawing)
        hole = array_hole(mask, drawing.shape[:2])
        pixels = drawing if drawing.ndim == 3 else drawing[..., None]
        if not np.issubdtype(drawing.dtype, np.floating):
            picture = Picture(pixels)
            ink = visible_ink(picture, hole)
            painted = paint(picture, ink, self._drawn(ink, hole, seed), hole)
            return painted.pixels.reshape(drawing.shape)
        visible = drawing[~hole]
        if not ((visible >= 0) & (visible <= 1)).all():
            raise UsageError("ink must be within [0, 1]: give paper as 0 and ink as 1")
        ink = np.where(hole, 0, pixels[..., 0]).astype(np.float32)
        completed = pixels.copy()
        completed[hole, 0] = self._drawn(ink, hole, seed)[hole]
        return completed.reshape(drawing.shape)

    def _drawn(self, ink: np.ndarray, hole: np.ndarray, seed: int) -> np.ndarray:
        if seed < 0:
            raise UsageError(f"seed {seed} is negative: give 0 or more")
        return next(self.draw(ink, hole, [seed])).ink

    def draw(self, ink: np.ndarray, hole: np.ndarray, seeds: Sequence[int]) -> Iterator[Redrawn]:
        """Complete a page of any size, once for each seed.

        Each group of holes is completed in a square around it, at the model's own size, and
        redrawn in the page's.

        Args:
            ink: (H, W) float32 in [0, 1], 0 in the hole.
            hole: (H, W) bool.
            seeds: They decide the noise. If there are several, the first draw of each is taken,
                and not the one that agrees most with others: samples shall differ.
        """
        size, decoding = self.manifest.size, self.manifest.decoding
        if len(seeds) > 1:
            decoding = replace(decoding, draws=1)
        squares = find_squares(ink, hole, size)
        crops = [cut(ink, hole, square, size) for square in squares]
        for seed in seeds:
            patches = []
            # One by one, so that a square's completion depends on nothing but itself.
            for square, crop in zip(squares, crops, strict=True):
                image, mask = crop.image[None, ..., None], crop.mask[None, ..., None]
                drawn = draw_decoded(self.predict, decoding, image, mask, [seed])[0, ..., 0]
                patches.append(Patch(drawn, crop.box, square.hole))
            yield redraw(ink, hole, patches, decoding.threshold)


def load(model: str | Path) -> Model:
    """Load a trained model.

    Args:
        model: A run directory, a model bundle's folder, or the name of an installed model.

    Raises:
        UsageError: It is none of these, or the plugin that brings its generator is missing.
        RunError: The bundle is damaged.
    """
    path = find_bundle(model)
    manifest = read_manifest(path)
    generator = load_generator(path, manifest)
    from zoo.inference import make_predict

    return Model(path, manifest, "noise" in generator.input, make_predict(generator))


def _check_drawing(drawing: np.ndarray) -> None:
    channels = drawing.shape[2] if drawing.ndim == 3 else 1
    allowed = 4 if drawing.dtype == np.uint8 else 1
    known = np.issubdtype(drawing.dtype, np.floating) or drawing.dtype in (np.uint8, np.uint16)
    if not known or drawing.ndim not in (2, 3) or not 1 <= channels <= allowed or not drawing.size:
        raise UsageError(
            f"a drawing cannot be {drawing.dtype} of shape {drawing.shape}: give float (H, W) "
            "with ink = 1, uint8 (H, W) or (H, W, C), or uint16 (H, W)"
        )
