"""Completing drawings with a trained model: arrays in memory, and image files."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from zoo.bundles import Manifest, find_bundle, load_generator, read_manifest
from zoo.errors import UsageError
from zoo.files import write_file
from zoo.quiet import import_tensorflow
from zoo.sketch.image import fit_ink, ink_of, open_image
from zoo.sketch.picture import paint, picture_image, picture_pixels

if TYPE_CHECKING:
    from zoo.inference import Predict

Box = tuple[int, int, int, int]


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
        """Complete a batch of the model's own size: ``zoo.contracts.completer``."""
        return self.predict(images, masks, seeds)

    def complete(self, drawing: np.ndarray, mask: np.ndarray, *, seed: int = 0) -> np.ndarray:
        """Complete one drawing of any size.

        Args:
            drawing: Either float (H, W) or (H, W, 1) in [0, 1] with ink = 1, or a picture:
                uint8 (H, W) or (H, W, C) as Pillow gives it, dark or light lines.
            mask: (H, W) or (H, W, 1), anything but 0 = hole.
            seed: Another seed gives another completion, if the model takes noise.

        Returns:
            The same shape and type; outside of the hole every value is the drawing's.

        Raises:
            UsageError: Shapes differ, or the mask covers nothing.
        """
        hole = _hole(mask, drawing.shape[:2])
        if np.issubdtype(drawing.dtype, np.floating):
            ink = drawing.reshape(hole.shape).astype(np.float32)
            drawn = self._draw(ink, hole, seed)
            return np.where(hole, drawn, ink).reshape(drawing.shape).astype(drawing.dtype)
        pixels = drawing if drawing.ndim == 3 else drawing[..., None]
        ink = ink_of(picture_image(pixels), "auto")
        return paint(pixels, ink, self._draw(ink, hole, seed), hole).reshape(drawing.shape)

    def _draw(self, ink: np.ndarray, hole: np.ndarray, seed: int) -> np.ndarray:
        """Ink (H, W) as the model draws it, at its own resolution and back."""
        size, (height, width) = self.manifest.size, ink.shape
        scale = size / max(height, width)
        rows, columns = (max(1, round(side * scale)) for side in (height, width))
        small = fit_ink(np.where(hole, 0, ink).astype(np.float32), rows, columns)
        # A pixel of the model is hidden if any part of it is.
        small_hole = cv2.resize(
            hole.astype(np.float32), (columns, rows), interpolation=_area(scale)
        )
        pad = ((0, size - rows), (0, size - columns))
        image = np.pad(small, pad)[None, ..., None]
        mask = np.pad((small_hole > 0).astype(np.float32), pad)[None, ..., None]
        drawn = self.predict(image, mask, [seed])[0, :rows, :columns, 0]
        if drawn.shape == ink.shape:
            return drawn
        return cv2.resize(drawn, (width, height), interpolation=_area(1 / scale)).clip(0, 1)


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
    import_tensorflow()
    from zoo.inference import make_predict

    generator = load_generator(path, manifest)
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
            samples a number is added: ``NAME-completed-1.png``.
        samples: How many completions.
        seed: Seed of the first; the others follow.

    Returns:
        The files that were written. Outside of the hole each has the image's decoded pixels.

    Raises:
        UsageError: Mask or hole do not fit, or the output would overwrite the input.
        DataError: A file is not a readable image.
        RunError: The bundle is damaged.
    """
    picture = open_image(Path(image))
    pixels = picture_pixels(picture)
    covered = _read_hole(Path(mask) if mask is not None else None, hole, pixels.shape[:2], image)
    paths = _outputs(Path(image), Path(out) if out is not None else None, samples)
    loaded = model if isinstance(model, Model) else load(model)
    if samples > 1 and not loaded.takes_noise:
        raise UsageError(
            f"model {loaded.path} takes no noise, so that all {samples} samples would be equal: "
            "train with a generator that does, such as unet:noise=middle"
        )
    ink = ink_of(picture, "auto")
    for number, path in enumerate(paths):
        drawn = loaded._draw(ink, covered, seed + number)
        _write_png(path, paint(pixels, ink, drawn, covered))
    return paths


def _read_hole(
    mask: Path | None, box: Box | None, shape: tuple[int, ...], image: str | Path
) -> np.ndarray:
    height, width = shape[:2]
    if (mask is None) == (box is None):
        raise UsageError("say what to redraw: either --mask FILE (white = hole) or --hole x,y,w,h")
    if box is not None:
        x, y, w, h = box
        covered = np.zeros((height, width), bool)
        covered[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)] = True
        if not covered.any():
            raise UsageError(f"--hole {x},{y},{w},{h} covers nothing of {image} ({width}x{height})")
        return covered
    assert mask is not None
    grey = np.asarray(open_image(mask).convert("L"))
    if grey.shape != (height, width):
        raise UsageError(
            f"{mask} is {grey.shape[1]}x{grey.shape[0]}, but {image} is {width}x{height}: "
            "make the mask of the same size"
        )
    if not (grey > 127).any():
        raise UsageError(f"{mask} covers nothing: paint white what is to be redrawn")
    return grey > 127


def _hole(mask: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    covered = mask != 0
    if covered.shape not in (shape, (*shape, 1)):
        raise UsageError(f"the mask has shape {mask.shape}, the drawing {shape}: make them equal")
    if not covered.any():
        raise UsageError("the mask covers nothing: set to 1 what is to be redrawn")
    return covered.reshape(shape)


def _outputs(image: Path, out: Path | None, samples: int) -> list[Path]:
    out = out or image.with_name(f"{image.stem}-completed.png")
    if out.suffix.lower() != ".png":
        raise UsageError(f"{out}: completions are written as PNG: name it {out.stem}.png")
    if not out.parent.is_dir():
        raise UsageError(f"{out.parent} is not a folder: make it first")
    paths = [out]
    if samples > 1:
        paths = [out.with_name(f"{out.stem}-{i + 1}.png") for i in range(samples)]
    for path in paths:
        if path.exists() and path.samefile(image):
            raise UsageError(f"{path} is the drawing itself: choose another -o")
    return paths


def _write_png(path: Path, pixels: np.ndarray) -> None:
    from io import BytesIO

    buffer = BytesIO()
    picture_image(pixels).save(buffer, format="PNG")
    try:
        write_file(path, buffer.getvalue())
    except OSError as error:
        raise UsageError(f"{path}: cannot write: {error.strerror}") from None


def _area(scale: float) -> int:
    return int(cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
