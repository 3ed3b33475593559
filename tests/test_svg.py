"""SVG line drawings become strokes; nothing in them is fetched or run."""

import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from zoo.contracts.source import Source
from zoo.data.options import QuickdrawOptions, SvgOptions
from zoo.data.quickdraw import build as build_quickdraw
from zoo.data.svg import build
from zoo.errors import DataError
from zoo.sketch.strokes import fit_strokes, rasterise
from zoo.sketch.vector import BYTES_MAX, svg_strokes

from .time_limit import in_time


def svg(body: str, attributes: str = "") -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{body}</svg>'.encode()


def points(body: str, attributes: str = "") -> list[list[list[float]]]:
    return [np.round(s, 4).tolist() for s in svg_strokes(svg(body, attributes))]


def opened(path: Path) -> Source:
    return build(SvgOptions(path=str(path)))


CORNER = [[0, 0], [4, 0], [4, 2]]


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ('<polyline points="0,0 4,0 4 2"/>', CORNER),
        ('<polygon points="0,0 4,0 4,2"/>', [*CORNER, [0, 0]]),
        ('<path d="M0 0H4V2"/>', CORNER),
        ('<path d="m0,0 4,0 0,2z"/>', [*CORNER, [0, 0]]),
        ('<line x1="0" y1="0" x2="4" y2="2"/>', [[0, 0], [4, 2]]),
        ('<rect width="4" height="2"/>', [[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]),
        ('<g transform="scale(2)"><path transform="translate(1 0)" d="M-1 0H1V1"/></g>', CORNER),
        ('<svg x="1"><path d="M-1 0h4v2"/></svg>', CORNER),
        ('<path style="fill:none; stroke:black" d="M0 0h4v2"/>', CORNER),
    ],
)
def test_each_shape_is_a_stroke(shape: str, expected: list[list[float]]) -> None:
    assert points(shape) == [expected]


def test_a_path_of_two_parts_is_two_strokes() -> None:
    parts = points('<path d="M0 0h4v2z m1 1h1"/>')
    assert parts == [[*CORNER, [0, 0]], [[1, 1], [2, 1]]]


@pytest.mark.parametrize("shape", ["circle r='10'", "ellipse rx='10' ry='5'"])
def test_curves_keep_to_the_tolerance(shape: str) -> None:
    (stroke,) = svg_strokes(svg(f"<{shape}/>"))
    x, y = (stroke * ((1, 1) if "circle" in shape else (1, 2))).T
    assert np.hypot(x, y) == pytest.approx(10, abs=1e-3)
    middles = np.hypot((x[1:] + x[:-1]) / 2, (y[1:] + y[:-1]) / 2)
    assert middles.min() > 10 - 2 * 20e-3
    assert stroke[0] == pytest.approx(stroke[-1])


@pytest.mark.parametrize("curve", ["C 0 80 100 -80 100 30", "Q 50 90 100 0", "A 60 40 30 1 0 90 9"])
def test_flattened_curves_lie_on_the_curve(curve: str) -> None:
    import svgelements

    (stroke,) = svg_strokes(svg(f'<path d="M 0 0 {curve}"/>'))
    segment = svgelements.Path(f"M 0 0 {curve}")[1]
    exact = np.array([[p.x, p.y] for p in map(segment.point, np.linspace(0, 1, 4001))])
    gaps = np.hypot(*(exact[:, None] - stroke[None]).transpose(2, 0, 1)).min(axis=0)
    assert gaps.max() < 0.1
    along = np.linspace(0, 1, 20)[:, None, None]
    chords = (stroke[:-1] * (1 - along) + stroke[1:] * along).reshape(-1, 2)
    away = np.hypot(*(exact[::10, None] - chords[None]).transpose(2, 0, 1)).min(axis=1)
    assert away.max() < 0.3
    assert stroke[-1] == pytest.approx(exact[-1], abs=1e-4)


