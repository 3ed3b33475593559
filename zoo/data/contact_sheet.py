"""A picture of what masks hide."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from zoo import registry
from zoo.config import Part, parse_component
from zoo.contracts.source import Source
from zoo.data.examples import draw_sketch, mask_families
from zoo.errors import DataError, OptionError
from zoo.files import write_file
from zoo.options import validate
from zoo.settings import Settings
from zoo.sketch.masks import Hole, HoleBounds, fit_hole

_HOLE_TINT = np.array([255, 214, 165], np.float32) / 255
_PANEL = 1.2  # inches


def write_contact_sheet(
    path: Path,
    *,
    data: str = "doodles",
    masks: Sequence[str] = (),
    size: int = 128,
    count: int = 8,
    seed: int = 0,
    **bounds: float,
) -> None:
    """Write a PNG with a row of drawings for each mask, the hole tinted, its share of ink below.

    Args:
        path: The PNG file.
        data: Expression of a source.
        masks: Expressions; default: every installed mask that needs no options.
        size: Height and width of the drawings in pixels.
        count: How many drawings.
        seed: Decides drawings and holes.
        bounds: ``ink_min``, ``ink_max``, ``area_max``.

    Raises:
        UsageError: An expression or a bound is not valid, or the file is no PNG.
        DataError: There are no drawings, or the file cannot be written.
    """
    if path.suffix.lower() != ".png":
        raise OptionError(f"{path}: a contact sheet is written as PNG: name it {path.stem}.png")
    settings = validate(Settings, bounds, "settings")
    limits = HoleBounds(settings.ink_min, settings.ink_max, settings.area_max)
    part = parse_component("source", data)
    source: Source = registry.build("source", part.id, part.options)
    chosen = np.random.default_rng(seed).permutation(len(source))[:count]
    drawings = [draw_sketch(source[int(i)], size, part.keys) for i in chosen]
    rows = []
    for name, mask in _masks(masks):
        ((family, _),) = mask_families([mask])
        rngs = [np.random.default_rng((seed, column)) for column in range(len(drawings))]
        holes = [
            fit_hole(family, rng, ink, strokes, 1.0, limits)
            for rng, (ink, strokes) in zip(rngs, drawings, strict=True)
        ]
        rows.append((name, holes))
    try:
        write_file(path, _sheet([ink for ink, _ in drawings], rows))
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error.strerror or error}") from None


def _masks(expressions: Sequence[str]) -> list[tuple[str, Part]]:
    if expressions:
        return [(text, parse_component("mask", text)) for text in expressions]
    found = []
    for component in registry.list_components("mask"):
        options: Any = registry.load(component.spec.options)  # type: ignore[attr-defined]
        if not any(field.is_required() for field in options.model_fields.values()):
            found.append((component.spec.name, parse_component("mask", component.id)))
    return found


def _sheet(drawings: Sequence[np.ndarray], rows: Sequence[tuple[str, Sequence[Hole]]]) -> bytes:
    from matplotlib.figure import Figure

    width, height = len(drawings) * _PANEL + 0.3, len(rows) * _PANEL * 1.25 + 0.1
    figure = Figure((width, height), dpi=150, layout="constrained")
    axes = figure.subplots(len(rows), len(drawings), squeeze=False)
    for line, (name, holes) in zip(axes, rows, strict=True):
        for panel, ink, hole in zip(line, drawings, holes, strict=True):
            paper = np.where(hole.mask[..., None] > 0, _HOLE_TINT, np.float32(1))
            panel.imshow(paper * (1 - ink[..., None]), interpolation="antialiased")
            panel.set(xticks=[], yticks=[])
            fault = "" if hole.fits else ", does not fit"
            panel.set_xlabel(f"{hole.share:.0%}{fault}", fontsize=7, labelpad=2)
        line[0].set_ylabel(name, fontsize=7)
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
