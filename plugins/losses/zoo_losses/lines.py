"""Losses that forgive a line that is nearly in its place.

Lines are widened by a running maximum; what is then covered agrees. Only the hole is counted, but
lines are widened over the whole drawing, so that visible ink beside the hole covers too. All are
(B,), in [0, 1], and 0 for the true drawing.
"""

import math
from typing import Any

import tensorflow as tf

import zoo
from zoo_losses.options import DiceOptions, DistanceOptions


def dice(options: DiceOptions) -> tuple[zoo.LossTerm, ...]:
    """1 - F1 of ink: precision against the widened truth, recall against the widened drawing.

    With ``tolerance=0`` the soft Dice loss of Milletari et al. 2016, V-Net, but that pixels share
    the smaller ink and not the product. The default is the tolerance of the metric ``ink_f1``: it
    trains what is scored.
    """

    def call(c: Any) -> Any:
        return dice_of(c.composite, c.target, c.mask, options.tolerance)

    return (_term("dice", call),)


def distance(options: DistanceOptions) -> tuple[zoo.LossTerm, ...]:
    """How much ink is farther than each radius from the other drawing's, both ways; their mean.

    A line that is d pixels off is missed at the radii below d: a truncated Chamfer distance by
    chessboard pixels. Barrow et al. 1977, Parametric Correspondence and Chamfer Matching.
    """

    def call(c: Any) -> Any:
        drawn, true = c.composite, c.target
        wide_drawn, wide_true, width = drawn, true, 0
        missed = []
        for radius in options.radii:
            wide_drawn = _widen_square(wide_drawn, width, radius)
            wide_true = _widen_square(wide_true, width, radius)
            width = radius
            missed += [
                1 - _covered(drawn, wide_true, c.mask),
                1 - _covered(true, wide_drawn, c.mask),
            ]
        return tf.add_n(missed) / len(missed)

    return (_term("distance", call),)


def dice_of(drawn: Any, true: Any, mask: Any, tolerance: float | None = None) -> Any:
    """The tolerant Dice loss of composites (B, H, W, 1) in [0, 1]; (B,).

    Args:
        drawn: What was made.
        true: The true drawing.
        mask: 1 = hole.
        tolerance: In pixels; None is that of ``ink_f1``, max(1, 0.0075 of the diagonal).
    """
    if tolerance is None:
        tolerance = max(1.0, 0.0075 * math.hypot(*drawn.shape[1:3]))
    precision = _covered(drawn, _widen_disc(true, tolerance), mask)
    recall = _covered(true, _widen_disc(drawn, tolerance), mask)
    return 1 - 2 * precision * recall / (precision + recall)


def _term(name: str, call: Any) -> zoo.LossTerm:
    return zoo.LossTerm(
        name=name,
        side="generator",
        reads=("composite", "target", "mask"),
        call=call,
        zero_at_truth=True,
        per_stage=True,
    )


def _covered(ink: Any, cover: Any, mask: Any) -> Any:
    """Share of the hole's ink that lies under the cover; one pixel more of both, against 0/0."""
    # The smaller of both, not their product: a grey line covers itself.
    shared = tf.reduce_sum(mask * tf.minimum(ink, cover), (1, 2, 3))
    return (shared + 1) / (tf.reduce_sum(mask * ink, (1, 2, 3)) + 1)


def _widen_disc(x: Any, radius: float) -> Any:
    """Maximum over a disc: rows of it first, each width once, then over the rows."""
    reach = int(radius)
    halves = [int(math.sqrt(radius**2 - dy**2)) for dy in range(reach + 1)]
    rows = [x]
    for dx in range(1, halves[0] + 1):
        rows.append(_largest(rows[-1], *_shifted(x, dx, axis=2)))
    widened = rows[halves[0]]
    for dy in range(1, reach + 1):
        widened = _largest(widened, *_shifted(rows[halves[dy]], dy, axis=1))
    return widened


def _widen_square(x: Any, width: int, radius: int) -> Any:
    """From a maximum over squares of ``width`` to one over squares of ``radius``."""
    while width < radius:
        # A larger step would lose, at the border, windows whose centre lies outside.
        step = min(radius - width, width + 1)
        for axis in (1, 2):
            x = _largest(x, *_shifted(x, step, axis))
        width += step
    return x


def _largest(*values: Any) -> Any:
    largest = values[0]
    for value in values[1:]:
        largest = tf.maximum(largest, value)
    return largest


def _shifted(x: Any, by: int, axis: int) -> tuple[Any, Any]:
    """The drawing moved both ways along an axis; paper comes in.

    Shifts and not ``tf.nn.max_pool``, whose gradient XLA compiles to a slow scatter on a CPU.
    """
    side = x.shape[axis]
    by = min(by, side)
    head, tail = tf.split(x, [side - by, by], axis)
    start, rest = tf.split(x, [by, side - by], axis)
    return (
        tf.concat([tf.zeros_like(tail), head], axis),
        tf.concat([rest, tf.zeros_like(start)], axis),
    )