@pytest.mark.parametrize(
    "unseen",
    [
        '<defs><path d="M0 0h9"/></defs>',
        '<clipPath><path d="M0 0h9"/></clipPath>',
        '<symbol><path d="M0 0h9"/></symbol>',
        '<path display="none" d="M0 0h9"/>',
        '<g style="display: none"><path d="M0 0h9"/></g>',
        '<g visibility="hidden"><path d="M0 0h9"/></g>',
        '<path fill="none" d="M0 0h24v24z"/>',
        '<g fill="none"><path d="M0 0h24v24z"/></g>',
        '<rect fill="#FFFFFF" width="900" height="900"/>',
        '<x:path xmlns:x="elsewhere" d="M0 0h9"/>',
        "<text>words</text><metadata><svg><path d='M0 0h9'/></svg></metadata>",
    ],
)
def test_what_is_not_seen_is_not_drawn(unseen: str) -> None:
    assert points(f'{unseen}<path d="M0 0H4V2"/>') == [CORNER]
    with pytest.raises(DataError, match="shows no line"):
        svg_strokes(svg(unseen))


BOMB = b"""<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1&b;"/></svg>"""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not well-formed"),
        (b"words", "not well-formed"),
        (b"<html/>", "not SVG"),
        (svg("<path"), "not well-formed"),
        (svg(""), "shows no line"),
        (svg('<path d="M0 0"/>'), "shows no line"),
        (BOMB, "document type"),
        (svg('<path d="M0 0 L1e39 0"/>'), "too large"),
        (svg('<path d="M0 0h1"/>', 'viewBox="0 0 0 0"'), "shows no line"),
        (svg("<g>" * 200 + "</g>" * 200), "nested more than 100"),
        (svg("<g/>" * 20_001), "more than 20,000 elements"),
        (svg('<path d="M0 0' + "h1" * 250_000 + '"/>'), "more than 200,000 coordinates"),
        (svg(f'<g transform="{"scale(1)" * 200}"/>'), "more than 1,000 characters"),
        (svg(" " * BYTES_MAX), "bytes, the limit"),
    ],
)
@in_time
def test_what_cannot_be_used_is_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(DataError, match=reason) as caught:
        svg_strokes(content)
    assert "\n" not in str(caught.value)


def hostile(address: str, secret: Path) -> dict[str, bytes]:
    """Files that would fetch, read or run something, by name."""
    line = '<path d="M0 0H4V2"/>'
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink"'
    return {
        "entity.svg": f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
        + svg(f"<text>&x;</text>{line}"),
        "parameter.svg": f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "{address}/dtd"> %x;]>'.encode()
        + svg(line),
        "dtd.svg": f'<!DOCTYPE svg PUBLIC "x" "{address}/svg.dtd">'.encode() + svg(line),
        "script.svg": svg(f'<script href="{address}/a.js">fetch("{address}")</script>{line}'),
        "image.svg": svg(f'<image xlink:href="{address}/a.png" width="9"/>{line}', link),
        "use.svg": svg(f'<use xlink:href="{address}/a.svg#x"/>{line}', link),
        "style.svg": f'<?xml-stylesheet href="{address}/a.css"?>'.encode()
        + svg(f'<style>@import url("{address}/b.css");</style>{line}'),
        "onload.svg": svg(line, f"onload=\"fetch('{address}')\""),
    }


