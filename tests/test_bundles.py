"""Model bundles: what is written comes back, and damage of every kind is named."""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from zoo.bundles import (
    find_bundle,
    load_generator,
    publish_bundle,
    read_manifest,
    write_bundle,
)
from zoo.config import RunConfig, resolve
from zoo.decoding import Decoding
from zoo.errors import OptionError, RunError, UnknownComponentError, UsageError
from zoo.files import digest
from zoo.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402

from zoo.training.state import build_generator  # noqa: E402

WEIGHTS = "generator.weights.h5"


def small(**changes: Any) -> RunConfig:
    return resolve({"size": 32, "gen": "unet:depth=2,width=8", "disc": "none", **changes})


@pytest.fixture(scope="module")
def original() -> keras.Model:
    return build_generator(small())


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, original: keras.Model) -> Path:
    path = tmp_path_factory.mktemp("bundles") / "bundle"
    write_bundle(path, original, small().gen, 32, 7, "A card: naïve.\n")
    return path


@pytest.fixture
def bundle(saved: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "bundle"))


def edit(bundle: Path, **changes: Any) -> None:
    file = bundle / "manifest.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))


def load(bundle: Path) -> keras.Model:
    return load_generator(bundle, read_manifest(bundle))


def test_what_is_written_comes_back(saved: Path, original: keras.Model) -> None:
    manifest = read_manifest(saved)
    assert (manifest.size, manifest.step, manifest.decoding) == (32, 7, Decoding(0.5))
    assert manifest.generator == "sketch-zoo-unet/unet"
    assert manifest.options["width"] == 8
    again = load(saved)
    for ours, theirs in zip(original.get_weights(), again.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    assert sorted(p.name for p in saved.iterdir()) == ["card.md", WEIGHTS, "manifest.json"]


def test_more_than_ten_tensors_come_back_in_order(tmp_path: Path) -> None:
    config = small(gen="unet:depth=3,width=8")
    model = build_generator(config)
    assert len(model.weights) > 10
    model.set_weights([np.full(w.shape, i, np.float32) for i, w in enumerate(model.weights)])
    write_bundle(tmp_path / "bundle", model, config.gen, 32, 0, "")
    again = load(tmp_path / "bundle").get_weights()
    assert all((weight == number).all() for number, weight in enumerate(again))


def test_a_bundle_replaces_the_one_before(bundle: Path, original: keras.Model) -> None:
    (bundle / "stale").write_text("of the one before")
    write_bundle(bundle, original, small().gen, 32, 8, "")
    assert read_manifest(bundle).step == 8
    assert not (bundle / "stale").exists()
    assert [p.name for p in bundle.parent.iterdir()] == ["bundle"]


def test_a_full_disk_leaves_the_bundle_before(bundle: Path, original: keras.Model) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        with pytest.raises(OSError):
            write_bundle(bundle, original, small().gen, 32, 8, "")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_manifest(bundle).step == 7
    load(bundle)
    assert [p.name for p in bundle.parent.iterdir()] == ["bundle"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("name", [WEIGHTS, "card.md"])
@pytest.mark.parametrize("harm", [cut, flip])
def test_a_changed_file_is_noticed(bundle: Path, name: str, harm: Callable[[Path], None]) -> None:
    harm(bundle / name)
    with pytest.raises(RunError, match=rf"bundle: {name} is damaged"):
        load(bundle)


@pytest.mark.parametrize("name", [WEIGHTS, "card.md"])
def test_a_missing_file_is_noticed(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(RunError, match=rf"bundle: {name} is missing"):
        load(bundle)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "3", "{}", '{"format": "one"}', '{"format": null}', "\x00"]
)
def test_a_damaged_manifest_is_noticed(bundle: Path, text: str) -> None:
    (bundle / "manifest.json").write_text(text)
    with pytest.raises(RunError, match=r"manifest\.json is damaged"):
        read_manifest(bundle)


def test_a_manifest_that_is_not_text_is_noticed(bundle: Path) -> None:
    (bundle / "manifest.json").write_bytes(b"\xff\xfe\x80")
    with pytest.raises(RunError, match=r"manifest\.json is damaged"):
        read_manifest(bundle)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("generator", 3),
        ("options", []),
        ("size", "large"),
        ("size", 0),
        ("decoding", {"threshold": 2.0}),
        ("decoding", {"draws": 0}),
        ("decoding", 0.5),
        ("step", None),
        ("files", {}),
        ("files", {WEIGHTS: 1}),
        ("files", ["card.md"]),
    ],
)
def test_a_manifest_with_a_wrong_value_is_noticed(bundle: Path, key: str, value: object) -> None:
    edit(bundle, **{key: value})
    with pytest.raises(RunError, match=rf"manifest.json is damaged: .*{key[:4]}|does not name"):
        read_manifest(bundle)


@pytest.mark.parametrize("key", ["generator", "options", "size", "decoding", "files", "format"])
def test_a_manifest_that_lacks_a_value_is_noticed(bundle: Path, key: str) -> None:
    file = bundle / "manifest.json"
    raw = json.loads(file.read_text())
    del raw[key]
    file.write_text(json.dumps(raw))
    with pytest.raises(RunError, match=f"manifest.json is damaged: .*{key}"):
        read_manifest(bundle)


def test_a_bundle_of_before_decoding_is_read(bundle: Path, tmp_path: Path) -> None:
    file = bundle / "manifest.json"
    raw = json.loads(file.read_text())
    del raw["decoding"]
    file.write_text(json.dumps(raw | {"format": 1, "threshold": 0.35}))
    assert read_manifest(bundle).decoding == Decoding(0.35)
    publish_bundle(bundle, tmp_path / "again")
    assert read_manifest(tmp_path / "again").decoding == Decoding(0.35)


