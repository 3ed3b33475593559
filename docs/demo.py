"""``make demo``: train for two minutes on built-in doodles and complete one that was never seen.

python docs/demo.py FOLDER [MINUTES]
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image

from zoo.data.doodles import build
from zoo.data.options import DoodlesOptions
from zoo.sketch.strokes import fit_strokes, rasterise

SIZE, HOLE = 256, (96, 70, 80, 80)


def main(folder: Path, minutes: str) -> None:
    """Draw, train, complete."""
    folder.mkdir(parents=True)
    # Another variant than the one that is trained on.
    drawing = build(DoodlesOptions(count=1, variant=99, kind="house"))[0]
    ink = rasterise(fit_strokes(drawing.strokes, SIZE, SIZE, 16), SIZE, SIZE, pen=4)
    sketch, run, done = folder / "sketch.png", folder / "run", folder / "completed.png"
    Image.fromarray(np.round(255 * (1 - ink)).astype(np.uint8)).save(sketch)
    hole = ",".join(map(str, HOLE))
    _zoo("train", "--gen", "unet", "--disc", "convdense", "--max-minutes", minutes, "--out", run)
    _zoo("complete", sketch, "--hole", hole, "--model", run, "-o", done)
    print(f"""
The drawing:   {sketch}
Completed:     {done} (hole at x,y,w,h = {hole})
Samples:       {run / "samples"} (original | hidden | completed, on drawings never trained on)
Loss curves:   {run / "curves.png"}""")


def _zoo(*words: object) -> None:
    command = [str(word) for word in words]
    print("\n$ zoo", *command, flush=True)
    subprocess.run([sys.executable, "-m", "zoo", *command], check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(sys.argv[2:3] or ["2"]))
