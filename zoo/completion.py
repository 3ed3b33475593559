"""Completing drawings with a trained model: arrays in memory, and image files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from zoo.bundles import Manifest, find_bundle, load_generator, read_manifest
from zoo.errors import DataError, UsageError
from zoo.files import write_file
from zoo.sketch.hole import Box, array_hole, box_hole, open_hole, resize_hole
from zoo.sketch.image import fit_ink
from zoo.sketch.picture import Picture, open_picture, paint, png_bytes, visible_ink

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
            the hole is decoded (``decode``).

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
            painted = paint(picture, ink, self.draw(ink, hole, seed), hole)
            return painted.pixels.reshape(drawing.shape)
        visible = drawing[~hole]
        if not ((visible >= 0) & (visible <= 1)).all():
            raise UsageError("ink must be within [0, 1]: give paper as 0 and ink as 1")
        ink = np.where(hole, 0, pixels[..., 0]).astype(np.float32)
        completed = pixels.copy()
        completed[hole, 0] = self.draw(ink, hole, seed)[hole]
        return completed.reshape(drawing.shape)

    def draw(self, ink: np.ndarray, hole: np.ndarray, seed: int) -> np.ndarray:
        """Draw a page of any size: letterboxed to the model's square, scaled back, decoded.

        Args:
            ink: (H, W) float32 in [0, 1], 0 in the hole.
            hole: (H, W) bool.
            seed: Decides the noise.

        Returns:
            (H, W) float32 ink in [0, 1], of use in the hole only.

        Raises:
            UsageError: The seed is negative.
        """
        if seed < 0:
            raise UsageError(f"seed {seed} is negative: give 0 or more")
        size, (height, width) = self.manifest.size, hole.shape
        page = _page(height, width, size)
        mask = np.zeros((size, size), np.float32)
        mask[page] = resize_hole(hole, mask[page].shape)
        image = fit_ink(ink, size, size)
        drawn = self.predict(image[None, ..., None], mask[None, ..., None], [seed])[0, ..., 0]
        shrinks = max(height, width) < size
        how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
        scaled = cv2.resize(drawn[page], (width, height), interpolation=how)
        return decode(scaled.clip(0, 1), self.manifest.threshold)


def decode(ink: np.ndarray, threshold: float) -> np.ndarray:
    """Turn a network's ink into a drawing's: clean paper, full lines, soft edges.

    A network that doubts gives a little ink to much of the hole. Up to half of the threshold ink
    becomes paper, at the threshold half ink, from half-way between it and 1 on full ink, and in
    between it rises linearly.

    Args:
        ink: In [0, 1].
        threshold: From where on ink counts as a line, in (0, 1).

    Returns:
        The same shape, float32 in [0, 1].
    """
    steps = (threshold / 2, threshold, (1 + threshold) / 2)
    return np.interp(ink, steps, (0, 0.5, 1)).astype(np.float32)


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


def complete(
    image: str | Path,
    *,
    model: str | Path | Model,
    mask: str | Path | None = None,
    hole: Box | None = None,
    out: str | Path | None = None,
    samples: int = 1,
    seed: int = 0,
) -> list[Path]:
    """Complete a drawing in a file and write PNG.

    Args:
        image: PNG, JPEG, BMP, GIF, TIFF or WebP; any size, colour and transparency.
        model: As for ``load``, or what it gave.
        mask: Image file of the same size: white = hole.
        hole: In place of a mask: x, y, width, height in pixels.
        out: Where to write; default: ``NAME-completed.png`` beside the image. With several
            samples a number is added: ``NAME-completed-1.png``. An existing file is replaced.
        samples: How many completions.
        seed: Seed of the first; the others follow.

    Returns:
        The files that were written. Outside of the hole each has the image's decoded pixels
        (``zoo.sketch.picture.open_picture``).

    Raises:
        UsageError: The arguments do not fit each other or the image, or the output would
            overwrite the image or the mask.
        DataError: A file is not a readable image, or the output cannot be written.
        RunError: The bundle is damaged.
    """
    if (mask is None) == (hole is None):
        raise UsageError("say what to redraw: either --mask FILE (white = hole) or --hole x,y,w,h")
    if samples < 1:
        raise UsageError(f"samples={samples}: ask for at least 1")
    image = Path(image)
    picture = open_picture(image)
    shape = picture.pixels.shape[:2]
    if hole is not None:
        covered = box_hole(hole, shape, str(image))
    else:
        assert mask is not None
        covered = open_hole(Path(mask), shape, str(image))
    inputs = [image] if mask is None else [image, Path(mask)]
    paths = _outputs(inputs, Path(out) if out is not None else None, samples)
    loaded = model if isinstance(model, Model) else load(model)
    if samples > 1 and not loaded.takes_noise:
        raise UsageError(
            f"model {loaded.path} takes no noise, so that all {samples} samples would be equal: "
            "train with a generator that does, such as unet:noise=middle"
        )
    ink = visible_ink(picture, covered)
    for number, path in enumerate(paths):
        drawn = loaded.draw(ink, covered, seed + number)
        _write(path, png_bytes(paint(picture, ink, drawn, covered)))
    return paths


def _check_drawing(drawing: np.ndarray) -> None:
    channels = drawing.shape[2] if drawing.ndim == 3 else 1
    allowed = 4 if drawing.dtype == np.uint8 else 1
    known = np.issubdtype(drawing.dtype, np.floating) or drawing.dtype in (np.uint8, np.uint16)
    if not known or drawing.ndim not in (2, 3) or not 1 <= channels <= allowed or not drawing.size:
        raise UsageError(
            f"a drawing cannot be {drawing.dtype} of shape {drawing.shape}: give float (H, W) "
            "with ink = 1, uint8 (H, W) or (H, W, C), or uint16 (H, W)"
        )


def _page(height: int, width: int, size: int) -> tuple[slice, slice]:
    """Where in the model's square ``fit_ink`` puts a page."""
    scale = size / max(height, width)
    rows, columns = (max(1, round(side * scale)) for side in (height, width))
    top, left = (size - rows) // 2, (size - columns) // 2
    return slice(top, top + rows), slice(left, left + columns)


def _outputs(inputs: Sequence[Path], out: Path | None, samples: int) -> list[Path]:
    out = out or inputs[0].with_name(f"{inputs[0].stem}-completed.png")
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out}: completions are written as PNG: name it {out.stem}.png")
    if not out.parent.is_dir():
        raise DataError(f"{out}: {out.parent} is not a folder: make it first")
    paths = [out]
    if samples > 1:
        paths = [out.with_name(f"{out.stem}-{i + 1}.png") for i in range(samples)]
    for path in paths:
        if path.is_dir():
            raise DataError(f"{path} is a folder: choose another --out")
        if path.exists() and any(path.samefile(given) for given in inputs):
            raise UsageError(f"{path} is the input: choose another --out")
    return paths


def _write(path: Path, png: bytes) -> None:
    try:
        write_file(path, png)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None
