"""The settings of a run: everything that is not a component."""

from typing import Literal, Self

from pydantic import Field, model_validator

from zoo.options import FrozenModel


class Settings(FrozenModel):
    """Everything of a run that is not a component. Each field is a flag of ``zoo train``."""

    size: int = Field(64, ge=16, le=2048, description="height and width in pixels")
    batch_size: int = Field(16, ge=1, le=4096, description="examples in a step")
    steps: int = Field(5000, ge=1, le=100_000_000, description="steps to train")
    epochs: int | None = Field(
        None, ge=1, description="passes over the drawings, in place of steps"
    )
    max_minutes: float | None = Field(None, gt=0, description="stop after that time")
    lr: float = Field(5e-4, gt=0, le=1, description="learning rate of the generator (Adam)")
    d_lr: float = Field(2e-4, gt=0, le=1, description="learning rate of the discriminator (Adam)")
    n_critic: int = Field(
        1, ge=1, le=100, description="discriminator's steps in a step, each on a batch of its own"
    )
    beta1: float = Field(0.5, ge=0, lt=1, description="Adam's beta 1")
    lr_schedule: Literal["constant", "cosine", "linear"] = Field(
        "constant", description="how the learning rates fall to 0 at the last step"
    )
    warmup: int = Field(0, ge=0, description="steps in which the learning rates rise from 0")
    clip: float | None = Field(None, gt=0, description="largest global norm of the gradients")
    ema: float = Field(0.999, ge=0, lt=1, description="decay of the averaged generator; 0: none")
    drawings: int | None = Field(
        None,
        ge=1,
        description="train on so many of the training drawings, chosen by the seed; default: all",
    )
    holes: int = Field(1, ge=1, le=64, description="holes per drawing and epoch")
    flip: bool = Field(True, description="mirror half of the training drawings")
    rotate: float = Field(
        0, ge=0, le=45, description="turn training drawings by up to so many degrees"
    )
    scale: float = Field(
        0, ge=0, le=0.5, description="make training drawings smaller by up to this share"
    )
    shear: float = Field(
        0, ge=0, le=0.5, description="slant training drawings by up to this share of their height"
    )
    pen_jitter: float = Field(
        0, ge=0, le=0.5, description="change the pen's width by up to this share; not of images"
    )
    wobble: float = Field(
        0,
        ge=0,
        le=0.1,
        description="unsteadiness of strokes, as a share of the drawing; not of images; try 0.01",
    )
    cache: bool = Field(False, description="keep rasterised drawings on disk, per size and pen")
    ink_min: float = Field(0.1, ge=0, le=1, description="smallest share of ink that is removed")
    ink_max: float = Field(0.6, gt=0, le=1, description="largest share of ink that is removed")
    area_max: float = Field(0.6, gt=0, le=1, description="largest share of the area that is hidden")
    ink_start: float | None = Field(
        None, gt=0, le=1, description="what ink_max is at the first step; from there it changes"
    )
    ink_ramp: float = Field(
        0.5, gt=0, le=1, description="part of training after which ink_start has become ink_max"
    )
    critic_sees: Literal["composite", "raw"] = Field(
        "composite", description="what the discriminator judges"
    )
    stage_weight: float = Field(1.0, ge=0, description="factor of the losses of earlier stages")
    init: str | None = Field(
        None,
        description="run, bundle or installed model whose weights are the start, layers that fit",
    )
    seed: int = Field(0, ge=0, lt=2**31, description="same seed, same result")
    device: str = Field("auto", description="auto, cpu, gpu, gpu:N, or all (every GPU)")
    jit: bool | None = Field(None, description="compile the step with XLA; default: on one device")
    eager: bool = Field(False, description="run the step in Python, for debuggers")
    bfloat16: bool = Field(
        False,
        description="convolutions in bfloat16, without XLA: faster on a CPU that has it",
    )
    workers: int | None = Field(
        None,
        ge=0,
        le=64,
        description="processes that draw batches; 0: none; default: half of the cores",
    )
    checkpoint_every: int = Field(
        500, ge=1, description="steps between checkpoints, samples and validation"
    )
    log: Literal["tensorboard"] | None = Field(
        None, description="also write scalars and samples for TensorBoard, into RUN/tensorboard"
    )

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("ink_max", "ink_start"):
            most = getattr(self, name)
            if most is not None and self.ink_min >= most:
                raise ValueError(f"ink_min={self.ink_min} must be below {name}={most}")
        return self

    @model_validator(mode="after")
    def _one_way_to_compile(self) -> Self:
        for name in ("jit", "eager"):
            if self.bfloat16 and getattr(self, name):
                raise ValueError(f"bfloat16 does not go with {name}: leave one of them out")
        return self
