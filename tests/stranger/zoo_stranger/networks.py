"""A generator and a discriminator."""

import keras

from zoo.layers import PixelShuffle, normalise


def build_generator(options, image_shape):
    """An hourglass: (B, H, W, 1) logits, and those of an early stage."""
    image = keras.Input(image_shape, name="image")
    mask = keras.Input(image_shape, name="mask")
    noise = keras.Input((options.noise,), name="noise")
    x = keras.layers.Concatenate()([image, mask])
    near = keras.layers.Conv2D(options.width, 3, 2, padding="same", activation="gelu")(x)
    far = keras.layers.Conv2D(2 * options.width, 3, 2, padding="same")(near)
    far = keras.layers.Activation("gelu")(normalise("instance")(far))
    mood = keras.layers.Dense(2 * options.width)(noise)
    far = far + keras.layers.Reshape((1, 1, 2 * options.width))(mood)
    far = keras.layers.Conv2D(2 * options.width, 3, padding="same", activation="gelu")(far)
    early = PixelShuffle(4)(keras.layers.Conv2D(16, 3, padding="same")(far))
    x = keras.layers.Concatenate()([keras.layers.UpSampling2D()(far), near])
    x = keras.layers.Conv2D(options.width, 3, padding="same", activation="gelu")(x)
    logits = PixelShuffle(2)(keras.layers.Conv2D(4, 3, padding="same")(x))
    inputs = {"image": image, "mask": mask, "noise": noise}
    return keras.Model(inputs, {"logits": logits, "stages": [early]})


def build_discriminator(options, image_shape):
    """A map of logits at half of the resolution, and one logit for the whole."""
    image = keras.Input(image_shape, name="image")
    near = keras.layers.Conv2D(options.width, 3, 2, padding="same")(image)
    near = keras.layers.LeakyReLU(0.2)(near)
    far = keras.layers.Conv2D(2 * options.width, 3, 4, padding="same")(near)
    far = keras.layers.LeakyReLU(0.2)(far)
    whole = keras.layers.Dense(1)(keras.layers.Flatten()(far))
    logits = [keras.layers.Conv2D(1, 3, padding="same")(near), whole]
    return keras.Model({"image": image}, {"logits": logits, "features": [near, far]})
