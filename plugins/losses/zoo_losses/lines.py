"""Losses of lines, that forgive one that is nearly in its place.

``dice`` and ``distance`` widen lines by a running maximum; what is then covered agrees.
``blurred_dice`` compares how much ink is around. Only the hole is counted, but lines are widened
and blurred over the whole drawing, so that visible ink beside the hole counts too. ``outline`` does
not ask for a place. All are (B,), in [0, 1], and 0 for the true drawing.
"""

import functools
import math
from collections.abc import Sequence
from typing import Any

import tensorflow as tf

import zoo
from zoo_losses.options import DiceOptions, DistanceOptions
from zoo_losses.pixels import sum_of


def dice(options: DiceOptions) -> tuple[zoo.LossTerm, ...]:
    """1 - F1 of ink: precision against the widened truth, recall against the widened drawing.

    What a widened drawing recalls counts as far as there is as much ink around as in the truth:
    dots in every second place, widened, were a line, and a generator in doubt learns to set them.

    With ``tolerance=0`` the soft Dice loss of Milletari et al. 2016, V-Net, but that pixels share
    the smaller ink and not the product. The default is the tolerance of the metric ``ink_f1``: it
    trains nearly what is scored.
    """

    def call(c: Any) -> Any:
        return dice_of(c.composite, c.target, c.mask, options.tolerance)

    return (_term("dice", call),)


def blurred_dice(options: DiceOptions) -> tuple[zoo.LossTerm, ...]:
    """The Dice loss of ink averaged over squares: a line may be a little off, and counts once.

    ``dice`` forgives a fat line, and a comb that is as much wider as it has gaps. Here a fat line
    is too much ink, and a comb too little where the line is. With ``tolerance=0`` it is the plain
    ``dice``. Milletari et al. 2016, V-Net.
    """

    def call(c: Any) -> Any:
        return blurred_dice_of(c.composite, c.target, c.mask, options.tolerance)

    return (_term("blurred_dice", call),)


def distance(options: DistanceOptions) -> tuple[zoo.LossTerm, ...]:
    """How much ink is farther than each radius from the other drawing's, both ways; their mean.

    A line that is d pixels off is missed at the radii below d: a truncated Chamfer distance by
    chessboard pixels. Barrow et al. 1977, Parametric Correspondence and Chamfer Matching.
    """

    def call(c: Any) -> Any:
        drawn, true = c.composite, c.target
        missed = []
        for wide_drawn, wide_true in zip(
            _widen_squares(drawn, options.radii), _widen_squares(true, options.radii), strict=True
        ):
            missed += [
                1 - _covered(drawn, wide_true, c.mask),
                1 - _covered(true, wide_drawn, c.mask),
            ]
        return tf.add_n(missed) / len(missed)

    return (_term("distance", call),)


def outline(options: zoo.Options) -> tuple[zoo.LossTerm, ...]:
    """As much ink as the true drawing has in the hole, and as much outline; the mean of both.

    Each is ``abs(drawn - true) / (drawn + true + 1)``, in pixels. Nothing is asked of a line's
    place: a fat line has too much ink, dots and combs have too much outline, fog has too little.
    The outline is the anisotropic total variation of Rudin et al. 1992, Nonlinear Total Variation.
    """

    def call(c: Any) -> Any:
        ink = [sum_of(c.mask * drawing) for drawing in (c.composite, c.target)]
        edge = [_outline_of(drawing, c.mask) for drawing in (c.composite, c.target)]
        return (_apart(*ink) + _apart(*edge)) / 2

    return (_term("outline", call),)


def dice_of(drawn: Any, true: Any, mask: Any, tolerance: float | None = None) -> Any:
    """The tolerant Dice loss of composites (B, H, W, 1) in [0, 1]; (B,).

    Args:
        drawn: What was made.
        true: The true drawing.
        mask: 1 = hole.
        tolerance: In pixels; None is that of ``ink_f1``, max(1, 0.0075 of the diagonal).
    """
    tolerance = _tolerance(drawn) if tolerance is None else tolerance
    precision = _covered(drawn, _widen_disc(true, tolerance), mask)
    wide = _widen_disc(drawn, tolerance) * _as_inky(drawn, true, int(tolerance))
    recall = _covered(true, tf.maximum(drawn, wide), mask)
    return 1 - 2 * precision * recall / (precision + recall)


