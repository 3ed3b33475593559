"""The models that the page offers; each is loaded at its first use and stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zoo


@dataclass(frozen=True)
class Offer:
    """A model to choose.

    Attributes:
        name: What ``zoo.load`` takes.
        label: What people choose by.
    """

    name: str
    label: str


def offered(names: Sequence[str], runs: Path = Path("runs")) -> list[Offer]:
    """The models named, or all that are installed, the largest default first, and all trained.

    Args:
        names: What ``zoo.load`` takes.
        runs: Folder of run directories.

    Raises:
        UsageError: None is named, installed or trained.
    """
    if names:
        return [Offer(name, Path(name).name) for name in names]
    specs = [component.spec for component in zoo.list_components("model")]
    models = [spec for spec in specs if isinstance(spec, zoo.ModelSpec)]
    models.sort(key=lambda spec: ("default" in spec.tags, spec.size), reverse=True)
    offers = [Offer(spec.name, f"{spec.name}: {spec.summary}") for spec in models]
    trained = sorted(path.parents[1] for path in runs.glob("*/best/manifest.json"))
    offers += [Offer(str(run), run.name) for run in trained]
    if not offers:
        raise zoo.UsageError(
            "no model is installed and none is in runs/: pip install sketch-zoo-models, "
            "or train one: zoo train"
        )
    return offers


class Models:
    """The models on offer."""

    def __init__(self, offers: Sequence[Offer]) -> None:
        """Load the first, so that it is known to work and answers at once."""
        self.offers = tuple(offers)
        self._loaded: dict[str, Any] = {}
        self.get("")

    def get(self, name: str) -> Any:
        """What ``zoo.load`` gives for a name on offer; for an empty name the first.

        Raises:
            UsageError: It is not on offer.
            RunError: It is damaged.
        """
        known = [offer.name for offer in self.offers]
        name = name or known[0]
        if name not in known:
            raise zoo.UsageError(f'no model "{name}" here; there are: {", ".join(known)}')
        if name not in self._loaded:
            self._loaded[name] = zoo.load(name)
        return self._loaded[name]
