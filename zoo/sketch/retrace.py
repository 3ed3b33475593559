"""From a network's coarse ink to marks of a pen that meet the visible lines of the picture."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from zoo.sketch.centrelines import FIXED, VAGUE, centrelines
from zoo.sketch.gaps import close_gaps
from zoo.sketch.marks import Area, Line, Mark
from zoo.sketch.pen import Pen
from zoo.sketch.strokes import default_pen

_LINE = 0.5
_FINE = 6  # ink is thinned on a grid that is at most so much finer than the network's
# In the network's pixels: how far around the hole visible lines are followed, up to where gaps to
# them are closed, how near a line's own width is measured, and how smooth an area's outline is.
_CONTEXT, _GAP, _REACH, _ROUND = 8, 1.0, 6.0, 0.6
# How much its ink is blurred against the steps of its own grid, and how small a speck is.
_BLUR, _SPECK = 0.5, 3.0
# From how far outside of the hole visible lines say where they are, how deep in it drawn
# ones do, and how far before it the heading of a visible line is taken.
_OUTER, _INNER, _BEFORE = 1.25, 4.0, 0.8
_OFF = 1.5  # pixels of the fine grid by which thinning may miss the middle of a line
# Ink is an area where it is deeper than so many half-widths of the pen and network's pixels.
_DEEP = (1.8, 0.6)
_FULL = 0.85  # and as dark as this
_FLAT = 0.05  # pixels of the picture by which a line may differ from its curve


@dataclass(frozen=True, eq=False)
class View:
    """The part of a picture around a hole, on a grid finer than the network's.

    Attributes:
        ink: (h, w) float32, the visible ink and, in the hole, that which was drawn.
        hole: (h, w) bool.
        fine: How many pixels of this grid one of the network's is.
        scale: How many pixels of the picture one of the network's is.
        size: Height of the network's drawings in pixels.
        offset: x, y of this grid's first pixel in the picture.
        step: x, y distance of this grid's pixels in the picture.
    """

    ink: np.ndarray
    hole: np.ndarray
    fine: int
    scale: float
    size: int
    offset: np.ndarray
    step: np.ndarray


def make_view(
    drawn: np.ndarray,
    box: tuple[float, float, float, float],
    ink: np.ndarray,
    hole: np.ndarray,
) -> View:
    """See what was drawn and what is visible on one grid.

    Args:
        drawn: (h, w) float32 ink in [0, 1], 0.5 = line, at the network's resolution.
        box: Its x, y, width and height in the picture; may stick out.
        ink: (H, W) float32, the visible ink.
        hole: (H, W) bool.
    """
    (rows, columns), (x, y, width, height) = drawn.shape, box
    scale = math.sqrt(width * height / (rows * columns))
    fine = max(2, min(_FINE, math.ceil(scale)))
    step = np.array([width / columns, height / rows]) / fine
    corner = np.array([x, y])
    down, right = (np.flatnonzero(hole.any(axis)) for axis in (1, 0))
    first, last = (np.array([right[at], down[at]]) for at in (0, -1))
    left_top = np.floor((first - corner) / step).astype(int) - _CONTEXT * fine
    right_bottom = np.ceil((last + 1 - corner) / step).astype(int) + _CONTEXT * fine
    offset = corner + (left_top + 0.5) * step - 0.5
    places = [
        np.arange(count) * by + start
        for count, by, start in zip(right_bottom - left_top, step, offset, strict=True)
    ]
    # What is finer than the grid is averaged.
    side = max(1, round(float(step.max())))
    visible = _sampled(cv2.blur(ink, (side, side)), places, cv2.INTER_LINEAR)
    inside = _sampled(hole.astype(np.float32), places, cv2.INTER_NEAREST) > 0
    own = [
        (at + 0.5 - start) / (by * fine) - 0.5
        for at, start, by in zip(places, corner, step, strict=True)
    ]
    enlarged = cv2.GaussianBlur(_sampled(drawn, own, cv2.INTER_CUBIC), (0, 0), _BLUR * fine)
    both = np.where(inside, enlarged, visible).clip(0, 1)
    return View(both, inside, fine, scale, rows, offset, step)


def _sampled(image: np.ndarray, places: Sequence[np.ndarray], how: int) -> np.ndarray:
    """(h, w) float32 of an image at x (w,) and y (h,); paper beyond it."""
    x, y = (at.astype(np.float32) for at in np.meshgrid(*places))
    return cv2.remap(image, x, y, how, borderMode=cv2.BORDER_CONSTANT)


def trace_marks(view: View, pen: Pen) -> list[Mark]:
    """Lines and areas of which at least a part is in the hole, in pixels of the picture.

    Args:
        view: What is there.
        pen: That of the visible lines.
    """
    from skimage.morphology import skeletonize

    # A thin line that was averaged is nowhere full ink.
    thin = min(1.0, pen.width / float(view.step.max()))
    solid = view.ink >= np.where(view.hole, _LINE, _LINE * pen.strength * thin)
    solid |= _closed(solid, view)
    solid = _without_specks(solid, view)
    half = max(pen.width / view.scale, default_pen(view.size)) / 2 * view.fine
    full = solid & (view.ink >= np.where(view.hole, _FULL, 0))
    deep = _opened(solid, full, _DEEP[0] * half + _DEEP[1] * view.fine)
    skeleton = skeletonize(solid) & (_depth(deep) <= half)
    skeleton |= close_gaps(skeleton, view.ink, view.hole, view.fine, view.size)
    curves = centrelines(
        skeleton, _middles(view, half), _trust(view), _ports(view, half), view.fine
    )
    reach = pen.width / 2 / float(view.step.min()) + 1
    near = cv2.distanceTransform((~view.hole).astype(np.uint8), cv2.DIST_L2, 5) <= reach
    lines = [_line(run, view, pen) for curve in curves for run in _runs(curve, near) if len(run)]
    area = _area(deep, view)
    return [*lines, *([area] if area.outlines else [])]


def _closed(solid: np.ndarray, view: View) -> np.ndarray:
    """What joins drawn lines to visible ones that they all but reach."""
    reach = round(_GAP * view.fine)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    hole = view.hole.astype(np.uint8)
    edge = (cv2.dilate(hole, disc) > 0) & (cv2.erode(hole, disc, borderValue=1) == 0)
    closed = cv2.morphologyEx(solid.astype(np.uint8), cv2.MORPH_CLOSE, disc)
    return (closed > 0) & edge & view.hole


def _without_specks(solid: np.ndarray, view: View) -> np.ndarray:
    """What is too small to be a dot of the pen."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8), None, 8)
    small = stats[:, cv2.CC_STAT_AREA] < _SPECK * view.fine**2
    small[np.unique(labels[~view.hole])] = False
    return solid & ~small[labels]


