"""Model bundles: a generator's weights and what is needed to rebuild it. No pickle.

manifest.json            component, options, size, decoding, sha256 of the other files
generator.weights.h5
card.md                  what a person wants to know
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import h5py
import numpy as np
from pydantic import Field, TypeAdapter, ValidationError

from zoo import __version__, registry
from zoo.config import Part
from zoo.contracts.generator import check_size
from zoo.decoding import Decoding
from zoo.errors import RunError, UsageError, did_you_mean
from zoo.files import digest, write_file, write_folder
from zoo.options import Options, validate
from zoo.quiet import import_tensorflow

if TYPE_CHECKING:
    import keras

_FORMAT = 2
_MANIFEST = "manifest.json"
_WEIGHTS = "generator.weights.h5"
_RAW = Decoding()


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        generator: Canonical id of the generator.
        plugin_version: Version of the distribution that brings it.
        options: The generator's options.
        size: Height and width in pixels of the drawings that it was trained on.
        step: After how many steps the weights were taken.
        decoding: What is done with its ink.
        files: sha256 of the other files by name.
        scores: By protocol its ``ink_f1`` and the ends of the 95 % interval, if it was measured.
        zoo_version: Version of core that wrote it.
        format: Version of this layout.
    """

    generator: str
    plugin_version: str
    options: dict[str, Any]
    size: Annotated[int, Field(ge=1)]
    step: int
    decoding: Decoding
    files: dict[str, str]
    scores: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    zoo_version: str = __version__
    format: int = _FORMAT


def write_bundle(
    path: Path,
    model: "keras.Model",
    generator: Part,
    size: int,
    step: int,
    card: str,
    decoding: Decoding = _RAW,
) -> None:
    """Write a bundle whole, in place of one that stood there. Arguments as in ``Manifest``.

    Raises:
        OSError: It cannot be written.
    """
    with write_folder(path) as folder:
        write_file(folder / _WEIGHTS, _pack([weight.numpy() for weight in model.weights]))
        write_file(folder / "card.md", card)
        manifest = Manifest(
            generator=generator.id,
            plugin_version=registry.find("generator", generator.id).plugin.version,
            options=generator.options.model_dump(mode="json"),
            size=size,
            step=step,
            decoding=decoding,
            files={name: digest(folder / name) for name in (_WEIGHTS, "card.md")},
        )
        write_file(folder / _MANIFEST, _json(manifest))


def publish_bundle(
    bundle: Path, path: Path, files: Mapping[str, bytes] | None = None, **changes: Any
) -> Manifest:
    """Write a copy of a bundle to ship: its weights as float16, half the size.

    Args:
        bundle: The bundle.
        path: Folder to write; what stood there is replaced.
        files: What lies beside manifest and weights, by name, in addition to the bundle's own or
            in place of it: ``card.md`` and its pictures.
        changes: Other values of ``Manifest``.

    Returns:
        The copy's manifest.

    Raises:
        RunError: The bundle is damaged.
        OSError: It cannot be written.
    """
    with write_folder(path) as folder:
        # From here on the copy: a run that is still training may replace the original meanwhile.
        shutil.copytree(bundle, folder, dirs_exist_ok=True)
        manifest = read_manifest(folder)
        check_files(folder, manifest)
        packed = _pack([_halved(weight) for weight in _read_weights(folder)])
        for name, content in {_WEIGHTS: packed, **(files or {})}.items():
            write_file(folder / name, content)
        names = sorted({*manifest.files, *(files or {})})
        digests = {name: digest(folder / name) for name in names}
        manifest = replace(manifest, files=digests, **changes)
        write_file(folder / _MANIFEST, _json(manifest))
    return manifest


def find_bundle(name: str | Path) -> Path:
    """The bundle that a run directory, a bundle's folder or an installed model's name means.

    Raises:
        UsageError: It is none of these, or a run that has no bundle yet.
    """
    path = Path(name)
    if (path / _MANIFEST).is_file():
        return path
    if (path / "config.toml").is_file():
        if (path / "best" / _MANIFEST).is_file():
            return path / "best"
        raise UsageError(f"run {path} has no model yet: continue it: zoo resume {path}")
    models = registry.list_components("model")
    known = [known for model in models for known in model.names]
    if str(name) in known:
        return _installed(str(name))
    if path.exists():
        raise UsageError(
            f"{path} is neither a run directory nor a model bundle: "
            "name the folder that has config.toml or manifest.json"
        )
    installed = ", ".join(model.spec.name for model in models) or "none"
    raise UsageError(
        f'No run, bundle or model "{name}".{did_you_mean(str(name), known)} '
        f"Installed models: {installed}; make one: zoo train"
    )


