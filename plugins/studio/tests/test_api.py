"""The same completions over HTTP: with Gradio's client, with curl, and as the README shows."""

import base64
import json
import re
import shutil
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from gradio_client import Client
from PIL import Image

import zoo

README = Path(__file__).parents[1] / "README.md"


def data_url(image: Image.Image, kind: str = "PNG") -> str:
    buffer = BytesIO()
    image.save(buffer, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def pixels(url: str) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))


@pytest.fixture(scope="module")
def client(studio: Any) -> Client:
    return Client(studio.url, verbose=False)


@pytest.fixture(scope="module")
def drawing() -> np.ndarray:
    page = np.full((150, 200, 3), 255, np.uint8)
    page[30:120, 40:44] = page[30:120, 150:154] = page[30:34, 40:154] = page[116:120, 40:154] = 0
    return page


@pytest.fixture(scope="module")
def hole() -> np.ndarray:
    mask = np.zeros((150, 200), np.uint8)
    mask[50:90, 130:170] = 255
    return mask


def ask(client: Client, image: str, mask: str = "", **more: object) -> list[dict[str, str]]:
    given = {"image": image, "mask": mask, "model": "", "count": 1, "seed": 0} | more
    answer: list[dict[str, str]] = client.predict(**given, api_name="/complete")
    return answer


def test_it_completes_as_the_command_does(
    client: Client, drawing: np.ndarray, hole: np.ndarray, tmp_path: Path
) -> None:
    image, mask = Image.fromarray(drawing), Image.fromarray(hole)
    done = ask(client, data_url(image), data_url(mask), count=2, seed=3)
    image.save(tmp_path / "sketch.png")
    mask.save(tmp_path / "hole.png")
    paths = zoo.complete(
        tmp_path / "sketch.png", mask=tmp_path / "hole.png", model="fast-64", samples=2, seed=3
    )
    assert len(done) == 2
    for completion, path in zip(done, paths, strict=True):
        completed = pixels(completion["png"])
        assert (completed == np.asarray(Image.open(path).convert("RGB"))).all()
        assert (completed[hole == 0] == drawing[hole == 0]).all()
        assert ElementTree.fromstring(completion["svg"]).get("viewBox") == "0 0 200 150"


def test_what_is_transparent_is_the_hole_when_there_is_no_mask(
    client: Client, drawing: np.ndarray, hole: np.ndarray
) -> None:
    clear = np.dstack([drawing, 255 - hole])
    (done,) = ask(client, data_url(Image.fromarray(clear)), model="best-128")
    assert (pixels(done["png"])[hole == 0] == drawing[hole == 0]).all()


def test_what_is_wrong_is_said_in_a_sentence(
    client: Client, drawing: np.ndarray, hole: np.ndarray
) -> None:
    image, mask = data_url(Image.fromarray(drawing)), data_url(Image.fromarray(hole))
    blank = data_url(Image.fromarray(np.full_like(drawing, 255)))
    small = data_url(Image.fromarray(hole[:90]))
    huge = data_url(Image.new("1", (6000, 5000)))
    cases = {
        "the mask covers nothing": (image, data_url(Image.fromarray(hole * 0)), {}),
        "the page is empty but for the mark: draw something": (blank, mask, {}),
        "200x90 pixels, but the picture is 200x150: make the mask": (image, small, {}),
        "the picture has 6000x5000 pixels; the studio takes up to 25 million": (huge, mask, {}),
        "the picture is no data URL": ("/etc/passwd", mask, {}),
        "the picture is no base64": ("data:image/png;base64,!", mask, {}),
        "the picture: not an image": (
            f"data:image/png;base64,{base64.b64encode(b'no').decode()}",
            mask,
            {},
        ),
        "the picture: cannot be read as an image": (image[:-200], mask, {}),
        "the mask: not an image": (image, "data:image/png;base64,abcd", {}),
        'no model "best-9" here; there are: fast-64, best-128': (image, mask, {"model": "best-9"}),
        "9 completions: ask for 1 to 8": (image, mask, {"count": 9}),
        "seed -1 is negative: give 0 or more": (image, mask, {"seed": -1}),
    }
    for words, (picture, hidden, more) in cases.items():
        with pytest.raises(Exception, match=re.escape(words)) as caught:
            ask(client, picture, hidden, **more)
        assert "\n" not in str(caught.value)
        assert "zoo-studio-" not in str(caught.value)


def test_nothing_is_kept_and_nobody_else_is_asked(
    client: Client,
    studio: Any,
    drawing: np.ndarray,
    hole: np.ndarray,
) -> None:
    ask(client, data_url(Image.fromarray(drawing)), data_url(Image.fromarray(hole)))
    # TensorFlow keeps the code that it makes of Python functions there while it runs.
    kept = [path for path in studio.temporary.rglob("*") if "__autograph" not in path.name]
    assert not [path for path in kept if path.is_file() or "zoo-studio" in path.name]
    assert not studio.outside.exists()


@pytest.mark.parametrize("language", ["python", "bash"])
def test_the_examples_of_the_readme_work(
    language: str,
    studio: Any,
    drawing: np.ndarray,
    hole: np.ndarray,
    tmp_path: Path,
) -> None:
    (code,) = re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)[-1:]
    Image.fromarray(drawing).save(tmp_path / "sketch.png")
    Image.fromarray(hole).save(tmp_path / "hole.png")
    code = code.replace("http://127.0.0.1:7860", studio.url)
    shell = [sys.executable, "-c"] if language == "python" else [shutil.which("bash"), "-ec"]
    subprocess.run([*shell, code], cwd=tmp_path, check=True, timeout=120)
    completed = np.asarray(Image.open(tmp_path / "completed.png").convert("RGB"))
    assert (completed[hole == 0] == drawing[hole == 0]).all()
    assert (completed[hole > 0] != drawing[hole > 0]).any()
    if language == "bash":
        assert "<svg" in json.loads((tmp_path / "answer.json").read_text())[0][0]["svg"]
