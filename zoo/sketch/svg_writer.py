"""What was drawn in the holes of a picture as SVG."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np

from zoo.sketch.marks import Area, Line
from zoo.sketch.redraw import Redrawn

Colour = tuple[int, int, int]


def svg_bytes(redrawn: Redrawn, colours: Sequence[Colour]) -> bytes:
    """SVG 1.1 of the picture's size with a path for each line and area of the completed part.

    Args:
        redrawn: The completed page.
        colours: Red, green and blue of 255, one for each of its parts.
    """
    height, width = (str(side) for side in redrawn.ink.shape)
    page = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "version": "1.1",
            "width": width,
            "height": height,
            "viewBox": f"0 0 {width} {height}",
        },
    )
    for part, colour in zip(redrawn.parts, colours, strict=True):
        paint = "#{:02x}{:02x}{:02x}".format(*colour)
        group = SubElement(page, "g", {"stroke-linecap": "round", "stroke-linejoin": "round"})
        for mark in part.marks:
            SubElement(
                group, "path", _line(mark, paint) if isinstance(mark, Line) else _area(mark, paint)
            )
    return tostring(page, "utf-8", xml_declaration=True) + b"\n"


def _line(line: Line, paint: str) -> dict[str, str]:
    # One point is a line to itself, whose round ends make a dot.
    points = line.points if len(line.points) > 1 else line.points.repeat(2, axis=0)
    width = f"{float(line.widths.mean()):.2f}"
    return {"d": _path(points), "fill": "none", "stroke": paint, "stroke-width": width}


def _area(area: Area, paint: str) -> dict[str, str]:
    outlines = " ".join(f"{_path(outline)} Z" for outline in area.outlines)
    return {"d": outlines, "fill": paint, "fill-rule": "evenodd", "stroke": "none"}


def _path(points: np.ndarray) -> str:
    """In SVG a pixel's centre is half a pixel from its corner."""
    first, *others = (f"{x:.2f} {y:.2f}" for x, y in (points + 0.5).tolist())
    return f"M {first} L {' '.join(others)}"
