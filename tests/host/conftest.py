"""Real wheels of small plugins, and throw-away environments to install them into."""

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest
from hatchling.builders.wheel import WheelBuilder

# Every folder of plugins/ is a distribution.
FIRST_PARTY = tuple(
    sorted(
        path.parent.name
        for path in (Path(__file__).parents[2] / "plugins").glob("*/pyproject.toml")
    )
)

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{dist}"
version = "1.2.3"
dependencies = ["{requires}"]

[project.entry-points."zoo.plugins"]
{entry_point} = "{module}"
"""


@dataclass(frozen=True)
class Environment:
    """A virtual environment layered on the one that runs the tests."""

    root: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.root / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Its own packages."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.root / "lib" / version / "site-packages"

    def pip(self, *args: str | Path) -> None:
        """Run the tests' pip on it."""
        command = [sys.executable, "-m", "pip", "--python", self.python, *args]
        subprocess.run(command, check=True, capture_output=True)

    def install(self, *wheels: Path) -> None:
        """Install wheels and nothing else."""
        self.pip("install", "--no-deps", "--no-index", "--no-compile", *wheels)

    def zoo(
        self,
        *args: str,
        disable: Iterable[str] = (),
        enable: Iterable[str] = (),
        **variables: str,
    ) -> subprocess.CompletedProcess[str]:
        """Run ``zoo`` in it, with those first-party plugins only that are enabled."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("ZOO_", "_ZOO_"))}
        others = sorted({*FIRST_PARTY} - {*enable})
        blocked = ",".join([*(f"sketch-zoo-{name}" for name in others), *disable])
        return subprocess.run(
            [self.python, "-m", "zoo", *args],
            capture_output=True,
            text=True,
            env=kept | {"ZOO_DISABLE": blocked, "COLUMNS": "200"} | variables,
            cwd=self.root,
        )


@pytest.fixture(scope="session")
def build_wheel(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Builds a wheel with hatchling, the project's own build backend."""

    def build(
        dist: str,
        code: str,
        entry_point: str = "",
        requires: str = "sketch-zoo",
        files: Mapping[str, str] | None = None,
    ) -> Path:
        root = tmp_path_factory.mktemp("wheel") / dist
        module = dist.replace("-", "_")
        (root / module).mkdir(parents=True)
        for name, text in {"__init__.py": code, **(files or {})}.items():
            (root / module / name).write_text(dedent(text))
        (root / "pyproject.toml").write_text(
            PYPROJECT.format(
                dist=dist, module=module, entry_point=entry_point or dist, requires=requires
            )
        )
        (wheel,) = WheelBuilder(str(root)).build(directory=str(root / "dist"))
        return Path(wheel)

    return build


@pytest.fixture(scope="session")
def new_environment(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Environment]:
    """Makes an environment that sees the packages of the one that runs the tests."""
    numbers = count()

    def make() -> Environment:
        root = tmp_path_factory.mktemp("environment") / str(next(numbers))
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", root], check=True)
        environment = Environment(root)
        below = sysconfig.get_path("purelib")
        layer = f"import site; site.addsitedir({below!r})\n"
        (environment.packages / "below.pth").write_text(layer)
        return environment

    return make