def _trust(view: View) -> np.ndarray:
    """How much the skeleton is believed: across the hole's edge it jumps between two drawings."""
    inner, outer = (_depth(part) / view.fine for part in (view.hole, ~view.hole))
    drawn = ((inner / _INNER) ** 2).clip(VAGUE, 1)
    return np.where(view.hole, drawn, np.where(outer > _OUTER, FIXED, VAGUE))


def _middles(view: View, half: float) -> np.ndarray:
    """For each pixel x, y (h, w, 2) of the ridge of ink that it is on, finer than the grid.

    Paper: Steger 1998, An Unbiased Detector of Curvilinear Structures.
    """
    blurred = cv2.GaussianBlur(view.ink, (0, 0), half).astype(np.float64)
    dy, dx = np.gradient(blurred)
    (dyy, dxy), dxx = np.gradient(dy), np.gradient(dx, axis=1)
    # Across the line ink bends down most: the eigenvector of the least eigenvalue.
    mean, spread = (dxx + dyy) / 2, np.hypot((dxx - dyy) / 2, dxy)
    angle = 0.5 * np.arctan2(2 * dxy, dxx - dyy) + np.pi / 2
    x, y = np.cos(angle), np.sin(angle)
    bend = np.minimum(mean - spread, -1e-9)
    step = (-(dx * x + dy * y) / bend).clip(-_OFF, _OFF)
    rows, columns = np.indices(view.hole.shape)
    return np.stack([columns + step * x, rows + step * y], axis=-1)


