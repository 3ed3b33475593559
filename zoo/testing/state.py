"""The state of a process that a component could change behind the others' backs."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# What TensorFlow answers where no seed was set.
_NO_SEED = 87654321


@contextmanager
def global_state_kept() -> Iterator[None]:
    """Put seeds, Keras' and TensorFlow's settings, NumPy's print options and ``environ`` back."""
    before = snapshot()
    try:
        yield
    finally:
        for name, value in before.items():
            if name in _RESTORE:
                _RESTORE[name](value)


def snapshot() -> dict[str, Any]:
    """The global state now, by name. Of libraries that are imported only."""
    state: dict[str, Any] = {"environ": dict(os.environ), "random": random.getstate()}
    if np := sys.modules.get("numpy"):
        state["numpy.random"] = np.random.get_state(legacy=False)
        state["numpy.printoptions"] = np.get_printoptions()
    if keras := _imported("keras"):
        state |= {name: getattr(keras.config, name)() for name in ("floatx", "epsilon")}
        state["image_data_format"] = keras.config.image_data_format()
        state["dtype_policy"] = keras.config.dtype_policy().name
    if tf := _imported("tensorflow"):
        state["tensorflow seed"] = tf.compat.v1.get_seed(1)[0]
        state["functions_run_eagerly"] = tf.config.functions_run_eagerly()
        state["visible devices"] = tf.config.get_visible_devices()
    return state


def changed_since(before: dict[str, Any]) -> list[str]:
    """Names of what is no longer as it was at a snapshot."""
    after = snapshot()
    return [name for name, value in before.items() if repr(after[name]) != repr(value)]


def _imported(name: str) -> Any:
    module = sys.modules.get(name)
    # Half-imported while its own import runs.
    return module if module and hasattr(module, "config") else None


def _restore_environ(before: dict[str, str]) -> None:
    for name in os.environ.keys() - before.keys():
        del os.environ[name]
    os.environ.update(before)


def _restore_seed(seed: int) -> None:
    if seed != _NO_SEED:
        sys.modules["tensorflow"].random.set_seed(seed)


def _keras(setter: str) -> Callable[[Any], None]:
    return lambda value: getattr(sys.modules["keras"].config, setter)(value)


_RESTORE: dict[str, Callable[[Any], None]] = {
    "environ": _restore_environ,
    "random": random.setstate,
    "numpy.random": lambda state: sys.modules["numpy"].random.set_state(state),
    "numpy.printoptions": lambda options: sys.modules["numpy"].set_printoptions(**options),
    "floatx": _keras("set_floatx"),
    "epsilon": _keras("set_epsilon"),
    "image_data_format": _keras("set_image_data_format"),
    "dtype_policy": _keras("set_dtype_policy"),
    "tensorflow seed": _restore_seed,
    "functions_run_eagerly": lambda on: sys.modules["tensorflow"].config.run_functions_eagerly(on),
}
