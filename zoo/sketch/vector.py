"""From SVG to pen strokes.

The XML is read with Python's own expat and copied without everything but outlines, before any
other code sees it: no entity, script, style sheet, link or image survives.
"""

import io
import math
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, SubElement, tostring
from xml.parsers import expat

import numpy as np
import svgelements

from zoo.errors import DataError

BYTES_MAX = 2 << 20
_ELEMENTS_MAX, _NUMBERS_MAX, _POINTS_MAX, _DEPTH_MAX = 20_000, 200_000, 200_000, 100
_TRANSFORM_MAX = 1000  # characters: svgelements searches them with patterns that backtrack
_TOLERANCE = 1e-3  # of the drawing's larger side

_NAMESPACE = "http://www.w3.org/2000/svg"
_GROUPS = frozenset({"svg", "g", "a", "switch"})
_SHAPES = frozenset({"path", "polyline", "polygon", "line", "circle", "ellipse", "rect"})
_PLACES = frozenset({"x", "y", "width", "height", "x1", "y1", "x2", "y2", "cx", "cy"})
_KEPT = _PLACES | {"transform", "viewBox", "d", "points", "r", "rx", "ry"}
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)"})
_NUMBER = re.compile(r"[-+]?(?:\d*\.\d+|\d+)")


def svg_strokes(content: bytes) -> tuple[np.ndarray, ...]:
    """Outlines of what an SVG file shows, transforms applied.

    Paths, polylines, polygons, lines, circles, ellipses and rectangles are read, filled ones too;
    a closed shape is a closed stroke. Text, images, ``use`` and style sheets are passed over.
    Curves are flattened to a thousandth of the drawing's larger side.

    Returns:
        (n, 2) float32 arrays of x, y, all finite, y downwards; at least one.

    Raises:
        DataError: It is not SVG, declares entities, exceeds a limit or shows nothing; the message
            is the reason without the place.
    """
    document = _outlines(content)
    try:
        drawn = svgelements.SVG.parse(io.BytesIO(tostring(document)))
        shapes = [e for e in drawn.elements() if isinstance(e, svgelements.Shape)]
        paths = [abs(svgelements.Path(shape)) for shape in shapes]
        strokes = _flatten([segment for path in paths for segment in path])
    except DataError:
        raise
    except Exception as error:  # svgelements raises whatever a malformed number leads it to.
        reason = " ".join(str(error).split())[:100] or type(error).__name__
        raise DataError(f"a shape cannot be read ({reason})") from None
    if not strokes:
        raise DataError("shows no line")
    return strokes


def _outlines(content: bytes) -> Element:
    """A copy of the document that has only groups, shapes and their geometry."""
    if len(content) > BYTES_MAX:
        raise DataError(f"more than {BYTES_MAX:,} bytes, the limit")
    copy = _Copy()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = copy.start, copy.end
    parser.StartDoctypeDeclHandler = _refuse_subset
    parser.EntityDeclHandler = _refuse_entity
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise DataError(f"not well-formed XML ({error})") from None
    except (ValueError, LookupError) as error:
        raise DataError(f"not readable as XML ({error})") from None
    if copy.root is None:
        raise DataError("not SVG")
    return copy.root


def _refuse_subset(name: str, system: str | None, public: str | None, subset: int) -> None:
    # A mere reference to the SVG standard's DTD, which nobody fetches, stands in many good files.
    if subset:
        raise DataError("declares its own document type: remove the DOCTYPE")


def _refuse_entity(*declaration: object) -> None:
    raise DataError("declares entities: remove them")


@dataclass
class _Copy:
    """Follows the parser and copies what is seen."""

    root: Element | None = None
    # Of the open elements: the copy, or None where it and what it holds is not seen; the paint.
    above: list[tuple[Element | None, dict[str, str]]] = field(default_factory=list)
    elements: int = 0
    numbers: int = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.elements += 1
        if self.elements > _ELEMENTS_MAX:
            raise DataError(f"more than {_ELEMENTS_MAX:,} elements, the limit")
        if len(self.above) >= _DEPTH_MAX:
            raise DataError(f"elements nested more than {_DEPTH_MAX} deep, the limit")
        space, _, tag = name.rpartition(" ")
        if space not in ("", _NAMESPACE):
            tag = ""
        if self.root is None and tag != "svg":
            raise DataError("not SVG")
        parent, inherited = self.above[-1] if self.above else (None, {})
        paint = inherited | _properties(attributes)
        seen = tag in _GROUPS or (tag in _SHAPES and _painted(paint))
        hidden = paint.get("display") == "none" or paint.get("visibility") in ("hidden", "collapse")
        copied = None
        if seen and not hidden and (parent is not None or self.root is None):
            geometry = self._geometry(tag, attributes)
            if tag == "svg" and parent is not None and "viewBox" not in geometry:
                # Which svgelements would leave at the origin.
                place = f"{geometry.get('x', '0')},{geometry.get('y', '0')}"
                tag, geometry = "g", {"transform": f"translate({place})"}
            copied = (
                Element(tag, {**geometry, "xmlns": _NAMESPACE})
                if parent is None
                else SubElement(parent, tag, geometry)
            )
            self.root = copied if self.root is None else self.root
        self.above.append((copied, paint))

    def end(self, name: str) -> None:
        """An element ends."""
        self.above.pop()

    def _geometry(self, tag: str, attributes: dict[str, str]) -> dict[str, str]:
        kept = {key: value for key, value in attributes.items() if key in _KEPT}
        if tag == "svg" and self.root is None and "viewBox" in kept:
            # How large it is shown does not matter.
            kept = {key: value for key, value in kept.items() if key not in ("width", "height")}
        if len(kept.get("transform", "")) > _TRANSFORM_MAX:
            raise DataError(f"a transform of more than {_TRANSFORM_MAX:,} characters, the limit")
        for key in ("d", "points"):
            self.numbers += sum(1 for _ in _NUMBER.finditer(kept.get(key, "")))
        if self.numbers > _NUMBERS_MAX:
            raise DataError(f"more than {_NUMBERS_MAX:,} coordinates, the limit")
        return kept