def test_a_newer_format_says_so_whatever_else_it_holds(bundle: Path) -> None:
    (bundle / "manifest.json").write_text('{"format": 3, "layout": "unheard of"}')
    with pytest.raises(RunError, match=r"format 3 is newer than this zoo .*pip install -U"):
        read_manifest(bundle)


def test_weights_of_another_architecture_are_refused(bundle: Path, original: keras.Model) -> None:
    edit(bundle, options={**read_manifest(bundle).options, "width": 12})
    with pytest.raises(RunError, match=r"do not fit the architecture: .* has shape .* saved is"):
        load(bundle)


@pytest.mark.parametrize("content", ["text", "groups"])
def test_weights_of_another_layout_are_refused(bundle: Path, content: str) -> None:
    """The digest is right, but the file is not what core writes."""
    file = bundle / WEIGHTS
    if content == "text":
        file.write_text("these are no weights")
    else:
        with h5py.File(file, "w") as h5:
            h5.create_group("layers")
    edit(bundle, files={WEIGHTS: digest(file)})
    with pytest.raises(RunError, match=rf"{WEIGHTS}: cannot be read"):
        load(bundle)


def test_options_and_size_that_the_generator_refuses(bundle: Path) -> None:
    edit(bundle, size=33)
    with pytest.raises(UsageError, match="33x33 is not a multiple"):
        load(bundle)
    edit(bundle, size=32, options={"nonsense": 1})
    with pytest.raises(OptionError, match='unknown option "nonsense"'):
        load(bundle)
    edit(bundle, generator="sketch-zoo-nowhere/magic")
    with pytest.raises(UnknownComponentError, match="pip install sketch-zoo-nowhere"):
        load(bundle)


def test_without_the_plugin_of_the_generator(bundle: Path, tmp_path: Path) -> None:
    """In a process of its own: plugins are found once. Nothing slow is imported before it fails."""
    from PIL import Image

    Image.new("L", (8, 8), 255).save(tmp_path / "x.png")
    args = ["complete", "x.png", "--hole", "2,2,3,3", "--model", "bundle"]
    result = subprocess.run(
        [sys.executable, "-m", "zoo", *args],
        cwd=tmp_path,
        env={**os.environ, "ZOO_DISABLE": "unet"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: ")
    assert "sketch-zoo-unet" in line
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bundle", "x.png"]


def test_a_run_stands_for_its_best_bundle(saved: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    run.mkdir()
    (run / "config.toml").write_text("")
    with pytest.raises(UsageError, match=rf"no model yet.*zoo resume {run}"):
        find_bundle(run)
    shutil.copytree(saved, run / "best")
    assert find_bundle(run) == find_bundle(str(run)) == run / "best"
    assert find_bundle(saved) == saved


def test_what_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither a run directory nor a model bundle"):
        find_bundle(tmp_path)
    # A path with a slash must not be taken for the name of a package to install.
    for name in ("runs/nope", "nope"):
        with pytest.raises(UsageError, match=f'No run, bundle or model "{name}"') as caught:
            find_bundle(name)
        assert "pip install" not in str(caught.value)


def test_a_published_copy_has_half_the_bytes_and_draws_the_same(
    bundle: Path, original: keras.Model, tmp_path: Path
) -> None:
    files = {"card.md": b"All about it.", "worst.png": b"a picture"}
    copy = tmp_path / "copy"
    scores = {"P64": (0.5, 0.4, 0.6)}
    manifest = publish_bundle(bundle, copy, files, decoding=Decoding(0.35), scores=scores)
    assert read_manifest(copy) == manifest
    assert (manifest.decoding, manifest.scores) == (Decoding(0.35), scores)
    assert {name: (copy / name).read_bytes() for name in files} == files
    assert set(manifest.files) == {WEIGHTS, *files}
    assert (copy / WEIGHTS).stat().st_size < 0.7 * (bundle / WEIGHTS).stat().st_size
    for mine, theirs in zip(load(copy).weights, original.weights, strict=True):
        assert mine.dtype == "float32"
        np.testing.assert_array_equal(mine.numpy(), theirs.numpy().astype(np.float16))
    (copy / "worst.png").write_bytes(b"another")
    with pytest.raises(RunError, match=r"worst.png is damaged, its sha256"):
        load(copy)


def test_what_is_not_changed_is_published_as_it_is(bundle: Path, tmp_path: Path) -> None:
    manifest = publish_bundle(bundle, tmp_path / "copy")
    before = read_manifest(bundle)
    assert (manifest.decoding, manifest.scores) == (before.decoding, {})
    assert (tmp_path / "copy" / "card.md").read_bytes() == (bundle / "card.md").read_bytes()
    # Again, in its own place: nothing is lost any more.
    assert publish_bundle(tmp_path / "copy", tmp_path / "copy") == manifest


def test_weights_beyond_float16_stay_float32(bundle: Path, tmp_path: Path) -> None:
    with h5py.File(bundle / WEIGHTS, "r+") as file:
        file["00000"][...] = 70_000
    edit(bundle, files={WEIGHTS: digest(bundle / WEIGHTS)})
    publish_bundle(bundle, tmp_path / "copy")
    first, second, *_ = load(tmp_path / "copy").get_weights()
    assert (first == 70_000).all()
    assert (second == second.astype(np.float16)).all()


def test_a_damaged_bundle_is_not_published(bundle: Path, tmp_path: Path) -> None:
    flip(bundle / WEIGHTS)
    with pytest.raises(RunError, match="is damaged"):
        publish_bundle(bundle, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
