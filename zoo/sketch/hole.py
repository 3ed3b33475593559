"""Which part of a picture is to be redrawn, as a user says it."""

from pathlib import Path

import cv2
import numpy as np

from zoo.errors import UsageError
from zoo.sketch.picture import Picture, open_picture

Box = tuple[int, int, int, int]


def box_hole(box: Box, shape: tuple[int, int], name: str) -> np.ndarray:
    """A rectangle, as far as it lies within the picture.

    Args:
        box: x, y, width, height in pixels from the upper left corner.
        shape: Height and width of the picture in pixels.
        name: What to call the picture in an error.

    Returns:
        (H, W) bool.

    Raises:
        UsageError: It covers nothing of the picture.
    """
    x, y, w, h = box
    hole = np.zeros(shape, bool)
    hole[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)] = True
    if not hole.any():
        raise UsageError(
            f"hole {x},{y},{w},{h} covers nothing of {name}, which is {shape[1]}x{shape[0]} "
            "pixels: give x,y,w,h with w and h above 0, from the upper left corner"
        )
    return hole


def open_hole(path: Path, shape: tuple[int, int], name: str) -> np.ndarray:
    """A mask in an image file: white = hole; black and transparent = visible.

    Args:
        path: The image file.
        shape: Height and width in pixels that it must have.
        name: What to call the picture in an error.

    Returns:
        (H, W) bool.

    Raises:
        UsageError: It has another size or covers nothing.
        DataError: It cannot be read.
    """
    hole = hole_pixels(open_picture(path))
    if hole.shape != shape:
        raise UsageError(
            f"{path} is {hole.shape[1]}x{hole.shape[0]} pixels, but {name} is "
            f"{shape[1]}x{shape[0]}: make the mask of the same size"
        )
    if not hole.any():
        raise UsageError(f"mask {path} covers nothing: paint white what is to be redrawn")
    return hole


def hole_pixels(picture: Picture) -> np.ndarray:
    """What a picture of a mask hides: (H, W) bool, True where it is white and not transparent."""
    pixels = picture.pixels
    half = np.iinfo(pixels.dtype).max / 2
    colours = 3 if pixels.shape[-1] >= 3 else 1
    hole: np.ndarray = pixels[..., :colours].mean(-1, dtype=np.float32) > half
    if colours < pixels.shape[-1]:
        hole &= pixels[..., -1] > half
    return hole


def clear_hole(picture: Picture, name: str) -> np.ndarray:
    """What is transparent in a picture: less than half opaque.

    Args:
        picture: The picture.
        name: What to call it in an error.

    Returns:
        (H, W) bool.

    Raises:
        UsageError: Nothing is.
    """
    pixels = picture.pixels
    if pixels.shape[-1] in (2, 4):
        hole: np.ndarray = pixels[..., -1] < 128
        if hole.any():
            return hole
    raise UsageError(
        f"nothing says what to redraw of {name}, in which no pixel is transparent: give "
        "--mask FILE (white = hole), --hole x,y,w,h or --hole-color COLOUR"
    )


def array_hole(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """A mask in memory: anything but 0 = hole.

    Args:
        mask: (H, W) or (H, W, 1) of any type.
        shape: Height and width of the drawing.

    Returns:
        (H, W) bool.

    Raises:
        UsageError: It has another shape or covers nothing.
    """
    hole = np.asarray(mask) != 0
    if hole.shape not in (shape, (*shape, 1)):
        raise UsageError(
            f"the mask has shape {hole.shape}, the drawing {shape}: make the mask of the same size"
        )
    if not hole.any():
        raise UsageError("the mask covers nothing: set to 1 what is to be redrawn")
    return hole.reshape(shape)


def resize_hole(hole: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A hole (H, W) as a float32 mask of another shape: a pixel is hidden if any part of it is."""
    shrinks = shape[0] * shape[1] < hole.size
    how = cv2.INTER_AREA if shrinks else cv2.INTER_NEAREST
    scaled = cv2.resize(hole.astype(np.float32), shape[::-1], interpolation=how)
    return (scaled > 0).astype(np.float32)
