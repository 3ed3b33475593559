"""Defaults < preset < file < flags < edits, and one line for each mistake."""

import tomllib
from pathlib import Path

import pytest

from zoo.config import resolve
from zoo.errors import OptionError, UnknownComponentError, UsageError
from zoo.settings import Settings


def test_defaults_are_complete() -> None:
    config = resolve()
    assert (config.gen.id, config.disc and config.disc.id) == (
        "sketch-zoo-unet/unet",
        "sketch-zoo-convdense/convdense",
    )
    assert [part.name for part in config.loss] == ["ink_bce", "bce"]
    assert [part.name for part in config.mask] == ["box", "strokes"]
    assert config.data.id == "sketch-zoo/doodles"


def test_later_layers_win(tmp_path: Path) -> None:
    file = tmp_path / "run.toml"
    file.write_text('size = 128\nbatch_size = 4\nlr = 0.01\n[gen]\nname = "unet"\ndepth = 3\n')
    config = resolve(
        {"batch_size": 8, "loss": ["l1:weight=2"]},
        preset="completion-gan",
        file=file,
        edits=["gen.width=12", "loss.l1.weight=3", "seed=9"],
    )
    settings = config.settings
    assert (settings.size, settings.batch_size, settings.lr, settings.seed) == (128, 8, 0.01, 9)
    assert settings.critic_sees == "raw"
    assert (config.gen.options.depth, config.gen.options.width) == (3, 12)  # type: ignore[attr-defined]
    assert [(part.name, part.keys.weight) for part in config.loss] == [("l1", 3.0)]


def test_resolved_toml_resolves_to_itself(tmp_path: Path) -> None:
    config = resolve({"gen": "funnel:noise=input", "disc": "none", "loss": ["l1"], "clip": 1})
    file = tmp_path / "config.toml"
    file.write_text(config.to_toml())
    again = resolve(file=file)
    assert again == config
    assert tomllib.loads(config.to_toml())["gen"]["name"] == "sketch-zoo-funnel/funnel"


def test_each_fault_of_the_original_can_be_switched_off_by_itself() -> None:
    original = resolve(preset="completion-gan")
    assert original.settings.size == 256
    assert original.settings.lr == original.settings.d_lr == 1e-4
    assert {p.name: p.keys.weight for p in original.loss} == {
        "context": 1.0,
        "bce": 0.1,
        "fillrate": 4.0,
    }
    for edit, changed in [
        ("critic_sees=composite", lambda c: c.settings.critic_sees),
        ("loss.context.range=ink", lambda c: c.loss[0].options.range),
        ("loss.fillrate.on=output", lambda c: c.loss[2].options.on),
        ("gen.noise=middle", lambda c: c.gen.options.noise),
    ]:
        repaired = resolve(preset="completion-gan", edits=[edit])
        assert changed(repaired) == edit.partition("=")[2]
        assert changed(repaired) != changed(original)
        toml = repaired.to_toml().splitlines()
        differing = set(toml) ^ set(original.to_toml().splitlines())
        assert len(differing) in (1, 2), differing


@pytest.mark.parametrize(
    ("flags", "edits", "error", "message"),
    [
        ({"gen": "unett"}, (), UnknownComponentError, 'No generator "unett". Did you mean "unet"?'),
        ({"gen": "unet:dept=3"}, (), OptionError, 'generator unet: unknown option "dept". Did you'),
        ({"gen": "unet:depth=99"}, (), OptionError, "generator unet: depth=99: "),
        ({"gen": "unet:depth"}, (), OptionError, '"depth" in "unet:depth" is not of the form'),
        ({"loss": ["l1", "l1"]}, (), OptionError, 'loss "l1" is given twice'),
        ({"loss": ["l1", "sketch-zoo-losses/l1"]}, (), OptionError, "is given twice"),
        ({"loss": ["l1:wieght=3"]}, (), OptionError, 'loss l1: unknown option "wieght"'),
        ({"loss": ["l1:weight=-3"]}, (), OptionError, "loss l1: weight=-3: "),
        ({"size": "ten"}, (), OptionError, "settings: size=ten: "),
        ({"siez": 3}, (), OptionError, 'flags: unknown key "siez". Did you mean "size"?'),
        ({"steps": 3, "epochs": 3}, (), OptionError, "steps and epochs are two ways"),
        ({"ink_min": 0.7}, (), OptionError, "ink_min=0.7 must be below ink_max=0.6"),
        ({"bfloat16": True, "jit": True}, (), OptionError, "bfloat16 does not go with jit"),
        ({"bfloat16": True, "eager": True}, (), OptionError, "bfloat16 does not go with eager"),
        ({"data": "folder"}, (), OptionError, "source folder: path"),
        ({}, ["size"], OptionError, "--set size: write key=value"),
        (
            {},
            ["loss.nope.weight=1"],
            OptionError,
            "--set loss.nope.weight=1: this run has: ",
        ),
        ({}, ["gen.depth.x=1"], OptionError, "write gen.key=value"),
        ({}, ["lrr=1"], OptionError, 'unknown key "lrr". Did you mean "lr"?'),
    ],
)
def test_mistakes(
    flags: dict[str, object], edits: list[str], error: type[UsageError], message: str
) -> None:
    with pytest.raises(error) as caught:
        resolve(flags, edits=edits)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_toml_or_not_there(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("size = = 3")
    with pytest.raises(UsageError, match=r"bad\.toml: not valid TOML: .* line 1"):
        resolve(file=bad)
    with pytest.raises(UsageError, match=r"none\.toml: No such file"):
        resolve(file=tmp_path / "none.toml")


def test_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = resolve({"data": "folder:path=mine"})
    assert config.data.table()["path"] == str(tmp_path / "mine")


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in Settings.model_fields.values())
