"""Completers without training: the scores that a trained model must beat."""

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np

from zoo.contracts.completer import Completer
from zoo.evaluation.options import InpaintOptions
from zoo.options import Options


def build_blank(options: Options, training_source: object) -> Completer:
    """Leave the hole empty."""
    return _each(lambda image, mask: np.zeros_like(image))


def build_full(options: Options, training_source: object) -> Completer:
    """Fill the hole with ink."""
    return _each(lambda image, mask: np.ones_like(image))


def build_telea(options: InpaintOptions, training_source: object) -> Completer:
    """OpenCV's inpainting by fast marching.

    Paper: Telea 2004, An Image Inpainting Technique Based on the Fast Marching Method.
    """
    return _inpaint(cv2.INPAINT_TELEA, options.radius)


def build_navier_stokes(options: InpaintOptions, training_source: object) -> Completer:
    """OpenCV's inpainting by fluid dynamics.

    Paper: Bertalmio, Bertozzi and Sapiro 2001, Navier-Stokes, Fluid Dynamics, and Image and Video
    Inpainting.
    """
    return _inpaint(cv2.INPAINT_NS, options.radius)


def _inpaint(method: int, radius: float) -> Completer:
    def complete(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        pixels = np.rint(image * 255).astype(np.uint8)
        hole = (mask > 0).astype(np.uint8)
        return cv2.inpaint(pixels, hole, radius, method).astype(np.float32) / 255

    return _each(complete)


def _each(complete: Callable[[np.ndarray, np.ndarray], Any]) -> Completer:
    """A completer from a function of one drawing: image and mask (H, W) to ink (H, W)."""

    def completer(
        keys: Sequence[str], images: np.ndarray, masks: np.ndarray, seeds: Sequence[int]
    ) -> np.ndarray:
        ink = np.empty_like(images)
        for i, (image, mask) in enumerate(zip(images[..., 0], masks[..., 0], strict=True)):
            ink[i, ..., 0] = complete(image, mask)
        return ink

    return completer
