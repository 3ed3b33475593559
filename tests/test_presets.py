"""Every installed preset: it resolves, says what it leaves out, and trains."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import zoo
from zoo.config import preset_table, preset_text, resolve

ROOT = Path(__file__).parents[1]
PRESETS = [c.id for c in zoo.list_components("preset") if c.id.startswith("sketch-zoo-")]
NAMES = {"best", "completion-gan", "deepfill", "fast", "lama", "pix2pix", "sketchgan"}
EACH = pytest.mark.parametrize("preset", PRESETS)

# What makes a step at 32 pixels cheap and reaches all of its losses: adversaries start at once.
SMALL: dict[str, list[str]] = {
    "best": [
        "loss.bce.d_start=0",
        "loss.bce.start=0",
        "loss.bce.ramp=0",
        "loss.dice.ramp=0",
        "loss.dice.start=0",
    ],
    "completion-gan": ["gen.middle_width=16", "disc.width=4", "disc.dense=8"],
    "deepfill": ["disc.width=8"],
    "fast": ["loss.bce.start=0", "loss.bce.ramp=0", "data.count=60"],
    "lama": ["gen.blocks=1", "disc.width=8"],
    "pix2pix": ["disc.width=8"],
    "sketchgan": ["disc.width=8"],
}


def short(preset: str) -> str:
    return preset.rpartition("/")[2]


def named(table: dict[str, Any]) -> list[str]:
    """The components that a preset names."""
    single = [table[kind]["name"] for kind in ("gen", "disc", "data") if kind in table]
    return [*single, *table.get("loss", {}), *table.get("mask", {})]


def test_all_are_installed() -> None:
    assert {short(preset) for preset in PRESETS} == NAMES


@EACH
def test_it_names_components_by_full_id_and_resolves(preset: str) -> None:
    table = preset_table(preset)
    ids = named(table)
    assert {"gen", "disc", "loss"} <= set(table)
    assert [name for name in ids if not re.fullmatch(r"sketch-zoo[\w-]*/[\w.-]+", name)] == []
    config = resolve(preset=preset)
    parts = [config.gen, config.disc, config.data, *config.loss, *config.mask]
    assert set(ids) <= {part.id for part in parts if part is not None}
    for key in set(table) - {"gen", "disc", "data", "loss", "mask"}:
        assert getattr(config.settings, key) == table[key]


@EACH
def test_its_head_says_what_it_leaves_out(preset: str) -> None:
    head = preset_text(preset).split("\n\n")[0]
    assert all(line.startswith("#") for line in head.splitlines())
    assert "\n# Left out:\n#   " in head
    table = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert f"| `{short(preset)}` |" in table


@EACH
def test_it_trains(preset: str, tmp_path: Path) -> None:
    run = tmp_path / "run"
    zoo.train(
        preset=preset,
        edits=SMALL.get(short(preset), ()),
        out=run,
        size=32,
        batch_size=2,
        steps=2,
        checkpoint_every=2,
        warmup=0,
        workers=0,
        eager=True,
        **({} if "data" in preset_table(preset) else {"data": "doodles:count=60"}),
    )
    records = [json.loads(line) for line in (run / "metrics.jsonl").open()]
    logged: dict[str, float] = {
        k: v for r in records for k, v in r.items() if k[:2] in ("g/", "d/")
    }
    sides = {name[:1] for name in logged}
    assert sides == {"g", "d"}
    assert np.isfinite(list(logged.values())).all(), logged
    losses = {loss.rpartition("/")[2] for loss in preset_table(preset)["loss"]}
    assert losses <= {re.split(r"[/@]", name)[1] for name in logged}
