"""Draw docs/way.png, the way of the data from drawing to judgement: ``python docs/way.py``."""

from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import zoo
from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import default_pen, fit_strokes, rasterise

FILE = Path(__file__).with_name("way.png")
SIZE, SIDE = 128, 0.13
# Rows and columns of the hole.
HOLE = slice(84, 116), slice(64, 104)
# Where each picture stands: left and bottom, in shares of the width and of the height.
PLACES = {
    "target": (0.02, 0.56),
    "mask": (0.02, 0.08),
    "image": (0.25, 0.56),
    "noise": (0.25, 0.08),
    "ink": (0.61, 0.56),
    "composite": (0.82, 0.56),
}
SAID = {
    "target": "target\nthe true drawing",
    "mask": "mask\n1 = hole",
    "image": "image\ntarget · (1 − mask)",
    "noise": "noise\nstandard normal",
    "ink": "ink\nsigmoid(logits)",
    "composite": "composite\nimage · (1 − mask) + ink · mask",
}


def pictures(model: str) -> dict[str, np.ndarray]:
    """Arrays of ink, of the mask and of noise, as a model sees and gives them."""
    drawing = build(DoodlesOptions(count=1, variant=3, kind="face"))[0]
    assert drawing.strokes is not None
    strokes = fit_strokes(drawing.strokes, SIZE, SIZE, 10)
    target = rasterise(strokes, SIZE, SIZE, default_pen(SIZE))
    mask = np.zeros_like(target)
    mask[HOLE] = 1
    image = target * (1 - mask)
    ink = zoo.load(model).predict(image[None, ..., None], mask[None, ..., None], [0])[0, ..., 0]
    noise = np.random.default_rng(0).standard_normal((16, 16))
    composite = image + ink * mask
    return dict(target=target, mask=mask, image=image, noise=noise, ink=ink, composite=composite)


def draw(file: Path) -> None:
    """Write the picture."""
    figure = Figure(figsize=(10, 4), dpi=110)
    for name, picture in pictures("best-128").items():
        axes = figure.add_axes((*PLACES[name], SIDE, 2.5 * SIDE))
        _show(axes, name, picture)
    plane = figure.add_axes((0, 0, 1, 1))
    plane.patch.set_alpha(0)
    plane.axis("off")
    plane.set(xlim=(0, 1), ylim=(0, 1))
    _box(plane, (0.5, 0.72), "generator\n↓\nlogits")
    _box(plane, (0.885, 0.2), "discriminator\n> 0 for real")
    plane.text(0.66, 0.2, "target: real", ha="center", va="center", fontsize=9)
    for start, end in (
        ((0.155, 0.72), (0.245, 0.72)),
        ((0.155, 0.3), (0.245, 0.6)),
        ((0.385, 0.72), (0.455, 0.72)),
        ((0.385, 0.27), (0.485, 0.56)),
        ((0.545, 0.72), (0.605, 0.72)),
        ((0.745, 0.72), (0.815, 0.72)),
        ((0.885, 0.54), (0.885, 0.29)),
        ((0.72, 0.2), (0.81, 0.2)),
    ):
        plane.annotate("", end, start, arrowprops={"arrowstyle": "->", "color": "#555555"})
    figure.savefig(file, metadata={"Software": None})


def _show(axes: Axes, name: str, picture: np.ndarray) -> None:
    limits = {"vmin": -3, "vmax": 3} if name == "noise" else {"vmin": 0, "vmax": 1}
    axes.imshow(picture, cmap="gray" if name in ("noise", "mask") else "gray_r", **limits)
    axes.set(xticks=[], yticks=[])
    axes.set_title(SAID[name], fontsize=8.5)


def _box(plane: Axes, place: tuple[float, float], text: str) -> None:
    style = {"boxstyle": "round,pad=0.6", "facecolor": "#e8eef7", "edgecolor": "#7189b0"}
    plane.text(*place, text, ha="center", va="center", fontsize=10, bbox=style)


if __name__ == "__main__":
    draw(FILE)
