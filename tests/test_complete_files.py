"""Completing files and folders of them: every kind of picture, every way to say the hole."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

import zoo
from zoo.bundles import write_bundle
from zoo.complete_files import Request, complete_jobs, plan
from zoo.completion import Model
from zoo.config import resolve
from zoo.default_model import choose_model, default_models
from zoo.errors import DataError, UsageError
from zoo.quiet import import_tensorflow
from zoo.registry import Component, find
from zoo.sketch.picture import open_picture

import_tensorflow()
from zoo.training.state import build_generator  # noqa: E402

MODES = ["1", "L", "LA", "RGB", "RGBA", "P", "I;16"]
BOX = (12, 8, 20, 14)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    config = resolve({"size": 32, "gen": "unet:depth=2,width=8,noise=middle", "disc": "none"})
    path = tmp_path_factory.mktemp("model") / "bundle"
    write_bundle(path, build_generator(config), config.gen, 32, 1, "Random weights.\n")
    return zoo.load(path)


def page(height: int = 40, width: int = 60) -> Image.Image:
    """A cross in black on white."""
    pixels = np.full((height, width), 255, np.uint8)
    pixels[height // 2], pixels[:, width // 2] = 0, 0
    return Image.fromarray(pixels)


def in_mode(image: Image.Image, mode: str) -> Image.Image:
    if mode == "I;16":
        return Image.fromarray(np.asarray(image).astype(np.uint16) * 257)
    return image.convert(mode)


def box(shape: Sequence[int], x: int, y: int, w: int, h: int) -> np.ndarray:
    hole = np.zeros(shape[:2], bool)
    hole[y : y + h, x : x + w] = True
    return hole


def changed(before: Path, after: Path) -> np.ndarray:
    """Where two pictures of one kind differ."""
    one, two = open_picture(before).pixels, open_picture(after).pixels
    assert (one.shape, one.dtype) == (two.shape, two.dtype)
    differ: np.ndarray = (one != two).any(-1)
    return differ


# ---- what is a hole ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_rectangle_in_a_picture_of_every_mode(tmp_path: Path, model: Model, mode: str) -> None:
    image = in_mode(page(), mode)
    image.save(tmp_path / "page.tif")
    (out,) = zoo.complete(tmp_path / "page.tif", hole=BOX, model=model)
    assert out == tmp_path / "page-completed.png"
    assert not changed(tmp_path / "page.tif", out)[~box((40, 60), *BOX)].any()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_a_colour_is_the_hole(tmp_path: Path, model: Model, mode: str) -> None:
    image = page().convert("RGB")
    image.paste((255, 0, 0), (12, 8, 32, 22))
    image.convert(mode).save(tmp_path / "page.png")
    (out,) = zoo.complete(tmp_path / "page.png", hole_color="red", model=model)
    differ = changed(tmp_path / "page.png", out)
    assert differ[box((40, 60), *BOX)].all()
    assert not differ[~box((40, 60), 11, 7, 22, 16)].any()
    # In the page's own colours, of which red is none.
    rgb = open_picture(out).pixels[..., :3].astype(int)
    assert np.ptp(rgb, axis=-1).max() <= 1


@pytest.mark.parametrize("mode", ["LA", "RGBA", "P"])
def test_what_is_transparent_is_the_hole_and_becomes_opaque(
    tmp_path: Path, model: Model, mode: str
) -> None:
    image = page().convert("LA" if mode == "LA" else "RGBA")
    alpha = Image.fromarray(np.where(box((40, 60), *BOX), 0, 255).astype(np.uint8))
    image.putalpha(alpha)
    image.convert(mode).save(tmp_path / "page.png")
    (out,) = zoo.complete(tmp_path / "page.png", model=model)
    assert not changed(tmp_path / "page.png", out)[~box((40, 60), *BOX)].any()
    assert (open_picture(out).pixels[..., -1] == 255).all()


def test_the_hole_must_be_said_once(tmp_path: Path, model: Model) -> None:
    path = tmp_path / "page.png"
    page().save(path)
    with pytest.raises(UsageError, match=r"--mask FILE .*--hole x,y,w,h or --hole-color COLOUR"):
        zoo.complete(path, model=model)
    with pytest.raises(UsageError, match="say once what to redraw"):
        zoo.complete(path, hole=BOX, hole_color="red", model=model)
    with pytest.raises(UsageError, match='"reddish" is no colour'):
        zoo.complete(path, hole_color="reddish", model=model)
    assert [p.name for p in tmp_path.iterdir()] == ["page.png"]


# ---- pictures ----------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_completed_upright(tmp_path: Path, model: Model, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    page(40, 60).save(tmp_path / "photo.jpg", exif=exif, quality=95)
    turned = orientation >= 5
    hole = (2, 3, 10, 20)
    (out,) = zoo.complete(tmp_path / "photo.jpg", hole=hole, model=model)
    with Image.open(out) as completed:
        assert completed.size == ((40, 60) if turned else (60, 40))
        assert not completed.getexif()
    differ = changed(tmp_path / "photo.jpg", out)
    assert not differ[~box(differ.shape, *hole)].any()


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (2, 3), (31, 33), (700, 5)])
def test_small_pages_and_holes_that_are_everything(
    tmp_path: Path, model: Model, height: int, width: int
) -> None:
    path = tmp_path / "page.png"
    page(height, width).save(path)
    for number, hole in enumerate([(0, 0, width, height), (width - 1, height - 1, 1, 1)]):
        out = tmp_path / f"{number}.png"
        zoo.complete(path, hole=hole, model=model, out=out)
        assert not changed(path, out)[~box((height, width), *hole)].any()


def test_a_large_scan_is_completed_in_its_own_resolution(tmp_path: Path, model: Model) -> None:
    pixels = np.full((2000, 3000, 3), (235, 230, 215), np.uint8)
    pixels[::100], pixels[:, ::100] = (60, 50, 90), (60, 50, 90)
    path = tmp_path / "scan.png"
    Image.fromarray(pixels).save(path)
    mask = np.zeros((2000, 3000), np.uint8)
    mask[0:40, 0:40], mask[1500:1560, 2900:3000] = 255, 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    (out,) = zoo.complete(path, mask=tmp_path / "mask.png", model=model)
    differ = changed(path, out)
    assert not differ[mask == 0].any()


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_pixels_outside_of_the_hole_never_change(
    data: st.DataObject, model: Model, tmp_path_factory: pytest.TempPathFactory
) -> None:
    height, width = data.draw(st.integers(1, 90)), data.draw(st.integers(1, 90))
    channels = data.draw(st.sampled_from([1, 2, 3, 4]))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    pixels = np.full((height, width, channels), 255, np.uint8)
    for _ in range(data.draw(st.integers(0, 4))):
        pixels[rng.integers(height), :], pixels[:, rng.integers(width)] = 20, 20
    noisy = data.draw(st.booleans())
    if noisy:
        pixels = rng.integers(0, 256, pixels.shape, np.uint8)
    hole = rng.random((height, width)) < data.draw(st.sampled_from([0.001, 0.1, 0.9]))
    hole.flat[data.draw(st.integers(0, hole.size - 1))] = True
    folder = tmp_path_factory.mktemp("property")
    Image.fromarray(pixels.squeeze(-1) if channels == 1 else pixels).save(folder / "page.png")
    Image.fromarray(hole).save(folder / "mask.png")
    binarize = data.draw(st.booleans())
    (out,) = zoo.complete(
        folder / "page.png", mask=folder / "mask.png", model=model, binarize=binarize
    )
    assert np.array_equal(open_picture(out).pixels[~hole], pixels[~hole])


def test_binarized_the_hole_has_two_colours_of_the_page(tmp_path: Path, model: Model) -> None:
    pixels = np.full((40, 60, 3), (250, 240, 120), np.uint8)
    pixels[20:22], pixels[:, 30:32] = (200, 20, 30), (200, 20, 30)
    Image.fromarray(pixels).save(tmp_path / "page.png")
    (out,) = zoo.complete(tmp_path / "page.png", hole=BOX, model=model, binarize=True)
    inside = open_picture(out).pixels[box((40, 60), *BOX)]
    assert {*map(tuple, inside.tolist())} <= {(250, 240, 120), (200, 20, 30)}


# ---- folders -----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Good pictures and bad ones, and what is no picture."""
    place = tmp_path / "drawings"
    (place / "sub").mkdir(parents=True)
    page().save(place / "b.png")
    page().save(place / "a.JPG", "JPEG")
    page(30, 20).save(place / "small.png")
    page().save(place / ".hidden.png")
    page().save(place / "sub" / "deep.png")
    (place / "text.png").write_text("not an image")
    (place / "cut.png").write_bytes((place / "b.png").read_bytes()[:-60])
    (place / "notes.txt").write_text("not a picture")
    return place


