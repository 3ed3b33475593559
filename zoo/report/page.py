"""The HTML of a report: everything inside of one file, nothing from the network."""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from zoo.report.judged import Judged

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 1200px; margin: 2em auto; padding: 0 1em; }
h1, h2, h3 { line-height: 1.2; } h2 { margin-top: 2em; border-bottom: 1px solid #ddd; }
table { border-collapse: collapse; } td, th { padding: .2em .8em; border-bottom: 1px solid #eee;
  text-align: left; vertical-align: top; } .scroll { overflow-x: auto; }
.curves { display: flex; flex-wrap: wrap; gap: .5em; } .curves img { width: 380px; }
.samples { display: flex; gap: 1em; } figure { margin: 0; } img { max-width: 100%; }
.samples img { max-width: none; height: 420px; } figcaption { color: #666; }
.own td { font-weight: bold; } .note { color: #a33; } code { overflow-wrap: anywhere; }
"""


@dataclass(frozen=True)
class Column:
    """A run in a report.

    Attributes:
        label: What the report calls it.
        facts: What there is to say of it, by name.
        settings: Its configuration, flat.
        versions: Distribution -> version.
        samples: Step -> PNG of the fixed drawings.
        judged: What was measured of it, or why it was not.
    """

    label: str
    facts: Mapping[str, str]
    settings: Mapping[str, str]
    versions: Mapping[str, str]
    samples: Mapping[int, bytes]
    judged: Judged | str


def make_page(columns: Sequence[Column], curves: Sequence[bytes]) -> str:
    """The whole file.

    Args:
        columns: The runs, side by side in tables and one after another in pictures.
        curves: SVG pictures.
    """
    title = escape(", ".join(column.label for column in columns))
    parts = [
        _section("Summary", _side_by_side(columns, [c.facts for c in columns])),
        _section("Scores", "".join(_scores(column) for column in columns)),
        _section("Curves", f'<div class="curves">{"".join(map(_svg, curves))}</div>'),
        _section("Samples through time", "".join(_samples(column) for column in columns)),
        _section("Worst cases", "".join(_worst(column) for column in columns)),
        _section("Configuration", _configuration(columns)),
        _section("Versions", _side_by_side(columns, [c.versions for c in columns])),
    ]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{title}</h1>
{"".join(parts)}
</body>
</html>
"""


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>\n{content}\n</section>\n"


def _side_by_side(columns: Sequence[Column], said: Sequence[Mapping[str, str]]) -> str:
    """A table with a column for each run, and a row for each name that any of them has."""
    names = dict.fromkeys(name for values in said for name in values)
    rows = ([name, *(values.get(name, "") for values in said)] for name in names)
    return _table(["", *(column.label for column in columns)], rows)


def _configuration(columns: Sequence[Column]) -> str:
    said = [column.settings for column in columns]
    whole = _side_by_side(columns, said)
    if len(columns) == 1:
        return whole
    names = dict.fromkeys(name for values in said for name in values)
    differ = [n for n in names if len({values.get(n) for values in said}) > 1]
    some = [{name: values.get(name, "") for name in differ} for values in said]
    return (
        f"<h3>Where they differ</h3>{_side_by_side(columns, some)}"
        f"<details><summary>Everything</summary>{whole}</details>"
    )


def _scores(column: Column) -> str:
    if isinstance(column.judged, str):
        return f"{_name(column)}{_note(column.judged)}"
    results = [(column.label, column.judged.model)]
    results += [(floor.name, floor) for floor in column.judged.floors]
    count = column.judged.model.summary["images"]
    rows = []
    for number, (name, result) in enumerate(results):
        score = result.summary["means"]["ink_f1"]
        cells = [name, f"{score['mean']:.3f}", f"{score['low']:.3f} to {score['high']:.3f}"]
        rows.append(_row(cells, "own" if number == 0 else ""))
    head = _row(["", "ink_f1 in the hole", "95 % interval"], cell="th")
    about = (
        f"<p>{count} validation drawings of the run's own data, with its own kinds of holes.</p>"
    )
    return f"{_name(column)}{about}<table>{head}{''.join(rows)}</table>"


def _samples(column: Column) -> str:
    figures = [
        f"<figure>{_png(png, f'step {step}')}<figcaption>step {step}</figcaption></figure>"
        for step, png in column.samples.items()
    ]
    shown = f'<div class="scroll"><div class="samples">{"".join(figures)}</div></div>'
    return _name(column) + (shown if figures else _note("no samples yet"))


def _worst(column: Column) -> str:
    if isinstance(column.judged, str):
        return f"{_name(column)}{_note(column.judged)}"
    return _name(column) + _png(column.judged.worst, "the drawings that it completed worst")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(head, cell="th"), *map(_row, rows)]
    return f'<div class="scroll"><table>{"".join(lines)}</table></div>'


def _row(cells: Iterable[str], kind: str = "", cell: str = "td") -> str:
    inside = "".join(f"<{cell}>{escape(text)}</{cell}>" for text in cells)
    return f'<tr class="{kind}">{inside}</tr>\n' if kind else f"<tr>{inside}</tr>\n"


def _name(column: Column) -> str:
    return f"<h3>{escape(column.label)}</h3>\n"


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>\n'


def _png(data: bytes, text: str) -> str:
    return _picture("png", data, text)


def _svg(data: bytes) -> str:
    return _picture("svg+xml", data, "curve")


def _picture(kind: str, data: bytes, text: str) -> str:
    encoded = base64.b64encode(data).decode()
    return f'<img alt="{escape(text)}" src="data:image/{kind};base64,{encoded}">'