def _properties(attributes: dict[str, str]) -> dict[str, str]:
    """What decides whether an element is seen; inline style before attributes."""
    style = dict(
        (part.split(":", 1)[0].strip(), part.split(":", 1)[1].strip())
        for part in attributes.get("style", "").split(";")
        if ":" in part
    )
    found = attributes | style
    names = ("fill", "stroke", "display", "visibility")
    return {name: found[name].replace(" ", "").lower() for name in names if name in found}


def _painted(paint: dict[str, str]) -> bool:
    """Whether it shows on white paper: it has an outline, or a fill that is not white."""
    outlined = paint.get("stroke", "none") not in ("none", "transparent")
    return outlined or paint.get("fill", "black") not in {"none", "transparent", *_WHITE}


def _flatten(segments: list[svgelements.PathSegment]) -> tuple[np.ndarray, ...]:
    hull = [point for segment in segments for point in _hull(segment)]
    corners = np.array(hull, np.float64).reshape(-1, 2)
    if not np.isfinite(corners).all() or np.abs(corners).max(initial=0) > 1e30:
        raise DataError("a coordinate is too large or not a number")
    tolerance = _TOLERANCE * float(np.ptp(corners, axis=0).max()) if len(corners) else 0.0
    strokes: list[np.ndarray] = []
    pieces: list[np.ndarray] = []
    count = 0
    for segment in segments:
        if isinstance(segment, svgelements.Move):
            strokes += _joined(pieces)
            pieces = []
        elif segment.start is not None and segment.end is not None:
            pieces += [] if pieces else [np.array([_xy(segment.start)])]
            pieces.append(_points(segment, tolerance))
            count += len(pieces[-1])
            if count > _POINTS_MAX:
                raise DataError(f"more than {_POINTS_MAX:,} points, the limit")
    strokes += _joined(pieces)
    return tuple(strokes)


def _joined(pieces: list[np.ndarray]) -> list[np.ndarray]:
    return [np.concatenate(pieces).astype(np.float32)] if pieces else []


def _hull(segment: svgelements.PathSegment) -> list[tuple[float, float]]:
    names = ("start", "control", "control1", "control2", "center", "end")
    points = [getattr(segment, name, None) for name in names]
    return [_xy(point) for point in points if point is not None]


def _points(segment: svgelements.PathSegment, tolerance: float) -> np.ndarray:
    """Points (n, 2) of a segment after its start, no chord farther from it than the tolerance."""
    end = np.array([_xy(segment.end)])
    match segment:
        case svgelements.CubicBezier():
            a, b, c, d = (np.array(_xy(p)) for p in segment)
            bend = 6 * max(np.hypot(*(a - 2 * b + c)), np.hypot(*(b - 2 * c + d)))
        case svgelements.QuadraticBezier():
            a, b, c = (np.array(_xy(p)) for p in segment)
            bend = 2 * np.hypot(*(a - 2 * b + c))
        case svgelements.Arc():
            # Of an ellipse: half its larger axis times the square of the angle.
            bend = max(segment.rx, segment.ry) * segment.sweep**2
        case _:
            return end
    # A chord over a step h of the parameter strays by at most h^2 / 8 of the second derivative.
    steps = math.ceil(math.sqrt(bend / (8 * tolerance))) if tolerance else 1
    inner = np.arange(1, min(steps, 1000)) / min(steps, 1000)
    return np.concatenate([segment.npoint(inner).reshape(-1, 2), end]) if inner.size else end


def _xy(point: svgelements.Point) -> tuple[float, float]:
    return float(point.x), float(point.y)
