"""Importing TensorFlow without its chatter."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from zoo.errors import UsageError


def import_tensorflow() -> Any:
    """Import TensorFlow and Keras and return the module ``tensorflow``.

    What the libraries print on stderr while they are imported (file descriptor 2: it comes from
    C++) is dropped, unless the import fails or ``ZOO_DEBUG=1`` is set.

    Raises:
        UsageError: Keras is set to another backend.
    """
    _check_backend(os.environ.get("KERAS_BACKEND", "tensorflow"))
    if "tensorflow" in sys.modules and "keras" in sys.modules:
        keras = sys.modules["keras"]
    else:
        with _stderr_kept_back():
            import_module("tensorflow")
            keras = import_module("keras")
    _check_backend(keras.backend.backend())
    return sys.modules["tensorflow"]


def _check_backend(name: str) -> None:
    if name != "tensorflow":
        raise UsageError(
            f'Keras is set to the backend "{name}", zoo needs TensorFlow: '
            "set KERAS_BACKEND=tensorflow"
        )


@contextmanager
def _stderr_kept_back() -> Iterator[None]:
    if os.environ.get("ZOO_DEBUG") == "1":
        yield
        return
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as sink:
        os.dup2(sink.fileno(), 2)
        failed = True
        try:
            yield
            failed = False
        finally:
            sys.stderr.flush()
            os.dup2(kept, 2)
            os.close(kept)
            if failed:
                sink.seek(0)
                os.write(2, sink.read())
