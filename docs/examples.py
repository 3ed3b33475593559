"""Draw the studio's examples: doodles with a clear part, which the studio marks when it opens them.

python docs/examples.py
"""

from pathlib import Path

import numpy as np
from PIL import Image

from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import fit_strokes, rasterise

FOLDER = Path(__file__).parents[1] / "plugins" / "studio" / "zoo_studio" / "page" / "examples"
SIZE = 512
# The centre and half the width of what is clear, in pixels.
EXAMPLES = {"cup": (395, 290, 72), "house": (330, 330, 75), "fish": (240, 200, 70)}


def main() -> None:
    """Write a PNG for each."""
    FOLDER.mkdir(exist_ok=True)
    y, x = np.mgrid[:SIZE, :SIZE]
    for kind, (column, row, radius) in EXAMPLES.items():
        drawing = build(DoodlesOptions(count=1, variant=7, kind=kind))[0]
        ink = rasterise(fit_strokes(drawing.strokes, SIZE, SIZE, 40), SIZE, SIZE, pen=6)
        paper = np.round(255 * (1 - ink)).astype(np.uint8)
        alpha = np.where(np.hypot(x - column, y - row) < radius, 0, 255).astype(np.uint8)
        paper[alpha == 0] = 255
        Image.fromarray(np.stack([paper, alpha], -1), "LA").save(FOLDER / f"{kind}.png")


if __name__ == "__main__":
    main()
