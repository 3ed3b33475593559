"""How a model's ink becomes a drawing: data of its manifest, applied by core."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoo.inference import Predict


@dataclass(frozen=True)
class Decoding:
    """What is done with a network's ink, chosen on validation drawings.

    Hysteresis and thinning to the pen's width are not among it: with a threshold that was chosen
    they changed ``ink_f1`` of 330 validation drawings by 0.000 and -0.005.

    Attributes:
        threshold: From where on ink counts as a line.
        mirror: Average the logits over the drawing and its mirror image.
        draws: Complete with so many draws of noise and take the one that agrees most with the
            others.
    """

    threshold: Annotated[float, Field(ge=0, le=1)] = 0.5
    mirror: bool = False
    draws: Annotated[int, Field(ge=1, le=64)] = 1

    @property
    def words(self) -> str:
        """What is done, for people."""
        words = [f"ink from {self.threshold:g} on is a line"]
        if self.mirror:
            words.append("averaged with that of the mirrored drawing")
        if self.draws > 1:
            words.append(f"of {self.draws} draws the one that agrees most with the others")
        return ", ".join(words)

    @property
    def raw(self) -> "Decoding":
        """The threshold alone."""
        return Decoding(self.threshold)


def draw_decoded(
    predict: "Predict",
    decoding: Decoding,
    images: np.ndarray,
    masks: np.ndarray,
    seeds: "Sequence[int]",
) -> np.ndarray:
    """Complete a batch; each drawing's completion is a function of itself and its seed.

    Args:
        predict: The network.
        decoding: What to do.
        images: (B, H, W, 1) float32 in [0, 1], ink = 1.
        masks: (B, H, W, 1) float32, 1 = hole.
        seeds: One per drawing; that of the first draw.

    Returns:
        (B, H, W, 1) float32 ink in [0, 1]; what is at least the threshold is line.
    """
    draws = [
        predict(images, masks, [_seed(seed, draw) for seed in seeds], mirror=decoding.mirror)
        for draw in range(decoding.draws)
    ]
    if len(draws) == 1:
        return draws[0]
    per_drawing = zip(*draws, masks, strict=True)
    return np.stack([_most_agreed(ink, mask, decoding.threshold) for *ink, mask in per_drawing])


def _seed(seed: int, draw: int) -> int:
    return int(np.random.SeedSequence((seed, draw)).generate_state(1)[0]) if draw else seed


def _most_agreed(draws: "Sequence[np.ndarray]", mask: np.ndarray, threshold: float) -> np.ndarray:
    """The draw (H, W, 1) whose lines the others have most, by their mean ``ink_f1`` with it."""
    from zoo.evaluation.ink_f1 import ink_f1  # half a second that a manifest need not spend

    hole = mask[..., 0]
    lines = [(ink[..., 0] >= threshold) * hole for ink in draws]
    agreement = np.zeros((len(lines), len(lines)))
    for i, one in enumerate(lines):
        for j in range(i):
            agreement[i, j] = agreement[j, i] = ink_f1(one, lines[j], hole, 0.5).f1
    return draws[int(agreement.sum(axis=1).argmax())]
