"""Completing real pictures, in files and in memory."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import zoo
from zoo.bundles import write_bundle
from zoo.completion import Model
from zoo.config import resolve
from zoo.errors import UsageError
from zoo.quiet import import_tensorflow

import_tensorflow()
from zoo.training.state import build_generator  # noqa: E402

RED, YELLOW = (200, 20, 30), (250, 240, 120)


def make_bundle(path: Path, noise: str) -> Path:
    gen = f"unet:depth=2,width=8,noise={noise}"
    config = resolve({"size": 32, "gen": gen, "disc": "none"})
    generator = build_generator(config)
    # Strong ones, so that it draws something and not the grey of doubt.
    generator.set_weights([3 * weights for weights in generator.get_weights()])
    write_bundle(path, generator, config.gen, 32, 1, "Random weights.\n")
    return path


@pytest.fixture(scope="module")
def noisy(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return zoo.load(make_bundle(tmp_path_factory.mktemp("noisy") / "bundle", "middle"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return zoo.load(make_bundle(tmp_path_factory.mktemp("plain") / "bundle", "none"))


def house(height: int, width: int) -> np.ndarray:
    """A drawing in ink (H, W): a frame with a cross."""
    ink = np.zeros((height, width), np.float32)
    y, x = height // 6, width // 6
    ink[y : -y or None, [x, -x - 1]] = ink[[y, -y - 1], x : -x or None] = 1
    ink[height // 2], ink[:, width // 2] = 1, 1
    return ink


def middle(height: int, width: int) -> np.ndarray:
    hole = np.zeros((height, width), bool)
    hole[height // 3 : height * 2 // 3 + 1, width // 3 : width * 2 // 3 + 1] = True
    return hole


def grey_page(height: int, width: int) -> Image.Image:
    return Image.fromarray(np.round(255 * (1 - house(height, width))).astype(np.uint8))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}


# ---- real files --------------------------------------------------------------------------------


@pytest.mark.parametrize(("height", "width"), [(256, 256), (217, 300), (20, 1000), (9, 11)])
@pytest.mark.parametrize("kind", ["grey", "colour", "transparent"])
def test_only_the_hole_of_a_file_changes(
    tmp_path: Path, noisy: Model, height: int, width: int, kind: str
) -> None:
    ink, hole = house(height, width)[..., None], middle(height, width)
    if kind == "grey":
        pixels = np.round(255 * (1 - ink[..., 0]))
    elif kind == "colour":
        pixels = np.where(ink > 0, RED, YELLOW)
    else:
        pixels = np.where(ink > 0, (*RED, 255), (9, 9, 9, 0))
    image = Image.fromarray(pixels.astype(np.uint8))
    image.save(tmp_path / "page.png")
    Image.fromarray(hole).save(tmp_path / "mask.png")
    (out,) = zoo.complete(tmp_path / "page.png", mask=tmp_path / "mask.png", model=noisy)
    assert out == tmp_path / "page-completed.png"
    with Image.open(out) as completed:
        assert (completed.mode, completed.size) == (image.mode, image.size)
        result = np.asarray(completed)
    assert np.array_equal(result[~hole], np.asarray(image)[~hole])
    inside = result[hole].astype(float)
    if kind == "colour":
        # All on the way from yellow to red, to a rounding.
        share = (YELLOW[1] - inside[:, 1]) / (YELLOW[1] - RED[1])
        expected = YELLOW + share[:, None] * (np.array(RED) - YELLOW)
        assert np.abs(inside - expected).max() <= 1
        assert len(np.unique(share)) > 1
    if kind == "transparent":
        assert (inside[inside[:, 3] > 0, :3] == RED).all()


def test_a_real_sketch_in_the_page(tmp_path: Path, shared_data: Path, noisy: Model) -> None:
    from zoo.data.options import QuickdrawOptions
    from zoo.data.quickdraw import build
    from zoo.sketch.strokes import fit_strokes, rasterise

    path = str(shared_data / "quickdraw" / "cat.ndjson.gz")
    sketch = build(QuickdrawOptions(path=path, limit=3))[2]
    assert sketch.strokes is not None
    ink = rasterise(fit_strokes(sketch.strokes, 217, 300, 5), 217, 300, 3)
    pixels = np.round(255 * (1 - ink)).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "cat.png")
    hole = (100, 60, 90, 70)
    (out,) = zoo.complete(tmp_path / "cat.png", hole=hole, model=noisy, out=tmp_path / "o.png")
    with Image.open(out) as completed:
        result = np.asarray(completed)
    changed = np.argwhere(result != pixels)
    assert len(changed)
    assert (changed.min(0) >= (60, 100)).all()
    assert (changed.max(0) < (130, 190)).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "RGB", "RGBA", "P", "I;16"])
def test_masks_of_every_mode_say_the_same(tmp_path: Path, noisy: Model, mode: str) -> None:
    grey_page(40, 60).save(tmp_path / "page.png")
    hole = middle(40, 60)
    grey = Image.fromarray(hole.astype(np.uint8) * 255)
    if mode == "I;16":
        mask = Image.fromarray(hole.astype(np.uint16) * 65535)
    elif mode == "RGBA":
        # White everywhere, but clear where the drawing shall stay.
        mask = Image.new("RGBA", grey.size, "white")
        mask.putalpha(grey)
    else:
        mask = grey.convert(mode)
    mask.save(tmp_path / "mask.png")
    x, y = (int(a.min()) for a in np.nonzero(hole)[::-1])
    h, w = (int(a.max()) + 1 - lo for a, lo in zip(np.nonzero(hole), (y, x), strict=True))
    page = tmp_path / "page.png"
    (by_mask,) = zoo.complete(
        page, mask=tmp_path / "mask.png", model=noisy, out=tmp_path / "by_mask.png"
    )
    (by_box,) = zoo.complete(page, hole=(x, y, w, h), model=noisy, out=tmp_path / "by_box.png")
    assert by_mask.read_bytes() == by_box.read_bytes()


def test_a_hole_that_sticks_out_is_cut_at_the_edge(tmp_path: Path, noisy: Model) -> None:
    page = tmp_path / "page.png"
    grey_page(40, 60).save(page)
    (a,) = zoo.complete(page, hole=(-5, -5, 20, 20), model=noisy, out=tmp_path / "a.png")
    (b,) = zoo.complete(page, hole=(0, 0, 15, 15), model=noisy, out=tmp_path / "b.png")
    assert a.read_bytes() == b.read_bytes()


def test_samples_differ_with_noise_and_are_refused_without(
    tmp_path: Path, noisy: Model, plain: Model
) -> None:
    page = tmp_path / "page.png"
    grey_page(64, 64).save(page)
    hole = (20, 20, 24, 24)
    paths = zoo.complete(page, hole=hole, model=noisy, samples=3, seed=5)
    assert [p.name for p in paths] == [f"page-completed-{i}.png" for i in (1, 2, 3)]
    assert len({p.read_bytes() for p in paths}) == 3
    (second,) = zoo.complete(page, hole=hole, model=noisy, seed=6, out=tmp_path / "6.png")
    assert second.read_bytes() == paths[1].read_bytes()
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match="takes no noise"):
        zoo.complete(page, hole=hole, model=plain, samples=2, out=tmp_path / "no.png")
    assert snapshot(tmp_path) == before
    zoo.complete(page, hole=hole, model=plain, out=tmp_path / "one.png")


# ---- arrays ------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(32, 32), (50, 70), (50, 70, 1), (5, 3), (1, 1), (1, 400)])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_float_drawings(noisy: Model, shape: tuple[int, ...], dtype: type) -> None:
    drawing: np.ndarray = np.random.default_rng(0).random(shape).astype(dtype)
    hole = middle(*shape[:2])
    before = drawing.copy()
    result = noisy.complete(drawing, hole.reshape(shape).astype(np.float32))
    assert result.shape == shape
    assert result.dtype == dtype
    assert np.array_equal(result[~hole], drawing[~hole])
    assert ((result >= 0) & (result <= 1)).all()
    assert np.array_equal(drawing, before)


@pytest.mark.parametrize("channels", [None, 1, 2, 3, 4])
def test_pictures_in_memory(noisy: Model, channels: int | None) -> None:
    shape = (50, 70) if channels is None else (50, 70, channels)
    picture = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    hole = middle(50, 70)
    result = noisy.complete(picture, hole)
    assert result.shape == shape
    assert result.dtype == np.uint8
    assert np.array_equal(result[~hole], picture[~hole])


def test_deep_pictures_in_memory(noisy: Model) -> None:
    picture = np.random.default_rng(0).integers(0, 65536, (50, 70), np.uint16)
    hole = middle(50, 70)
    result = noisy.complete(picture, hole)
    assert result.dtype == np.uint16
    assert np.array_equal(result[~hole], picture[~hole])


def test_at_its_own_size_the_result_is_the_decoded_network_output(noisy: Model) -> None:
    drawing, hole = house(32, 32), middle(32, 32)
    visible = np.where(hole, 0, drawing)[None, ..., None]
    raw = noisy(["a"], visible, hole[None, ..., None].astype(np.float32), [3])[0, ..., 0]
    clean = np.interp(raw, (0.25, 0.5, 0.75), (0, 0.5, 1)).astype(np.float32)
    assert not np.array_equal(clean[hole], raw[hole])
    result = noisy.complete(drawing, hole, seed=3)
    assert np.array_equal(result, np.where(hole, clean, drawing))


def test_what_the_hole_hides_does_not_matter(noisy: Model) -> None:
    drawing, hole = house(50, 70), middle(50, 70)
    expected = noisy.complete(drawing, hole)
    for content in (0.0, 1.0, np.nan, -7.0):
        changed = np.where(hole, content, drawing).astype(np.float32)
        assert np.array_equal(noisy.complete(changed, hole), expected)


def test_a_picture_and_its_ink_are_completed_alike(noisy: Model) -> None:
    ink, hole = house(50, 70), middle(50, 70)
    expected = noisy.complete(ink, hole)
    dark = noisy.complete(np.round(255 * (1 - ink)).astype(np.uint8), hole)
    light = noisy.complete(np.round(255 * ink).astype(np.uint8), hole)
    assert np.abs(dark / 255 - (1 - expected)).max() <= 0.5 / 255 + 1e-6
    assert np.abs(light / 255 - expected).max() <= 0.5 / 255 + 1e-6


@pytest.mark.parametrize(
    "drawing",
    [
        np.zeros((8, 8, 3), np.float32),
        np.zeros((8, 8, 5), np.uint8),
        np.zeros((8, 8, 0), np.uint8),
        np.zeros((8, 8, 3), np.uint16),
        np.zeros((1, 8, 8, 1), np.float32),
        np.zeros(8, np.float32),
        np.zeros((0, 8), np.float32),
        np.zeros((8, 8), bool),
        np.zeros((8, 8), np.int64),
        np.full((8, 8), 2, np.float32),
        np.full((8, 8), -1, np.float32),
        np.full((8, 8), np.nan, np.float32),
    ],
)
def test_what_is_no_drawing_is_refused(noisy: Model, drawing: np.ndarray) -> None:
    mask = np.zeros(drawing.shape[:2], np.float32)
    mask.flat[:1] = 1
    with pytest.raises(UsageError, match=r"cannot be|must be within"):
        noisy.complete(drawing, mask)


def test_masks_that_do_not_fit_are_refused(noisy: Model) -> None:
    drawing = house(20, 30)
    for mask in (np.ones((30, 20)), np.ones((20, 30, 3)), np.ones(600)):
        with pytest.raises(UsageError, match=r"shape .*same size"):
            noisy.complete(drawing, mask)
    with pytest.raises(UsageError, match="covers nothing"):
        noisy.complete(drawing, np.zeros((20, 30)))
    with pytest.raises(UsageError, match="negative"):
        noisy.complete(drawing, np.ones((20, 30)), seed=-1)
