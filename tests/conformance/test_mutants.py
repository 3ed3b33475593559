"""Every check catches its mutant: a component that is broken in one way and passes the others."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest

from zoo.testing.check import KINDS, checks_of

MUTANTS = Path(__file__).parent / "mutants"
MOST_ALSO = 2  # further checks that a mutant may fail

Answers = dict[str, dict[str, tuple[str, str]]]  # component -> check -> outcome and reason


@pytest.fixture(scope="session")
def check(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Answers]:
    """Runs ``zoo check`` on a distribution that is installed for this one command."""

    def run(dist: str, *args: str) -> Answers:
        site = tmp_path_factory.mktemp("site")
        info = site / f"{dist.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.0\n")
        module = dist.replace("-", "_")
        (info / "entry_points.txt").write_text(f"[zoo.plugins]\n{module} = {module}\n")
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ZOO_")}
        path = [str(site), str(MUTANTS), os.environ.get("PYTHONPATH", "")]
        done = subprocess.run(
            [sys.executable, "-m", "zoo", "check", *args, "--json"],
            capture_output=True,
            text=True,
            env=kept | {"PYTHONPATH": os.pathsep.join(filter(None, path))},
            cwd=site,
        )
        assert done.returncode in (0, 1), done.stderr
        answers: Answers = defaultdict(dict)
        for result in json.loads(done.stdout):
            answers[result["subject"]][result["check"]] = (result["outcome"], result["reason"])
        return answers

    return run


def table(kind: str) -> dict:
    """The mutants of a kind by their check."""
    sys.path.insert(0, str(MUTANTS))
    try:
        return import_module(f"zoo_mutants.tables.{kind}").MUTANTS
    finally:
        sys.path.remove(str(MUTANTS))


def complaints(answers: Answers, mutants: dict) -> list[str]:
    """What is wrong: a check that lets its mutant live, or a mutant that fails too much."""
    found = []
    for check, mutant in mutants.items():
        results = answers[check.partition(".")[2]]
        failed = {name: why for name, (outcome, why) in results.items() if outcome == "failed"}
        if check in results and check not in failed:
            found.append(f"{check} lets its mutant live")
        if len(mutant.also) > MOST_ALSO:
            found.append(f"the mutant of {check} may fail {MOST_ALSO} others at most")
        found += [
            f"the mutant of {check} also fails {name}: {why}"
            for name, why in failed.items()
            if name not in (check, *mutant.also)
        ]
        found += [
            f"the mutant of {check} passes {name} after all"
            for name in mutant.also
            if name in results and name not in failed
        ]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_check_catches_its_mutant(kind: str, check: Callable[..., Answers]) -> None:
    # What breaks a common check is a completer: that kind is checked fastest.
    mutants = table(kind) | (table("common") if kind == "completer" else {})
    answers = check("zoo-mutants", "zoo-mutants", "--kind", kind)
    assert {why for outcome, why in answers["tiny"].values() if outcome != "passed"} == set()
    assert complaints(answers, mutants) == []


def test_slow_checks_catch_their_mutants(check: Callable[..., Answers]) -> None:
    slow = [c.id for kind in KINDS for c in checks_of(kind) if c.slow]
    assert {name.partition(".")[0] for name in slow} == {"generator"}
    mutants = {name: table("generator")[name] for name in slow}
    names = [name.partition(".")[2] for name in slow]
    only = [word for name in slow for word in ("-k", name)]
    answers = check("zoo-mutants", "tiny", *names, "--kind", "generator", "--slow", *only)
    assert {why for outcome, why in answers["tiny"].values() if outcome != "passed"} == set()
    assert all(name in answers[name.partition(".")[2]] for name in slow)
    assert complaints(answers, mutants) == []


@pytest.mark.parametrize("kind", ["common", *KINDS])
def test_every_check_has_a_mutant(kind: str) -> None:
    known = checks_of("completer" if kind == "common" else kind)
    assert {c.id for c in known if c.id.startswith(f"{kind}.")} == table(kind).keys()