def read_manifest(path: Path) -> Manifest:
    """Read a bundle's manifest.

    Raises:
        RunError: It is damaged or of a newer format.
    """
    try:
        raw = json.loads((path / _MANIFEST).read_text(encoding="utf-8"))
        if raw["format"] > _FORMAT:
            raise RunError(
                f"{path}: format {raw['format']} is newer than this zoo {__version__} can read: "
                "pip install -U sketch-zoo"
            )
        if raw["format"] == 1:  # knew no decoding but a threshold
            raw |= {"decoding": {"threshold": raw["threshold"]}, "format": _FORMAT}
        manifest = TypeAdapter(Manifest).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(key) for key in first["loc"])
        raise _damaged(path, f"{where}: {first['msg']}") from None
    except (OSError, ValueError, TypeError, LookupError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from None
    if _WEIGHTS not in manifest.files:
        raise _damaged(path, f"it does not name {_WEIGHTS}")
    return manifest


def generator_part(manifest: Manifest) -> Part:
    """The generator that a manifest names, with its options.

    Raises:
        UsageError: Its plugin is not installed, or no longer knows an option.
    """
    spec = registry.find("generator", manifest.generator).spec
    options: type[Options] = registry.load(spec.options)  # type: ignore[attr-defined]
    where = f"generator {manifest.generator}"
    return Part(manifest.generator, validate(options, manifest.options, where), None)


def load_generator(path: Path, manifest: Manifest) -> "keras.Model":
    """Rebuild a bundle's generator: component, options, weights.

    Raises:
        UsageError: The generator's plugin is missing or does not take these options.
        RunError: A file is damaged or does not fit the architecture.
    """
    part = generator_part(manifest)
    check_files(path, manifest)
    weights = _read_weights(path)
    # Everything is read and checked: importing takes seconds in which a run may write a new best.
    import_tensorflow()
    check_size(part.name, part.options, manifest.size, manifest.size)
    shape = (manifest.size, manifest.size, 1)
    model: keras.Model = registry.build("generator", part.id, part.options, shape)
    _set_weights(model, weights, path)
    return model


def check_files(path: Path, manifest: Manifest) -> None:
    """Compare every file of a bundle with the manifest's sha256.

    Raises:
        RunError: One is missing or differs.
    """
    for name, expected in manifest.files.items():
        if not (path / name).is_file():
            raise RunError(f"{path}: {name} is missing: restore it or train again")
        if digest(path / name) != expected:
            raise RunError(
                f"{path}: {name} is damaged, its sha256 is not the manifest's: "
                "restore it or train again"
            )


def parameters_of(path: Path) -> int:
    """How many numbers a bundle's weights hold.

    Raises:
        RunError: They cannot be read.
    """
    return sum(weight.size for weight in _read_weights(path))


def _read_weights(path: Path) -> list[np.ndarray]:
    try:
        with h5py.File(path / _WEIGHTS, "r") as file:
            return [file[name][()] for name in sorted(file)]
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise RunError(f"{path / _WEIGHTS}: cannot be read: {error}") from None


def _set_weights(model: "keras.Model", weights: list[np.ndarray], path: Path) -> None:
    shapes = [tuple(weight.shape) for weight in model.weights]
    for number, (weight, shape) in enumerate(zip(weights, shapes, strict=False)):
        if weight.shape != shape:
            raise RunError(
                f"{path}: the weights do not fit the architecture: "
                f"{model.weights[number].path} has shape {shape}, saved is {weight.shape}"
            )
    if len(weights) != len(shapes):
        raise RunError(
            f"{path}: the weights do not fit the architecture: "
            f"it has {len(shapes)} tensors, saved are {len(weights)}"
        )
    model.set_weights(weights)


def _pack(weights: Iterable[np.ndarray]) -> bytes:
    """HDF5 with one numbered dataset each, in the order of ``model.weights``.

    Made in memory: HDF5 itself crashes the process when the disk is full.
    """
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        for number, weight in enumerate(weights):
            # No names: Keras numbers layers by what else the process has built.
            file.create_dataset(f"{number:05d}", data=weight)
    return buffer.getvalue()


def _halved(weight: np.ndarray) -> np.ndarray:
    """As float16; as it is, if that is not a float or beyond float16's range."""
    if weight.dtype.kind != "f" or np.abs(weight).max(initial=0) > np.finfo(np.float16).max:
        return weight
    return weight.astype(np.float16)


def _json(manifest: Manifest) -> str:
    return json.dumps(asdict(manifest), indent=2) + "\n"


def _installed(name: str) -> Path:
    spec = registry.find("model", name).spec
    package, _, folder = spec.path.partition(":")  # type: ignore[attr-defined]
    path = Path(str(files(package).joinpath(folder)))
    if not (path / _MANIFEST).is_file() or digest(path / _MANIFEST) != spec.sha256:  # type: ignore[attr-defined]
        raise _damaged(path, "its sha256 is not the model spec's")
    return path


def _damaged(path: Path, reason: str) -> RunError:
    return RunError(f"{path / _MANIFEST} is damaged: {reason}: restore it or train again")
