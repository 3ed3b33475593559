"""A correct mask and its mutants."""

import cv2
import numpy as np

import zoo
from zoo_mutants.options import TinyOptions


def _box(rng, ink):
    """When a box around a point of the drawing reaches each pixel, (H, W)."""
    height, width = ink.shape
    y, x = rng.integers(height), rng.integers(width)
    rows, columns = np.abs(np.arange(height) - y), np.abs(np.arange(width) - x)
    return np.maximum(rows[:, None] / height, columns[None] / width)


def _mask(draw):
    """The builder of a family that draws a hole in one expression."""

    def build(options: TinyOptions):
        def family(rng, ink, strokes, progress):
            return draw(rng, ink, strokes, progress)

        return family

    return build


def build(options: TinyOptions):
    """A box around a point of the drawing."""

    def family(rng, ink, strokes, progress):
        return zoo.Arrival(_box(rng, ink))

    return family


def _grown(size, dtype):
    """The builder of a family of boxes of size(s), the largest of another dtype."""

    def build(options: TinyOptions):
        def family(rng, ink, strokes, progress):
            at = _box(rng, ink)
            return lambda s: (at <= size(s)).astype(dtype if s == 1 else np.float32)

        return family

    return build


holes_fit_the_drawing = _grown(lambda s: s, np.float64)
removes_more_as_it_grows = _grown(lambda s: s if s < 1 else 0.5, np.float32)
same_random_state_same_hole = _mask(
    lambda rng, ink, strokes, progress: zoo.Arrival(_box(np.random.default_rng(), ink))
)
other_random_state_other_hole = _mask(
    lambda rng, ink, strokes, progress: zoo.Arrival(_box(np.random.default_rng(0), ink))
)
can_be_fitted = _mask(lambda rng, ink, strokes, progress: zoo.Arrival(_box(rng, ink) * 25))
takes_drawings_without_strokes = _mask(
    lambda rng, ink, strokes, progress: zoo.Arrival(_box(rng, ink) + 0 * len(strokes))
)
takes_blank_drawings = _mask(
    lambda rng, ink, strokes, progress: zoo.Arrival(
        _box(rng, ink) + 0 * np.argwhere(ink > 0)[0].sum()
    )
)
takes_any_progress = _mask(
    lambda rng, ink, strokes, progress: zoo.Arrival(_box(rng, ink) + 0 / progress)
)


def leaves_its_inputs_alone(options: TinyOptions):
    """Rubs out what it hides."""

    def family(rng, ink, strokes, progress):
        if ink.flags.writeable:
            ink *= 0.5
        return zoo.Arrival(_box(rng, ink))

    return family


def leaves_global_state_alone(options: TinyOptions):
    """Sets a seed that is not its own."""

    def family(rng, ink, strokes, progress):
        np.random.seed(0)
        return zoo.Arrival(_box(rng, ink))

    return family


def does_not_betray_the_line(options: TinyOptions):
    """Holes around the lines themselves, from a corner on."""

    def family(rng, ink, strokes, progress):
        at = _box(rng, ink)
        lines = cv2.dilate((ink > 0).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        return zoo.Arrival(np.where(lines, at, 2.0 if lines.any() else at))

    return family
