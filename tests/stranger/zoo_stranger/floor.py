"""A completer without training."""

import numpy as np


def build(options, training_source):
    """The average of at most 50 training drawings; without any, paper."""
    if training_source is None:
        average = None
    else:
        count = min(50, len(training_source))
        average = np.mean([training_source[i].raster for i in range(count)], 0)

    def complete(keys, images, masks, seeds):
        if average is None:
            return np.zeros_like(images)
        return np.broadcast_to(average[None, ..., None], images.shape).astype(np.float32)

    return complete
