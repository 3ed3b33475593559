"""The middle of a drawing's lines as smooth curves that run on through crossings."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zoo.sketch.trace import Path, follow

# Lengths in units of the drawing's own pixels, whatever finer grid it is thinned on.
_SPUR = 2.5  # shorter ends at a crossing come from the line's thickness
_CROSSING = 1.5  # crossings that are closer are one
_LOOK = 2.5  # how far along a line is looked to tell where it is heading
_STEP = 0.5  # between the points that are smoothed
_TURN = math.cos(math.radians(130))  # lines whose headings differ by more run on into each other
_STIFFNESS = 6.0  # of the smoothing: flattens what is shorter than some four pixels
FIXED, VAGUE = 100.0, 0.02
_NEAR = 2.0  # how near a curve must be to a point to go through it
_FINER = 4  # points of the curve between two of those

End = tuple[int, int]  # which path, and 0 for its begin or -1 for its end


@dataclass(frozen=True, eq=False)
class _Chain:
    """Paths that run on into each other.

    Attributes:
        points: (n, 2) x, y.
        weights: (n,) how much each point is to be believed.
        loose: For begin and end the middle of the crossing at which it stops, if it does.
    """

    points: np.ndarray
    weights: np.ndarray
    loose: tuple[np.ndarray | None, np.ndarray | None]

    @property
    def stops(self) -> bool:
        """Whether it stops at a crossing."""
        return any(end is not None for end in self.loose)


def centrelines(
    skeleton: np.ndarray,
    places: np.ndarray,
    trust: np.ndarray,
    pins: np.ndarray,
    unit: float,
) -> list[np.ndarray]:
    """Smooth curves along a skeleton.

    Args:
        skeleton: (H, W) bool, lines one pixel wide.
        places: (H, W, 2) x, y of the line's middle at each pixel of the skeleton.
        trust: (H, W) float, how much the skeleton is to be believed: 1 where it is that of a
            drawing of this unit, ``FIXED`` where it must stay, about 0 where it knows nothing.
        pins: (k, 2) x, y of points that the nearest curve goes through.
        unit: How many pixels of this grid one of the drawing is.

    Returns:
        (n, 2) arrays of x, y in pixels of the grid; integers are pixel centres. One point is a dot.
    """
    paths = follow(skeleton, _SPUR * unit)
    crossings = _crossings(paths, _CROSSING * unit)
    links = {end: other for members, _ in crossings for end, other in _pairs(paths, members, unit)}
    middles = {end: middle for members, middle in crossings for end in members}
    chains = [
        _chain(paths, links, middles, way, places, trust, unit) for way in _ways(paths, links)
    ]
    for pin in pins:
        _pin(chains, pin, unit)
    through = [_curve(c.points, c.weights) for c in chains if not c.stops]
    return [*through, *(_attached(c, through, unit) for c in chains if c.stops)]


def _crossings(paths: Sequence[Path], reach: float) -> list[tuple[list[End], np.ndarray]]:
    """Ends that meet, with the middle of each crossing."""
    ends = [
        (number, side)
        for number, path in enumerate(paths)
        for side, crossing in zip((0, -1), path.crossings, strict=True)
        if crossing
    ]
    at = {end: _xy(paths[end[0]])[end[1]] for end in ends}
    groups: list[list[End]] = []
    for end in ends:
        near = [g for g in groups if any(np.hypot(*(at[end] - at[o])) <= reach for o in g)]
        groups = [g for g in groups if g not in near]
        groups.append([end, *(other for group in near for other in group)])
    return [(group, np.mean([at[end] for end in group], axis=0)) for group in groups]


def _pairs(paths: Sequence[Path], ends: Sequence[End], unit: float) -> Iterator[tuple[End, End]]:
    """Which ends run on into each other, both ways round: the straightest first."""
    inner = [n for n, _ in ends]
    # What lies wholly within the crossing is a bridge that thinning made.
    ends = [
        end
        for end in ends
        if not (inner.count(end[0]) == 2 and len(paths[end[0]].pixels) < 2 * _CROSSING * unit)
    ]
    headings = {end: _heading(paths[end[0]], end[1], unit) for end in ends}
    turns = sorted((float(headings[a] @ headings[b]), a, b) for a, b in combinations(ends, 2))
    taken: set[End] = set()
    for cosine, a, b in turns:
        if cosine <= _TURN and not taken & {a, b}:
            taken |= {a, b}
            yield a, b
            yield b, a


def _heading(path: Path, side: int, unit: float) -> np.ndarray:
    """Unit vector from an end into its line."""
    points = _xy(path)[:: 1 if side == 0 else -1]
    look = min(len(points) - 1, round(_LOOK * unit))
    step = points[look] - points[min(look, round(unit / 2))]
    length = float(np.hypot(*step))
    return step / length if length else np.zeros(2)


def _ways(paths: Sequence[Path], links: dict[End, End]) -> Iterator[list[End]]:
    """Chains of paths, each by the end at which it is entered; every path is in one."""
    walked: set[int] = set()
    ends = [(number, side) for number in range(len(paths)) for side in (0, -1)]
    for start in [*(end for end in ends if end not in links), *ends]:
        way, at = [], start
        while at[0] not in walked:
            walked.add(at[0])
            way.append(at)
            out = (at[0], -1 - at[1])
            if out not in links:
                break
            at = links[out]
        if way:
            yield way


def _chain(
    paths: Sequence[Path],
    links: dict[End, End],
    middles: dict[End, np.ndarray],
    way: list[End],
    places: np.ndarray,
    trust: np.ndarray,
    unit: float,
) -> _Chain:
    pieces, weights = [], []
    for number, side in way:
        pixels = tuple(paths[number].pixels[:: 1 if side == 0 else -1].T)
        points, weight = places[pixels], trust[pixels]
        for end, at in (((number, side), points[0]), ((number, -1 - side), points[-1])):
            if end in links and len(points) > 2 * _CROSSING * unit:
                # Thinning bends lines at a crossing.
                near = np.hypot(*(points - at).T) < _CROSSING * unit
                weight = np.where(near & (weight < FIXED), VAGUE, weight)
        pieces.append(points)
        weights.append(weight)
    first, last = way[0], (way[-1][0], -1 - way[-1][1])
    loose = tuple(None if end in links else middles.get(end) for end in (first, last))
    points, weight = _even(np.concatenate(pieces), np.concatenate(weights), _STEP * unit)
    return _Chain(points, weight, (loose[0], loose[1]))


def _even(points: np.ndarray, weights: np.ndarray, step: float) -> tuple[np.ndarray, np.ndarray]:
    """About a step apart, at least three unless it is a dot."""
    along = np.append(0, np.cumsum(np.hypot(*np.diff(points, axis=0).T)))
    if along[-1] == 0:
        return points[:1], weights[:1]
    at = np.linspace(0, along[-1], max(3, round(along[-1] / step) + 1))
    even = np.stack([np.interp(at, along, axis) for axis in points.T], axis=1)
    return even, np.interp(at, along, weights)


def _pin(chains: list[_Chain], pin: np.ndarray, unit: float) -> None:
    """Make the nearest chain go through a point, if one is near."""
    away = [np.hypot(*(chain.points - pin).T) for chain in chains]
    nearest = min(range(len(chains)), key=lambda n: float(away[n].min()), default=None)
    if nearest is None or away[nearest].min() > _NEAR * unit:
        return
    chain = chains[nearest]
    at = int(away[nearest].argmin())
    chain.points[at], chain.weights[at] = pin, FIXED


def _attached(chain: _Chain, through: Sequence[np.ndarray], unit: float) -> np.ndarray:
    """The curve of a chain whose loose ends meet the lines that run through there."""
    points, weights = chain.points, chain.weights
    for side, middle in enumerate(chain.loose):
        if middle is None:
            continue
        target, least = middle, 2 * _CROSSING * unit
        for curve in through:
            away = np.hypot(*(curve - middle).T)
            if away.min() < least:
                target, least = curve[away.argmin()], float(away.min())
        vague = np.hypot(*(points - middle).T) < _CROSSING * unit
        weights = np.where(vague & (weights < FIXED), VAGUE, weights)
        if side == 0:
            points, weights = np.vstack([target, points]), np.append(FIXED, weights)
        else:
            points, weights = np.vstack([points, target]), np.append(weights, FIXED)
    return _curve(points, weights)


def _curve(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Whittaker 1923, On a New Method of Graduation: near the points, with little curvature."""
    if len(points) < 3:
        return points
    ring = bool((points[0] == points[-1]).all())
    if ring:
        points, weights = points[:-1], weights[:-1]
    bend = np.roll(np.eye(len(points)), 1, 1) - 2 * np.eye(len(points))
    bend += np.roll(np.eye(len(points)), -1, 1)
    if not ring:
        bend = bend[1:-1]
    system = np.diag(weights) + _STIFFNESS * bend.T @ bend
    return _finer(np.linalg.solve(system, weights[:, None] * points), ring)


def _finer(points: np.ndarray, ring: bool) -> np.ndarray:
    """Catmull-Rom: more points on a curve through all of these."""
    if ring:
        padded = np.concatenate([points[-1:], points, points[:2]])
    else:
        padded = np.concatenate(
            [2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]]
        )
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    t = (np.arange(_FINER) / _FINER)[:, None]
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.concatenate([curve.reshape(-1, 2), padded[-2:-1]])


def _xy(path: Path) -> np.ndarray:
    return path.pixels[:, ::-1].astype(np.float64)