def test_nothing_is_fetched_or_run(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("M0 0h999")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
            for name, content in hostile(address, secret).items():
                archive.writestr(f"set/{name}", content)
        source = opened(tmp_path / "all.zip")
        for i in range(len(source)):
            strokes = source[i].strokes
            assert strokes is not None
            assert [s.tolist() for s in strokes] == [CORNER]
            assert source[i].label == "set"
        with pytest.raises(TimeoutError):
            server.accept()
    kept = [source.group(i) for i in range(len(source))]
    names = ["dtd", "image", "onload", "script", "style", "use"]
    assert kept == [f"set/{name}.svg" for name in names]
    assert len(source.skipped) == 2
    assert all("document type" in line for line in source.skipped)


def test_a_folder_is_searched_and_bad_files_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "cats").mkdir()
    (tmp_path / "cats" / "b.SVG").write_bytes(svg('<path d="M0 0h1"/>'))
    (tmp_path / "a.svg").write_bytes(svg('<path d="M0 0h1"/>'))
    (tmp_path / "bad.svg").write_bytes(BOMB)
    (tmp_path / "notes.txt").write_text("<svg/>")
    source = opened(tmp_path)
    assert [source[i].key for i in range(len(source))] == ["a.svg", "cats/b.SVG"]
    assert [source[i].label for i in range(len(source))] == [tmp_path.name, "cats"]
    assert len(source.skipped) == 1
    assert "bad.svg: declares" in source.skipped[0]
    (tmp_path / "a.svg").unlink()
    with pytest.raises(DataError, match=r"a\.svg: No such file"):
        source[0]


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no \.svg"):
        opened(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        opened(tmp_path / "missing")
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(DataError, match="neither a folder nor a zip"):
        opened(tmp_path / "a.zip")
    (tmp_path / "bad.svg").write_bytes(BOMB)
    with pytest.raises(DataError, match="none of 1 drawings can be used"):
        opened(tmp_path)


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.svg", svg(" " * (64 << 20)))
        archive.writestr("good.svg", svg('<path d="M0 0h1"/>'))
    source = opened(tmp_path / "bomb.zip")
    assert len(source) == 1
    assert f"more than {BYTES_MAX:,} bytes" in source.skipped[0]


def test_a_damaged_zip_entry_is_skipped(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bad.svg", svg('<path d="M0 0h1"/>' * 50))
        archive.writestr("good.svg", svg('<path d="M0 0h1"/>'))
    content = bytearray((tmp_path / "a.zip").read_bytes())
    content[50:60] = bytes(10)
    (tmp_path / "a.zip").write_bytes(content)
    source = opened(tmp_path / "a.zip")
    assert [source.group(i) for i in range(len(source))] == ["good.svg"]
    assert "cannot be unpacked" in source.skipped[0]


def test_real_drawings_come_back(tmp_path: Path, shared_data: Path) -> None:
    path = str(shared_data / "quickdraw" / "cat.ndjson.gz")
    drawings = build_quickdraw(QuickdrawOptions(path=path, limit=10))
    for i in range(10):
        lines = "".join(
            f'<polyline points="{" ".join(f"{x:g},{y:g}" for x, y in stroke)}"/>'
            for stroke in drawings[i].strokes or ()
        )
        (tmp_path / f"{i}.svg").write_bytes(svg(lines, 'viewBox="0 0 256 256"'))
    source = opened(tmp_path)
    for i in range(10):
        ours, theirs = source[i].strokes, drawings[i].strokes
        assert ours is not None
        assert theirs is not None
        inks = [rasterise(fit_strokes(s, 64, 64, 2), 64, 64, 1) for s in (ours, theirs)]
        assert inks[0] == pytest.approx(inks[1], abs=0.2)
        assert np.abs(inks[0] - inks[1]).mean() < 1e-3


number = st.one_of(
    st.integers(-999, 999).map(str), st.floats().map(repr), st.text("-+.e0", max_size=4)
)
commands = st.tuples(st.sampled_from("MmLlHhVvCcSsQqTtAaZz"), st.lists(number, max_size=8))
path_data = st.lists(commands, max_size=8).map(
    lambda all_: " ".join(f"{name}{' '.join(values)}" for name, values in all_)
)


def check(content: bytes) -> None:
    """It is drawn or refused."""
    try:
        strokes = svg_strokes(content)
    except DataError as error:
        strokes, lines = (), str(error).splitlines()
    else:
        lines = ["none"] if strokes else []
    assert len(lines) == 1
    for stroke in strokes:
        assert stroke.dtype == np.float32
        assert stroke.shape == (len(stroke), 2)
        assert np.isfinite(stroke).all()
        assert len(stroke) >= 1


@given(data=path_data, place=st.sampled_from(["d", "points", "transform"]))
@settings(max_examples=200, deadline=None)
@in_time
def test_any_path_is_strokes_or_an_error(data: str, place: str) -> None:
    tag = "polyline" if place == "points" else "path"
    rest = ' d="M0 0h1v2"' if place == "transform" else ""
    check(svg(f'<{tag} {place}="{data}"{rest}/>'))


@given(content=st.binary(max_size=200), wrap=st.booleans())
@settings(max_examples=200, deadline=None)
@in_time
def test_any_bytes_are_strokes_or_an_error(content: bytes, wrap: bool) -> None:
    closing: Callable[[bytes], bytes] = lambda c: b"<svg>" + c + b"</svg>"  # noqa: E731
    check(closing(content) if wrap else content)
