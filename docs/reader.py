"""A reader's folder: a sketch, its mask and a few drawings, for the pages' commands to work on."""

import json
import shutil
from pathlib import Path

import numpy as np
from PIL import Image

from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import fit_strokes, rasterise

HEIGHT, WIDTH = 128, 160


def make_folder(place: Path) -> None:
    """Fill an empty folder.

    sketch.png and hole.png; marked.png, painted over in red, and rubbed.png, transparent in a part;
    drawings/, and cat.ndjson as Quick, Draw! has it; scans/ and masks/ with one for each.
    """
    (place / "drawings").mkdir()
    lines = []
    source = build(DoodlesOptions(count=24))
    for number in range(len(source)):
        doodle = source[number]
        assert doodle.strokes is not None
        strokes = fit_strokes(doodle.strokes, HEIGHT, WIDTH, 8)
        paper = np.round(255 * (1 - rasterise(strokes, HEIGHT, WIDTH, 2))).astype(np.uint8)
        Image.fromarray(paper).save(place / "drawings" / f"{number}.png")
        drawing = [stroke.T.round().astype(int).tolist() for stroke in strokes]
        lines.append(json.dumps({"key_id": str(number), "word": "cat", "drawing": drawing}))
    (place / "cat.ndjson").write_text("\n".join(lines))
    (place / "drawings" / "0.png").rename(place / "sketch.png")
    hole = np.zeros((HEIGHT, WIDTH), np.uint8)
    hole[30:90, 40:100] = 255
    Image.fromarray(hole).save(place / "hole.png")
    (place / "scans").mkdir()
    (place / "masks").mkdir()
    for number in range(1, 4):
        shutil.copy(place / "drawings" / f"{number}.png", place / "scans")
        shutil.copy(place / "hole.png", place / "masks" / f"{number}.png")
    sketch = Image.open(place / "sketch.png").convert("RGBA")
    for name, paint in (("marked", (255, 0, 0, 255)), ("rubbed", (0, 0, 0, 0))):
        page = sketch.copy()
        page.paste(paint, (50, 40, 90, 80))
        page.save(place / f"{name}.png")