def test_a_folder_is_completed_in_order_and_survives_bad_files(folder: Path, model: Model) -> None:
    request = Request(hole=(4, 4, 9, 9))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = complete_jobs(plan(folder, None, None, request), model, request)
    out = folder.with_name("drawings-completed")
    assert not out.exists()
    first = next(done)
    assert (first.image, first.outputs, first.error) == (folder / "a.JPG", (out / "a.png",), None)
    assert [path.name for path in out.iterdir()] == ["a.png"]
    rest = list(done)
    assert [each.image.name for each in rest] == ["b.png", "cut.png", "small.png", "text.png"]
    assert [each.error is None for each in rest] == [True, False, True, False]
    assert "cannot be read as an image" in str(rest[1].error)
    assert {path.name for path in out.iterdir()} == {"a.png", "b.png", "small.png"}
    assert {path: path.read_bytes() for path in before} == before
    with pytest.raises(DataError, match=r"2 of 5 pictures failed; the first: .*cut.png"):
        zoo.complete(folder, hole=(4, 4, 9, 9), model=model)


def test_one_mask_for_all_and_one_for_each(folder: Path, model: Model, tmp_path: Path) -> None:
    mask, masks = folder / "hole.png", tmp_path / "masks"
    masks.mkdir()
    Image.fromarray(box((40, 60), *BOX)).save(mask)
    Image.fromarray(box((40, 60), 1, 2, 5, 6)).save(masks / "a.png")
    Image.fromarray(box((30, 20), *BOX)).save(masks / "small.bmp")

    def errors(mask: Path, out: str) -> dict[str, str]:
        request = Request()
        done = list(complete_jobs(plan(folder, mask, tmp_path / out, request), model, request))
        return {each.image.name: str(each.error) for each in done if each.error is not None}

    one = errors(mask, "one")
    assert sorted(one) == ["cut.png", "small.png", "text.png"]  # hole.png is no drawing
    assert "is 60x40 pixels, but" in one["small.png"]
    each = errors(masks, "each")
    mask.unlink()
    assert sorted(each) == ["b.png", "cut.png", "hole.png", "text.png"]
    assert f"{masks / 'b.png'}: no such file" in each["b.png"]
    for place, hole in (("one", BOX), ("each", (1, 2, 5, 6))):
        differ = changed(folder / "a.JPG", tmp_path / place / "a.png")
        assert not differ[~box((40, 60), *hole)].any()


