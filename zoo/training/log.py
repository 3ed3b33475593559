"""What a training writes down as it goes on: the run's own log, and TensorBoard's beside it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from zoo.errors import UsageError
from zoo.runs import Run
from zoo.settings import Settings


@dataclass(frozen=True)
class Log:
    """Where records and samples go.

    Attributes:
        run: The run directory, whose ``metrics.jsonl`` is the primary log.
        board: TensorFlow's summary writer into ``RUN/tensorboard``, or None.
    """

    run: Run
    board: Any = None

    def record(self, record: Mapping[str, Any]) -> None:
        """Append a record; its numbers but the step are TensorBoard's scalars."""
        self.run.log(record)
        if self.board is None:
            return
        import tensorflow as tf

        with self.board.as_default(step=record["step"]):
            for name, value in record.items():
                if name != "step":
                    tf.summary.scalar(name, value)

    def samples(self, step: int) -> None:
        """Give TensorBoard the sample picture of a step."""
        if self.board is None:
            return
        import tensorflow as tf

        with Image.open(self.run.sample(step)) as picture:
            pixels = np.asarray(picture.convert("RGB"))
        with self.board.as_default(step=step):
            tf.summary.image("samples", pixels[None])


@contextmanager
def open_log(run: Run, settings: Settings) -> Iterator[Log]:
    """The log that the settings ask for, closed at the end."""
    if settings.log is None:
        yield Log(run)
        return
    import tensorflow as tf

    board = tf.summary.create_file_writer(str(run.path / "tensorboard"))
    try:
        yield Log(run, board)
    finally:
        board.close()


def check_log(settings: Settings) -> None:
    """Refuse a log whose package is missing.

    Raises:
        UsageError: With the command that installs it.
    """
    if settings.log == "tensorboard" and find_spec("tensorboard") is None:
        raise UsageError(
            "--log tensorboard needs a package that is not installed: "
            "pip install 'sketch-zoo[tensorboard]'"
        )