def _ports(view: View, half: float) -> np.ndarray:
    """x, y at which the middle of visible lines reaches the hole, and just before."""
    away = cv2.distanceTransform((~view.hole).astype(np.uint8), cv2.DIST_L2, 5)
    found = [np.zeros((0, 2))]
    for start in (0.0, _BEFORE * view.fine):
        ring = (away > start) & (away <= start + 1.5)
        ink = np.where(ring & (view.ink >= _LINE / 2), view.ink, 0)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(
            (ink > 0).astype(np.uint8), None, 8
        )
        # A line that runs along the edge does not lead in.
        across = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) < 6 * half + 3
        rows, columns = np.indices(ink.shape)
        mass = np.bincount(labels.ravel(), ink.ravel(), count)
        x, y = (
            np.bincount(labels.ravel(), (ink * places).ravel(), count) / np.maximum(mass, 1e-6)
            for places in (columns, rows)
        )
        found.append(np.stack([x, y], axis=1)[1:][across[1:]])
    return np.concatenate(found)


def _opened(solid: np.ndarray, full: np.ndarray, radius: float) -> np.ndarray:
    """What is solid around the places where full ink is deeper than a radius."""
    core = _depth(full) > radius
    if not core.any():
        return core
    away = cv2.distanceTransform((~core).astype(np.uint8), cv2.DIST_L2, 5)
    return solid & (away <= 1.25 * radius)


def _depth(solid: np.ndarray) -> np.ndarray:
    """Distance from each pixel to where it is not solid; what lies beyond the edge is."""
    return cv2.distanceTransform(solid.astype(np.uint8), cv2.DIST_L2, 5)


def _runs(curve: np.ndarray, near: np.ndarray) -> Iterator[np.ndarray]:
    """The pieces of a curve (n, 2) whose points are near the hole, and one point beyond."""
    x, y = np.rint(curve.T).astype(int)
    inside = near[y.clip(0, near.shape[0] - 1), x.clip(0, near.shape[1] - 1)]
    borders = np.flatnonzero(np.diff(np.pad(inside, 1).astype(np.int8)))
    for start, stop in zip(borders[::2], borders[1::2], strict=True):
        yield curve[max(0, start - 1) : stop + 1]


def _line(curve: np.ndarray, view: View, pen: Pen) -> Line:
    points = (view.offset + curve * view.step).astype(np.float32)
    x, y = np.rint(curve[[0, -1]].T).astype(int)
    seen = ~view.hole[y.clip(0, view.hole.shape[0] - 1), x.clip(0, view.hole.shape[1] - 1)]
    reach = _REACH * view.scale
    known = [pen.width_at(points[end], reach) for end in (0, -1) if seen[end]] or [pen.width]
    kept = cv2.approxPolyDP(points[:, None], _FLAT, False)[:, 0]
    along = np.append(0, np.cumsum(np.hypot(*np.diff(kept, axis=0).T)))
    share = along / max(float(along[-1]), 1e-6)
    widths = known[0] + share * (known[-1] - known[0])
    return Line(kept.astype(np.float32), widths.astype(np.float32))


def _area(deep: np.ndarray, view: View) -> Area:
    if not (deep & view.hole).any():
        return Area(())
    from skimage.measure import find_contours

    # So much paper around that every outline is closed.
    edge = 4 * view.fine
    smooth = cv2.GaussianBlur(np.pad(deep, edge).astype(np.float32), (0, 0), _ROUND * view.fine)
    outlines = []
    for contour in find_contours(smooth, 0.5):
        points = (view.offset + (contour[:, ::-1] - edge) * view.step).astype(np.float32)
        outlines.append(cv2.approxPolyDP(points[:, None], _FLAT, True)[:, 0])
    return Area(tuple(outlines))
