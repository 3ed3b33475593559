"""Core's own components keep the contract; those that read files, on files."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from zoo.contracts.mask import MaskFamily
from zoo.sketch.options import BoxOptions
from zoo.sketch.shapes import build_box
from zoo.testing import Check, Subject, check_subject, parametrize_with_checks, subjects
from zoo.testing.drawings import doodle

DRAWINGS = 24
SIZE = 96


@parametrize_with_checks("sketch-zoo")
def test_contract(subject: Subject, check: Check) -> None:
    check(subject)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same drawings as images and as SVG, and masks."""
    root = tmp_path_factory.mktemp("files")
    for name in ("folder", "svg", "files"):
        (root / name).mkdir()
    boxes: MaskFamily = build_box(BoxOptions())
    for i in range(DRAWINGS):
        ink, strokes = doodle(i, SIZE, SIZE)
        cv2.imwrite(str(root / f"folder/{i}.png"), np.uint8(255 * (1 - ink)))
        lines = "".join(f'<polyline points="{" ".join(map(str, s.ravel()))}"/>' for s in strokes)
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}">{lines}</svg>'
        (root / f"svg/{i}.svg").write_text(svg)
        hole = boxes(np.random.default_rng(i), ink, strokes, 0.5)(i / DRAWINGS)
        cv2.imwrite(str(root / f"files/{i}.png"), np.uint8(255 * hole))
    return root


@pytest.mark.parametrize("name", ["folder", "svg"])
def test_sources_of_files_keep_their_contract(name: str, files: Path) -> None:
    assert broken(f"{name}:path={files / name}", "source") == []


def test_masks_of_files_keep_their_contract(files: Path) -> None:
    # Of all masks the nearest is always the same: let chance choose between a few.
    assert broken(f"files:path={files / 'files'},choices={DRAWINGS // 4}", "mask") == []


@pytest.mark.parametrize("file", ["quickdraw/cat.ndjson.gz", "chairs/chair.ndjson.gz"])
def test_quickdraw_keeps_its_contract(file: str, shared_data: Path) -> None:
    assert broken(f"quickdraw:path={shared_data / file}", "source") == []


def broken(target: str, kind: str) -> list[tuple[str, str]]:
    """Checks that a component fails, or that could not build it, with the reason."""
    (subject,) = subjects(target, kind)
    assert subject.unbuildable == ""
    return [(r.check, r.reason) for r in check_subject(subject) if r.failed]