def test_pictures_of_one_stem_do_not_overwrite_each_other(tmp_path: Path, model: Model) -> None:
    (tmp_path / "in").mkdir()
    for name in ("cat.png", "cat.gif", "cat.gif.png"):
        page().save(tmp_path / "in" / name)
    paths = zoo.complete(tmp_path / "in", hole=BOX, model=model, samples=2)
    assert len({*paths}) == 6
    assert all(path.is_file() for path in paths)
    assert paths[0].name == "cat.gif-1.png"


def test_what_cannot_be_is_said_before_anything_is_done(
    folder: Path, model: Model, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    for image, out, mask, said in (
        (tmp_path / "empty", None, None, "no picture in it"),
        (folder, tmp_path / "file", None, "is no folder"),
        (folder, folder, None, "b.png is the input: choose another --out"),
        (folder, None, folder / "text.png", "text.png: not an image"),
        (folder, None, tmp_path / "none.png", "none.png: no such file"),
        (folder / "b.png", None, folder, "is a folder, but"),
    ):
        hole = None if mask else BOX
        with pytest.raises((UsageError, DataError), match=said):
            zoo.complete(image, out=out, mask=mask, hole=hole, model=model)
    with pytest.raises(UsageError, match='No run, bundle or model "nope"'):
        zoo.complete(folder, hole=BOX, model="nope")
    assert not folder.with_name("drawings-completed").exists()


def test_a_folder_is_named_after_itself(
    folder: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cut.png", "text.png"):
        (folder / name).unlink()
    monkeypatch.chdir(folder)
    paths = zoo.complete(".", hole=(4, 4, 9, 9), model=model)
    assert {path.parent for path in paths} == {folder.with_name("drawings-completed")}


# ---- which model -------------------------------------------------------------------------------


def test_the_smallest_model_that_need_not_shrink_is_taken() -> None:
    models = [(64, "fast"), (128, "best"), (256, "fine")]
    for side, name in ((10, "fast"), (64, "fast"), (65, "best"), (200, "fine"), (3000, "fine")):
        assert choose_model(models, lambda size, side=side: side) == name
    # Lines of a certain width make the square grow with the model.
    assert choose_model(models, lambda size: 2 * size) == "fine"


def test_only_models_that_are_meant_for_it_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    def installed(**tags: tuple[str, ...]) -> None:
        specs = [
            zoo.ModelSpec(name=name, summary="", path="p:d", size=size, sha256="", tags=tags[name])
            for name, size in zip(tags, (64, 256, 128), strict=False)
        ]
        plugin = find("generator", "unet").plugin
        components = [Component(spec, plugin) for spec in specs]
        monkeypatch.setattr("zoo.default_model.list_components", lambda kind: components)

    installed(owl=(), best=("default", "shuffle"), good=("default",))
    assert default_models() == [(128, "sketch-zoo-unet/good"), (256, "sketch-zoo-unet/best")]
    installed(owl=())
    with pytest.raises(UsageError, match=r"pip install sketch-zoo-models.*--model; installed: owl"):
        default_models()
    installed()
    with pytest.raises(UsageError, match=r"pip install sketch-zoo-models.*--model$"):
        default_models()
