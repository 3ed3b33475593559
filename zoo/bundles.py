"""Model bundles: a generator's weights and what is needed to rebuild it. No pickle.

manifest.json            component, options, size, decoding, sha256 of the other files
generator.weights.h5
card.md                  what a person wants to know
"""

import json
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from zoo import __version__, registry
from zoo.config import Part
from zoo.errors import RunError, UsageError
from zoo.files import digest, write_file, write_folder
from zoo.options import Options, validate

if TYPE_CHECKING:
    import keras

_FORMAT = 1
_WEIGHTS = "generator.weights.h5"


@dataclass(frozen=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        generator: Canonical id of the generator.
        plugin_version: Version of the distribution that brings it.
        options: The generator's options.
        size: Height and width in pixels of the drawings that it was trained on.
        step: After how many steps the weights were taken.
        threshold: From where on the ink counts as a line.
        files: sha256 of the other files by name.
        zoo_version: Version of core that wrote it.
        format: Version of this layout.
    """

    generator: str
    plugin_version: str
    options: dict[str, Any]
    size: int
    step: int
    threshold: float
    files: dict[str, str]
    zoo_version: str = __version__
    format: int = _FORMAT


def write_bundle(
    path: Path, model: "keras.Model", generator: Part, size: int, step: int, card: str
) -> None:
    """Write a bundle whole, in place of one that stood there.

    Raises:
        OSError: It cannot be written.
    """
    with write_folder(path) as folder:
        write_file(folder / _WEIGHTS, _pack(model))
        write_file(folder / "card.md", card)
        manifest = Manifest(
            generator=generator.id,
            plugin_version=registry.find("generator", generator.id).plugin.version,
            options=generator.options.model_dump(mode="json"),
            size=size,
            step=step,
            threshold=0.5,
            files={name: digest(folder / name) for name in (_WEIGHTS, "card.md")},
        )
        write_file(folder / "manifest.json", json.dumps(asdict(manifest), indent=2) + "\n")


def find_bundle(name: str | Path) -> Path:
    """The bundle that a run directory, a bundle's folder or an installed model's name means.

    Raises:
        UsageError: It is none of these, or a run that has no bundle yet.
    """
    path = Path(name)
    if (path / "manifest.json").is_file():
        return path
    if (path / "config.toml").is_file():
        if (path / "best" / "manifest.json").is_file():
            return path / "best"
        raise UsageError(f"run {path} has no model yet: continue it: zoo resume {path}")
    if path.exists():
        raise UsageError(f"{path} is neither a run directory nor a model bundle")
    return _installed(str(name))


def read_manifest(path: Path) -> Manifest:
    """Read a bundle's manifest.

    Raises:
        RunError: It is damaged or of a newer format.
    """
    try:
        manifest = Manifest(**json.loads((path / "manifest.json").read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise RunError(f"{path}: the manifest cannot be read: {error}") from None
    if manifest.format != _FORMAT:
        raise RunError(f"{path}: format {manifest.format} is newer than this zoo {__version__}")
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
        RunError: A file is damaged or does not fit the architecture.
    """
    check_files(path, manifest)
    part = generator_part(manifest)
    shape = (manifest.size, manifest.size, 1)
    model: keras.Model = registry.build("generator", part.id, part.options, shape)
    load_weights(model, path)
    return model


def check_files(path: Path, manifest: Manifest) -> None:
    """Compare every file of a bundle with the manifest's sha256.

    Raises:
        RunError: One is missing or differs.
    """
    for name, expected in manifest.files.items():
        if not (path / name).is_file():
            raise RunError(f"{path}: {name} is missing")
        if digest(path / name) != expected:
            raise RunError(f"{path}: {name} is damaged: its sha256 is not the manifest's")


def load_weights(model: "keras.Model", path: Path) -> None:
    """Load a bundle's weights into a model of the same architecture.

    Raises:
        RunError: The weights do not fit.
    """
    with h5py.File(path / _WEIGHTS, "r") as file:
        weights = [file[name][()] for name in sorted(file)]
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


def _pack(model: "keras.Model") -> bytes:
    """The weights as HDF5, one numbered dataset each, in the order of ``model.weights``.

    Made in memory: HDF5 itself crashes the process when the disk is full.
    """
    buffer = BytesIO()
    with h5py.File(buffer, "w") as file:
        for number, weight in enumerate(model.weights):
            dataset = file.create_dataset(f"{number:05d}", data=weight.numpy())
            dataset.attrs["path"] = weight.path
    return buffer.getvalue()


def _installed(name: str) -> Path:
    from importlib.resources import files

    package, _, folder = registry.find("model", name).spec.path.partition(":")  # type: ignore[attr-defined]
    path = Path(str(files(package).joinpath(folder)))
    if digest(path / "manifest.json") != registry.find("model", name).spec.sha256:  # type: ignore[attr-defined]
        raise RunError(f"{path}: manifest.json is damaged: its sha256 is not the model spec's")
    return path
