"""Score and pictures of the averaged generator on fixed validation drawings."""

from pathlib import Path

import numpy as np
from PIL import Image

from zoo.data.examples import Batch
from zoo.decoding import Decoding, draw_decoded
from zoo.evaluation.hole_pixels import hole_bce
from zoo.inference import Predict

# Drawings that are scored, and drawings that are shown.
SCORED, SHOWN = 64, 8
_GAP = 4
_HOLE_TINT = np.array([255, 214, 165])
_RAW = Decoding()


def complete_fixed(
    predict: Predict, batch: Batch, batch_size: int, decoding: Decoding = _RAW
) -> np.ndarray:
    """Complete fixed drawings in batches; the seed of each is its position.

    Returns:
        Ink (N, H, W, 1) before compositing.
    """
    count = len(batch["target"])
    parts = []
    for start in range(0, count, batch_size):
        part = slice(start, min(start + batch_size, count))
        images, masks = batch["target"][part], batch["mask"][part]
        seeds = range(start, start + len(images))
        parts.append(draw_decoded(predict, decoding, images, masks, seeds))
    return np.concatenate(parts)


def mean_hole_bce(ink: np.ndarray, target: np.ndarray, mask: np.ndarray) -> float:
    """Mean over drawings of the mean cross-entropy in the hole, in nats.

    Args:
        ink: (N, H, W, 1) in [0, 1].
        target: (N, H, W, 1) in [0, 1].
        mask: (N, H, W, 1), 1 = hole.
    """
    drawings = zip(ink, target, mask, strict=True)
    return float(np.mean([hole_bce(*drawing) for drawing in drawings]))


def write_samples(path: Path, batch: Batch, ink: np.ndarray) -> None:
    """Write a picture of rows: original, masked (hole tinted), completed.

    Raises:
        OSError: It cannot be written.
    """
    rows = []
    for target, mask, drawn in zip(batch["target"], batch["mask"], ink, strict=True):
        shown = _picture(target * (1 - mask))
        hole = np.where(mask > 0, _HOLE_TINT.astype(np.uint8), shown)
        panels = [_picture(target), hole, _picture(target * (1 - mask) + drawn * mask)]
        rows.append(np.concatenate([_framed(p) for p in panels], axis=1))
    # Two drawings a line, so that the picture is not a narrow tower.
    if len(rows) % 2:
        rows.append(np.full_like(rows[0], 255))
    lines = [np.concatenate(pair, axis=1) for pair in zip(rows[::2], rows[1::2], strict=True)]
    grid = np.concatenate(lines, axis=0)
    scale = max(1, 128 // batch["target"].shape[1])
    picture = Image.fromarray(grid.repeat(scale, 0).repeat(scale, 1))
    partial = path.with_name(f".{path.name}")
    picture.save(partial, format="PNG")
    partial.replace(path)


def _picture(ink: np.ndarray) -> np.ndarray:
    grey = np.round(255 * (1 - ink)).astype(np.uint8)
    return np.repeat(grey, 3, axis=-1)


def _framed(panel: np.ndarray) -> np.ndarray:
    return np.pad(panel, ((_GAP, _GAP), (_GAP, _GAP), (0, 0)), constant_values=200)
