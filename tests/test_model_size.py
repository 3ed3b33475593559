"""Parameters, multiply-adds and activations against counts made by hand."""

import pytest

from zoo.model_size import activation_bytes, layer_sizes, multiply_adds, parameter_count
from zoo.quiet import import_tensorflow

import_tensorflow()
import keras  # noqa: E402
from keras import layers  # noqa: E402

H, W, C = 16, 24, 4
CASES = {
    "same": (layers.Conv2D(8, 3, padding="same"), H * W * 8 * 3 * 3 * C),
    "valid": (layers.Conv2D(8, 3), (H - 2) * (W - 2) * 8 * 3 * 3 * C),
    "strided": (layers.Conv2D(8, 5, 2, padding="same"), H // 2 * W // 2 * 8 * 5 * 5 * C),
    "dilated": (layers.Conv2D(8, 3, dilation_rate=2, padding="same"), H * W * 8 * 9 * C),
    "grouped": (layers.Conv2D(8, 3, groups=2, padding="same"), H * W * 8 * 9 * C // 2),
    "transposed": (layers.Conv2DTranspose(8, 3, 2, padding="same"), H * W * 8 * 9 * C),
    "depthwise": (layers.DepthwiseConv2D(3, padding="same"), H * W * C * 9),
    "separable": (layers.SeparableConv2D(8, 3, padding="same"), H * W * C * (9 + 8)),
    "dense": (layers.Dense(7), H * W * C * 7),
    "einsum": (layers.EinsumDense("bhwc,cd->bhwd", (None, None, 5)), H * W * C * 5),
    "none": (layers.ReLU(), 0),
}


@pytest.mark.parametrize("case", CASES)
def test_multiply_adds_by_hand(case: str) -> None:
    layer, expected = CASES[case]
    image = keras.Input((H, W, C))
    model = keras.Model(image, layer(image))
    assert multiply_adds(model) == pytest.approx(expected, rel=0.01)
    row = next(row for row in layer_sizes(model) if row.name == layer.name)
    assert row.multiply_adds == multiply_adds(model)
    assert row.parameters == parameter_count(model) == model.count_params()


def test_shared_and_nested_layers_are_counted_where_they_belong() -> None:
    """Names that look like each other's second call must not be mixed up."""
    twice = layers.Conv2D(C, 3, padding="same", name="conv")
    other = layers.Conv2D(2, 1, name="conv_1")
    inner_input = keras.Input((H, W, C))
    inner = keras.Model(inner_input, layers.Conv2D(C, 1, name="deep")(inner_input), name="inner")
    image = keras.Input((H, W, C))
    model = keras.Model(image, other(inner(twice(twice(image)))))
    rows = {row.name: row for row in layer_sizes(model)}
    assert rows["conv"].multiply_adds == 2 * H * W * C * C * 9
    assert rows["conv_1"].multiply_adds == H * W * C * 2
    assert rows["deep"].multiply_adds == H * W * C * C
    assert rows["conv_1"].output_shape == ((H, W, 2),)
    assert sum(row.parameters for row in rows.values()) == parameter_count(model)
    assert sum(row.multiply_adds for row in rows.values()) == multiply_adds(model)


def test_several_inputs_and_outputs_and_bytes() -> None:
    image, mask = keras.Input((H, W, 1), name="image"), keras.Input((H, W, 1), name="mask")
    x = layers.Concatenate()([image, mask])
    x = layers.Conv2D(4, 3, padding="same")(x)
    logits = layers.Dense(1)(layers.Flatten()(x))
    model = keras.Model({"image": image, "mask": mask}, {"logits": [logits], "features": [x]})
    floats = H * W * (1 + 1 + 2 + 4 + 4) + 1
    assert activation_bytes(model, 3) == 3 * 4 * floats
    assert multiply_adds(model) == H * W * 4 * 9 * 2 + H * W * 4


def test_counting_leaves_the_model_as_it_was() -> None:
    image = keras.Input((H, W, C))
    model = keras.Model(image, layers.Conv2D(2, 3)(image))
    drawing = keras.ops.ones((1, H, W, C))
    before = model(drawing)
    layer_sizes(model)
    assert "call" not in vars(model.layers[1])
    assert keras.ops.all(model(drawing) == before)
