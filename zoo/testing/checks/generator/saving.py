"""What becomes of it elsewhere: another process, XLA, the formats of ``zoo export``."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import tensorflow as tf

from zoo.bundles import write_bundle
from zoo.config import Part
from zoo.export.runtimes import TOLERANCE, Format, what_is_missing, write_and_compare
from zoo.inference import make_predict
from zoo.testing.check import Subject, check, require
from zoo.testing.checks.generator.model import (
    inputs_for,
    outputs,
    side,
)
from zoo.testing.fresh import complete_elsewhere
from zoo.testing.models import differs, square_model

_SAVED, _COMPILED = 1e-6, 1e-3
_SEEDS = (0, 1)


@check("generator")
def survives_a_fresh_process(subject: Subject) -> None:
    """Saved as a bundle and loaded by a fresh process, it draws the same."""
    assert subject.options is not None
    part = Part(subject.component.id, subject.options, None)
    with square_model(subject, shake=True) as model, TemporaryDirectory() as folder:
        inputs = inputs_for(model)
        images, masks = (np.asarray(inputs[name], np.float32) for name in ("image", "mask"))
        bundle = Path(folder) / "bundle"
        write_bundle(bundle, model, part, side(subject), 0, "A check.\n")
        here = make_predict(model)(images, masks, _SEEDS)
        there = complete_elsewhere(bundle, images, masks, _SEEDS)
    gap = differs("it differs", [here], [there], _SAVED)
    require(not gap, f"loaded by a fresh process {gap}: keep all that it needs in weights")


@check("generator", slow=True)
def compiles_with_xla(subject: Subject) -> None:
    """With ``jit_compile`` a pass and its gradient are the same as without."""
    with square_model(subject) as model:
        inputs = inputs_for(model)
        weights = [w.value for w in model.trainable_weights]

        def step() -> tuple[Any, Any]:
            with tf.GradientTape() as tape:
                drawn = outputs(model, inputs, training=True)
                losses = [tf.reduce_mean(logits**2) for logits in drawn]
            return drawn, tape.gradient(losses, weights)

        plain, compiled = (
            tf.function(step, jit_compile=jit, autograph=False) for jit in (False, True)
        )
        pairs = zip(("its logits differ", "its gradients differ"), plain(), compiled(), strict=True)
        for what, a, b in pairs:
            gap = differs(what, a, b, _COMPILED)
            require(not gap, f"compiled with XLA {gap}")


def _exports(subject: Subject, format_: Format) -> None:
    with square_model(subject, shake=True) as model, TemporaryDirectory() as folder:
        drawn = inputs_for(model)
        inputs = {name: np.asarray(drawn[name], np.float32) for name in ("image", "mask")}
        gap = write_and_compare(model, format_, Path(folder) / "model", inputs)
    require(gap <= TOLERANCE, f"exported to {format_} its ink differs by {gap:.2g}")


@check("generator", slow=True)
def exports_to_savedmodel(subject: Subject) -> None:
    """Exported to a SavedModel and loaded again, it draws the same."""
    _exports(subject, "savedmodel")


@check("generator", slow=True, unless=lambda _: what_is_missing("onnx"))
def exports_to_onnx(subject: Subject) -> None:
    """Exported to ONNX and run by ONNX Runtime, it draws the same."""
    _exports(subject, "onnx")


@check("generator", slow=True, unless=lambda _: what_is_missing("litert"))
def exports_to_litert(subject: Subject) -> None:
    """Exported to LiteRT and run there, it draws the same."""
    _exports(subject, "litert")
