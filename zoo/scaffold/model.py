"""A trained model as a package: bundle, card and entry point."""

import json
from pathlib import Path

from zoo import __version__
from zoo.bundles import find_bundle, generator_part, publish_bundle, read_manifest
from zoo.discovery import HOST
from zoo.files import digest
from zoo.scaffold.names import compatible, new_names
from zoo.scaffold.package import Package, new_folder, render


def new_model(run: str | Path, name: str | None = None, out: Path | None = None) -> Package:
    """Write a package that holds a run's best model, with weights in float16.

    Args:
        run: A run directory, a model bundle's folder or the name of an installed model.
        name: Short name of the model; ``GENERATOR-SIZE`` if None.
        out: The folder to make; ``zoo-NAME`` in the working directory if None.

    Raises:
        UsageError: There is no such model, its generator is not installed, the name is malformed
            or taken, or the folder exists.
        RunError: The bundle is damaged.
        ZooError: The folder cannot be written.
    """
    bundle = find_bundle(run)
    manifest = read_manifest(bundle)
    generator_part(manifest)
    plugin, _, generator = manifest.generator.partition("/")
    names = new_names("model", name or f"{generator}-{manifest.size}".replace(".", "-"))
    path = out or Path(names.dist)
    with new_folder(path) as folder:
        copy = folder / names.module / "bundle"
        manifest = publish_bundle(bundle, copy)
        versions = {HOST: __version__} | {plugin: manifest.plugin_version}
        values = {
            "name": names.name,
            "dist": names.dist,
            "module": names.module,
            "generator": generator,
            "size": str(manifest.size),
            "summary": f"{generator} at {manifest.size}x{manifest.size}, step {manifest.step}",
            "sha256": digest(copy / "manifest.json"),
            "requires": ", ".join(json.dumps(compatible(*each)) for each in versions.items()),
            "card": _card(copy, names.name),
        }
        render(("model",), folder, values)
    return Package(path, names)


def _card(bundle: Path, name: str) -> str:
    """The bundle's card as a part of a longer page."""
    text = (bundle / "card.md").read_text(encoding="utf-8").replace("THIS_FOLDER", name)
    return text.removeprefix("# ").strip()
