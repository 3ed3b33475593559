"""Structural similarity in a box around the hole."""

import numpy as np
from skimage.metrics import structural_similarity

from zoo.contracts.metric import Metric
from zoo.options import Options

_SIGMA = 1.5
_REACH = 5  # of the window: 3.5 sigma, rounded


def ssim(completed: np.ndarray, target: np.ndarray, mask: np.ndarray) -> float:
    """Mean structural similarity over the hole's bounding box, in [-1, 1]; 1 without a hole.

    Gaussian windows of sigma 1.5, 11x11 pixels, data range 1, as in the paper. Windows look
    beyond the box; beyond the image they see paper.

    Paper: Wang et al. 2004, Image Quality Assessment: From Error Visibility to Structural
    Similarity.

    Args:
        completed: (H, W) float32 composite in [0, 1], ink = 1.
        target: (H, W) float32, the true drawing.
        mask: (H, W) float32, 1 = hole.
    """
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 1.0
    # In the padded image the box with the windows' reach around it starts where the box itself
    # starts in the image. scikit-image leaves just that border out of its mean.
    box = (
        slice(rows[0], rows[-1] + 2 * _REACH + 1),
        slice(columns[0], columns[-1] + 2 * _REACH + 1),
    )
    value = structural_similarity(
        np.pad(completed, _REACH)[box],
        np.pad(target, _REACH)[box],
        data_range=1.0,
        gaussian_weights=True,
        sigma=_SIGMA,
        use_sample_covariance=False,
    )
    return float(np.clip(value, -1, 1))


def build(options: Options) -> Metric:
    """The metric ``ssim``; judges the first completion."""

    def metric(
        completions: np.ndarray, target: np.ndarray, mask: np.ndarray, threshold: float
    ) -> dict[str, float]:
        return {"ssim": ssim(completions[0], target, mask)}

    return metric
