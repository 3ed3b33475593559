"""The zoo's trained models.

Every command imports this module, so it imports nothing but zoo and reads one small file:
``models.json`` is what ``benchmarks/models/make.py`` says of the bundles that it made.
"""

import json
from pathlib import Path

import zoo

_INDEX = Path(__file__).with_name("models.json")


@zoo.hookimpl
def zoo_models() -> list[zoo.ModelSpec]:
    """Every bundle in this package; each sha256 is that of its manifest, always compared."""
    models = json.loads(_INDEX.read_text(encoding="utf-8"))
    return [
        zoo.ModelSpec(
            name=model["name"],
            summary=model["summary"],
            path=f"zoo_models:bundles/{model['name']}",
            size=model["size"],
            sha256=model["sha256"],
            tags=tuple(model["tags"]),
        )
        for model in models
    ]
