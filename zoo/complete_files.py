"""Completing drawings in image files: one, or a folder of any length."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from zoo.bundles import find_bundle
from zoo.completion import Model, load
from zoo.default_model import choose_model, default_models
from zoo.errors import DataError, UsageError, ZooError
from zoo.files import write_file
from zoo.picture_jobs import Job, plan_jobs
from zoo.sketch.crops import find_squares
from zoo.sketch.hole import Box, box_hole, clear_hole, open_hole
from zoo.sketch.hole_colour import colour_hole, named_colour
from zoo.sketch.picture import (
    Picture,
    line_colour,
    open_picture,
    paint,
    png_bytes,
    visible_ink,
)
from zoo.sketch.svg_writer import svg_bytes


@dataclass(frozen=True)
class Completed:
    """What became of a picture.

    Attributes:
        image: Its file.
        outputs: The files that were written.
        model: The model that completed it, as it was named or chosen; empty if none did.
        seconds: How long it took.
        error: Why it was not completed, or None.
    """

    image: Path
    outputs: tuple[Path, ...]
    model: str
    seconds: float
    error: ZooError | None


@dataclass(frozen=True)
class Request:
    """What to do with every picture; the arguments of ``complete``."""

    hole: Box | None = None
    hole_color: str | None = None
    samples: int = 1
    seed: int = 0
    binarize: bool = False
    vector: bool = False


@dataclass(frozen=True, eq=False)
class _Page:
    picture: Picture
    ink: np.ndarray
    hole: np.ndarray


def complete(
    image: str | Path,
    *,
    model: str | Path | Model | None = None,
    mask: str | Path | None = None,
    hole: Box | None = None,
    hole_color: str | None = None,
    out: str | Path | None = None,
    samples: int = 1,
    seed: int = 0,
    binarize: bool = False,
    vector: bool = False,
) -> list[Path]:
    """Complete a drawing in a file, or each in a folder, and write PNG.

    What to redraw say ``mask``, ``hole`` or ``hole_color``, or else the transparent pixels.

    Args:
        image: PNG, JPEG, BMP, GIF, TIFF or WebP; any size, colour and transparency. Or a folder
            of them.
        model: As for ``load``, or what it gave; if None, the installed model that fits each
            picture (``zoo.default_model``).
        mask: Image file of the same size: white = hole. For a folder also a folder that has a
            mask of the same stem for each picture.
        hole: x, y, width, height in pixels.
        hole_color: The colour that the hole is painted with: a usual name or ``#rrggbb``.
        out: Where to write; default: ``NAME-completed.png`` beside the image, for a folder
            ``NAME-completed`` beside it. With several samples a number is added:
            ``NAME-completed-1.png``. An existing file is replaced.
        samples: How many completions of each.
        seed: Seed of the first; the others follow.
        binarize: Paint the hole in two colours, line and paper, without soft edges.
        vector: Also write the strokes of the completed part as SVG beside each PNG.

    Returns:
        The files that were written. Outside of the hole each has the image's decoded pixels
        (``zoo.sketch.picture.open_picture``).

    Raises:
        UsageError: The arguments do not fit each other or the image, or the output would
            overwrite the image or the mask.
        DataError: A file is not a readable image, or the output cannot be written. Of a folder
            the other pictures are completed first.
        RunError: The bundle is damaged.
    """
    request = Request(hole, hole_color, samples, seed, binarize, vector)
    image = Path(image)
    mask, out = (None if path is None else Path(path) for path in (mask, out))
    done = list(complete_jobs(plan(image, mask, out, request), model, request))
    errors = [each.error for each in done if each.error is not None]
    if errors and not image.is_dir():
        raise errors[0]
    if errors:
        raise DataError(f"{len(errors)} of {len(done)} pictures failed; the first: {errors[0]}")
    return [path for each in done for path in each.outputs]


def plan(image: Path, mask: Path | None, out: Path | None, request: Request) -> list[Job]:
    """Check a request and name the files that it reads and writes; writes nothing.

    Raises:
        UsageError: The arguments do not fit each other, or an output would overwrite an input.
        DataError: There is no picture, the mask cannot be read, or an output cannot be written.
    """
    if sum(way is not None for way in (mask, request.hole, request.hole_color)) > 1:
        raise UsageError("say once what to redraw: --mask, --hole or --hole-color")
    if request.samples < 1:
        raise UsageError(f"samples={request.samples}: ask for at least 1")
    if request.hole_color is not None:
        named_colour(request.hole_color)
    jobs = plan_jobs(image, mask, out, request.samples)
    if mask is not None and not mask.is_dir():
        open_picture(mask)
    return jobs


def complete_jobs(
    jobs: Sequence[Job], model: str | Path | Model | None, request: Request
) -> Iterator[Completed]:
    """Complete one picture after the other, each when the next is asked for.

    What is wrong with one picture is told of it alone.

    Raises:
        UsageError: There is no such model, or it takes no noise though samples are asked for.
        RunError: The model is damaged.
    """
    choose = _chooser(model)
    for job in jobs:
        started = time.perf_counter()
        try:
            page = _open(job, request)
        except ZooError as error:
            yield Completed(job.image, (), "", time.perf_counter() - started, error)
            continue
        # Not caught: what is wrong with a model is wrong with it for every picture.
        name, loaded = choose(page)
        _check_samples(loaded, request.samples)
        written: list[Path] = []
        failed = None
        try:
            for path in _write_completions(job, page, loaded, request):
                written.append(path)
        except DataError as error:
            failed = error
        yield Completed(job.image, tuple(written), name, time.perf_counter() - started, failed)


def _chooser(model: str | Path | Model | None) -> Callable[[_Page], tuple[str, Model]]:
    """From a page to the name of the model for it and the model; each is loaded once."""
    if isinstance(model, Model):
        return lambda page: (str(model.path), model)
    loaded = cache(load)
    if model is not None:
        find_bundle(model)
        return lambda page: (str(model), loaded(model))
    models = default_models()

    def choose(page: _Page) -> tuple[str, Model]:
        def side(size: int) -> int:
            return max(square.side for square in find_squares(page.ink, page.hole, size))

        name = choose_model(models, side)
        return name, loaded(name)

    return choose


def _open(job: Job, request: Request) -> _Page:
    picture, name = open_picture(job.image), str(job.image)
    shape = picture.pixels.shape[:2]
    if job.mask is not None:
        hole = open_hole(job.mask, shape, name)
    elif request.hole is not None:
        hole = box_hole(request.hole, shape, name)
    elif request.hole_color is not None:
        hole = colour_hole(picture, request.hole_color, name)
    else:
        hole = clear_hole(picture, name)
    return _Page(picture, visible_ink(picture, hole), hole)


def _write_completions(job: Job, page: _Page, model: Model, request: Request) -> Iterator[Path]:
    """Write the files of every sample; gives each when it is written."""
    picture, ink, hole = page.picture, page.ink, page.hole
    seeds = range(request.seed, request.seed + request.samples)
    for path, redrawn in zip(job.outputs, model.draw(ink, hole, seeds), strict=True):
        drawn = redrawn.ink
        if request.binarize:
            drawn = (drawn >= 0.5).astype(np.float32)
        yield _write(path, png_bytes(paint(picture, ink, drawn, hole, redrawn.holes)))
        if request.vector:
            colours = [line_colour(picture, ink, part, hole) for part in redrawn.holes]
            svg = svg_bytes(redrawn, colours)
            yield _write(path.with_suffix(".svg"), svg)


def _check_samples(model: Model, samples: int) -> None:
    if samples > 1 and not model.takes_noise:
        raise UsageError(
            f"model {model.path} takes no noise, so that all {samples} samples would be equal: "
            "train with a generator that does, such as unet:noise=middle"
        )


def _write(path: Path, content: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, content)
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path