def blurred_dice_of(drawn: Any, true: Any, mask: Any, tolerance: float | None = None) -> Any:
    """The blurred Dice loss of composites (B, H, W, 1) in [0, 1]; (B,).

    Args:
        drawn: What was made.
        true: The true drawing.
        mask: 1 = hole.
        tolerance: Reach of the squares, in whole pixels; None is that of ``ink_f1``.
    """
    reach = int(_tolerance(drawn) if tolerance is None else tolerance)
    made, wanted = (_blur(x, reach) for x in (drawn, true))
    # One pixel more of each, against 0/0.
    shared = 1 + sum_of(mask * tf.minimum(made, wanted))
    return 1 - 2 * shared / (2 + sum_of(mask * (made + wanted)))


def _tolerance(drawing: Any) -> float:
    return max(1.0, 0.0075 * math.hypot(*drawing.shape[1:3]))


def _term(name: str, call: Any) -> zoo.LossTerm:
    return zoo.LossTerm(
        name=name,
        side="generator",
        reads=("composite", "target", "mask"),
        call=call,
        zero_at_truth=True,
        per_stage=True,
    )


def _outline_of(drawing: Any, mask: Any) -> Any:
    """Summed differences of neighbours of which at least one is in the hole."""
    length = 0.0
    for axis in (1, 2):
        size = drawing.shape[axis] - 1
        steps, seen = ([_cut(x, axis, start, size) for start in (0, 1)] for x in (drawing, mask))
        length += sum_of(tf.maximum(*seen) * tf.abs(steps[1] - steps[0]))
    return length


def _apart(drawn: Any, true: Any) -> Any:
    return tf.abs(drawn - true) / (drawn + true + 1)


def _covered(ink: Any, cover: Any, mask: Any) -> Any:
    """Share of the hole's ink that lies under the cover; one pixel more of both, against 0/0."""
    # The smaller of both, not their product: a grey line covers itself.
    return (sum_of(mask * tf.minimum(ink, cover)) + 1) / (sum_of(mask * ink) + 1)


def _as_inky(drawn: Any, true: Any, reach: int) -> Any:
    """How nearly a drawing has the truth's ink around a pixel: 0 up to half of it, 1 from all."""
    around, wanted = (_blur(x, reach) for x in (drawn, true))
    # Far from true ink nothing is asked for, and no division by 0.
    wanted = tf.maximum(wanted, 0.01 / (2 * reach + 1) ** 2)
    return tf.clip_by_value(2 * around / wanted - 1, 0, 1)


def _blur(x: Any, reach: int) -> Any:
    """Mean over squares."""
    return tf.nn.avg_pool2d(x, 2 * reach + 1, 1, "SAME")


# Slices of a padded drawing and not ``tf.nn.max_pool``, whose gradient XLA makes a slow scatter
# on a CPU; nor concatenations, which it fuses into chains that it computes again and again.


def _widen_disc(x: Any, radius: float) -> Any:
    """Maximum over a disc: rows of it first, each width once, then over the rows."""
    reach = int(radius)
    halves = [int(math.sqrt(radius**2 - dy**2)) for dy in range(reach + 1)]
    padded = _pad(x, reach)
    height, width = x.shape[1:3]
    rows = [_cut(padded, 2, reach, width)]
    for dx in range(1, reach + 1):
        sides = (_cut(padded, 2, reach + d, width) for d in (-dx, dx))
        rows.append(_largest(rows[-1], *sides))
    widened = _cut(rows[reach], 1, reach, height)
    for dy in range(1, reach + 1):
        sides = (_cut(rows[halves[dy]], 1, reach + d, height) for d in (-dy, dy))
        widened = _largest(widened, *sides)
    return widened


def _widen_squares(x: Any, radii: Sequence[int]) -> list[Any]:
    """Maxima over squares of growing radii, each from the one before."""
    height, width = x.shape[1:3]
    wide, reach, squares = _pad(x, radii[-1]), 0, []
    for radius in radii:
        while reach < radius:
            # Three windows of 2 * reach + 1 pixels side by side leave no gap up to here.
            step = min(radius - reach, 2 * reach + 1)
            for axis in (1, 2):
                size = wide.shape[axis] - 2 * step
                wide = _largest(*(_cut(wide, axis, at, size) for at in (0, step, 2 * step)))
            reach += step
        left = radii[-1] - reach
        squares.append(_cut(_cut(wide, 1, left, height), 2, left, width))
    return squares


def _pad(x: Any, by: int) -> Any:
    """The drawing on a larger paper."""
    return tf.pad(x, ((0, 0), (by, by), (by, by), (0, 0)))


def _cut(x: Any, axis: int, start: int, size: int) -> Any:
    """Part of an axis. The gradient of ``tf.slice`` is a pad; that of ``x[...]`` is slower."""
    begin, extent = [0] * 4, [-1] * 4
    begin[axis], extent[axis] = start, size
    return tf.slice(x, begin, extent)


def _largest(*values: Any) -> Any:
    return functools.reduce(tf.maximum, values)
