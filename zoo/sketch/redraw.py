"""What a network drew, redrawn with the pen of the visible drawing at the picture's resolution."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from zoo.sketch.image import line_width
from zoo.sketch.marks import Mark, draw_marks
from zoo.sketch.pen import Pen, measure_pen
from zoo.sketch.retrace import View, make_view, trace_marks

# From so many pixels of the picture to one of the network on lines are redrawn; below, its own ink
# is as sharp as the picture can show.
_COARSE = 1.25
_SURROUNDINGS = 64  # pixels around the hole, at least, where the pen is measured


@dataclass(frozen=True, eq=False)
class Patch:
    """What a network drew in a part of a picture.

    Attributes:
        drawn: (h, w) float32 ink in [0, 1], at its own resolution.
        box: x, y, width and height in the picture, in pixels from its upper left corner; may
            stick out.
        hole: (H, W) bool, the part of the picture's hole that it completes; not empty.
    """

    drawn: np.ndarray
    box: tuple[float, float, float, float]
    hole: np.ndarray


@dataclass(frozen=True, eq=False)
class Part:
    """What was drawn in a part of the hole.

    Attributes:
        hole: (H, W) bool.
        marks: Lines and areas in pixels of the picture; they may stick out a little under the
            visible lines that they join.
    """

    hole: np.ndarray
    marks: tuple[Mark, ...]


@dataclass(frozen=True, eq=False)
class Redrawn:
    """A completed page.

    Attributes:
        ink: (H, W) float32 in [0, 1]; outside of the holes as it was.
        parts: One for each patch.
    """

    ink: np.ndarray
    parts: tuple[Part, ...]

    @property
    def holes(self) -> tuple[np.ndarray, ...]:
        """Those of the parts."""
        return tuple(part.hole for part in self.parts)


def redraw(
    ink: np.ndarray, hidden: np.ndarray, patches: Sequence[Patch], threshold: float
) -> Redrawn:
    """Put into the holes of a page what a network drew there.

    Where the page is finer than the network, its lines are traced, joined to the visible ones and
    drawn with their width, strength and softness, and areas thicker than the pen are filled.
    Elsewhere its ink is scaled (``decode``).

    Args:
        ink: (H, W) float32 in [0, 1], ink = 1, 0 in the holes.
        hidden: (H, W) bool, all holes.
        patches: What was drawn; each pixel of the holes is in the hole of one of them.
        threshold: From where on its ink is line, in (0, 1).
    """
    page = ink.copy()
    parts: list[Part] = []
    for patch in patches:
        # Unlike decoded ink it still tells between which pixels the middle of a line is.
        even = np.interp(patch.drawn, (0, threshold, 1), (0, 0.5, 1)).astype(np.float32)
        view = make_view(even, patch.box, ink, patch.hole)
        pen = _pen(even, view, patch.hole, ink, hidden)
        marks = tuple(trace_marks(view, pen))
        parts.append(Part(patch.hole, marks))
        rows, columns = _window(patch.hole, 0)
        if view.scale >= _COARSE:
            inside = draw_marks(marks, pen, rows, columns)
        else:
            inside = _scaled(decode(patch.drawn, threshold), patch.box, rows, columns)
        hole = patch.hole[rows, columns]
        page[rows, columns][hole] = inside[hole]
    return Redrawn(page, tuple(parts))


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


def _pen(
    drawn: np.ndarray, view: View, hole: np.ndarray, ink: np.ndarray, hidden: np.ndarray
) -> Pen:
    """The pen of the lines around the hole, or else of the page, or else of the network."""
    spans = [s.stop - s.start for s in _window(hole, 0)]
    for margin in (max(_SURROUNDINGS, *spans), max(hole.shape)):
        rows, columns = _window(hole, margin)
        pen = measure_pen(ink[rows, columns], hidden[rows, columns])
        if pen is not None:
            return replace(
                pen, places=pen.places + np.array([columns.start, rows.start], np.float32)
            )
    width = line_width(drawn) * view.scale
    return Pen(width, width, 0.5)


def _window(hole: np.ndarray, margin: int) -> tuple[slice, slice]:
    """Rows and columns of the hole and what is around it."""
    spans = [np.flatnonzero(hole.any(axis)) for axis in (1, 0)]
    rows, columns = (
        slice(max(0, int(span[0]) - margin), min(size, int(span[-1]) + 1 + margin))
        for span, size in zip(spans, hole.shape, strict=True)
    )
    return rows, columns


def _scaled(
    drawn: np.ndarray, box: tuple[float, float, float, float], rows: slice, columns: slice
) -> np.ndarray:
    """The network's ink at the resolution of the picture, in a window of it."""
    x, y, width, height = box
    step = np.array([drawn.shape[1] / width, drawn.shape[0] / height])
    if step.max() > 1:
        # What is finer than the picture is averaged.
        drawn = cv2.GaussianBlur(drawn, (0, 0), 0.4 * float(step.max()))
    xs = (np.arange(columns.start, columns.stop) + 0.5 - x) * step[0] - 0.5
    ys = (np.arange(rows.start, rows.stop) + 0.5 - y) * step[1] - 0.5
    across, down = (grid.astype(np.float32) for grid in np.meshgrid(xs, ys))
    return cv2.remap(drawn, across, down, cv2.INTER_CUBIC).clip(0, 1)
