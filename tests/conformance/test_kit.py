"""The kit itself: outcomes, skips and their limit, state that is put back, the command."""

import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from unittest import SkipTest

import numpy as np
import pytest
from click.testing import CliRunner

from zoo.cli import main
from zoo.errors import UnknownComponentError
from zoo.testing import Check, Subject, check_subject, parametrize_with_checks, subjects
from zoo.testing.check import KINDS, checks_of, require
from zoo.testing.minimum import ENOUGH_RUN, MINIMUM
from zoo.testing.run import run_check

PLUGINS = Path(__file__).parents[2] / "plugins"


@pytest.fixture
def box() -> Subject:
    """Some component."""
    return subjects("box", "mask")[0]


def made(call: Callable[[Subject], None], why: str = "") -> Check:
    return Check("mask.made_up", "Made up.", call, lambda _: why)


def passes(subject: Subject) -> None:
    """Nothing wrong."""


def fails(subject: Subject) -> None:
    require(False, "the thing, the place,\nthe fix")


def knowing(subject: Subject, **known: str) -> Subject:
    spec = replace(
        subject.spec, known_failures={f"mask.{name}": why for name, why in known.items()}
    )
    return replace(subject, component=replace(subject.component, spec=spec))


@pytest.mark.parametrize(
    ("call", "why", "known", "outcome", "reason"),
    [
        (passes, "", {}, "passed", ""),
        (fails, "", {}, "failed", "the thing, the place, the fix"),
        (fails, "it has none", {}, "skipped", "it has none"),
        (fails, "", {"made_up": "by design"}, "known failure", "by design"),
        (passes, "", {"made_up": "by design"}, "unexpected pass", "Remove it"),
    ],
)
def test_outcomes(
    box: Subject,
    call: Callable[[Subject], None],
    why: str,
    known: dict[str, str],
    outcome: str,
    reason: str,
) -> None:
    result = run_check(made(call, why), knowing(box, **known))
    assert (result.kind, result.subject, result.check) == ("mask", "box", "mask.made_up")
    assert result.outcome == outcome
    assert reason in result.reason
    assert result.failed == (outcome in ("failed", "unexpected pass"))


@pytest.mark.parametrize("error", [SkipTest("not today"), SystemExit(0), ValueError("broken")])
def test_a_component_cannot_skip_a_check(box: Subject, error: BaseException) -> None:
    def raises(subject: Subject) -> None:
        raise error

    result = run_check(made(raises), box)
    assert result.outcome == "failed"
    assert type(error).__name__ in result.reason


def test_state_is_put_back(box: Subject) -> None:
    import keras
    import tensorflow as tf

    def meddles(subject: Subject) -> None:
        keras.utils.set_random_seed(7)
        keras.config.set_floatx("float64")
        keras.config.set_image_data_format("channels_first")
        np.set_printoptions(precision=2)
        os.environ["ZOO_MEDDLED"] = "1"
        tf.config.run_functions_eagerly(True)
        fails(subject)

    tf.random.set_seed(3)
    random.seed(3)
    np.random.seed(3)
    expected = (random.random(), np.random.random(), float(tf.random.uniform(())))
    tf.random.set_seed(3)
    random.seed(3)
    np.random.seed(3)
    precision = np.get_printoptions()["precision"]
    assert run_check(made(meddles), box).failed
    assert (random.random(), np.random.random(), float(tf.random.uniform(()))) == expected
    assert keras.config.floatx() == "float32"
    assert keras.config.image_data_format() == "channels_last"
    assert np.get_printoptions()["precision"] == precision
    assert "ZOO_MEDDLED" not in os.environ
    assert not tf.config.functions_run_eagerly()


@pytest.mark.parametrize("kind", KINDS)
def test_the_minimum_follows_the_checks(kind: str) -> None:
    fast = [check for check in checks_of(kind) if not check.slow]
    assert len(fast) - 6 <= MINIMUM[kind] <= len(fast)


def test_too_many_skips_are_a_failure(box: Subject, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_check(ENOUGH_RUN, box).outcome == "passed"
    monkeypatch.setitem(MINIMUM, "mask", 1000)
    result = run_check(ENOUGH_RUN, box)
    assert result.failed
    assert "at least 1000 must" in result.reason


def test_what_needs_options_is_only_described() -> None:
    (folder,) = subjects("folder", "source")
    outcomes = {result.check: result for result in check_subject(folder)}
    assert outcomes["common.bounds_are_kept"].outcome == "passed"
    built = [r for name, r in outcomes.items() if name.startswith(("source.", "kit."))]
    assert built
    assert {r.outcome for r in built} == {"skipped"}
    assert all("give path=" in r.reason for r in built)


def test_subjects() -> None:
    assert [s.label for s in subjects("telea")] == ["telea"]
    (seven,) = subjects("doodles:count=7")
    assert seven.label == "doodles:count=7"
    assert seven.options is not None
    assert len(seven.build()) == 7
    assert {s.spec.kind for s in subjects("sketch-zoo")} == {
        "mask",
        "source",
        "metric",
        "completer",
    }
    for target, kind, text in (
        ("sketch-zoo", "generator", "brings no generator"),
        ("boxx", "mask", 'Did you mean "box"'),
        ("sketch-zoo-nothing", None, "No plugin or component"),
    ):
        with pytest.raises(UnknownComponentError, match=text):
            subjects(target, kind)


def test_the_decorator_makes_a_test_of_each_check() -> None:
    decorate = parametrize_with_checks("sketch-zoo", kind="completer")

    @decorate
    def test_contract(subject: Subject, check: Check) -> None:
        check(subject)

    (mark,) = test_contract.pytestmark
    names = [parameter.id for parameter in mark.args[1]]
    assert len(names) == len(set(names))
    assert {"blank-common.target_resolves", "telea-kit.enough_checks_run"} <= set(names)
    subject, check = mark.args[1][0].values
    test_contract(subject, check)


def test_every_first_party_plugin_proves_itself() -> None:
    folders = sorted(path.parent for path in PLUGINS.glob("*/pyproject.toml"))
    # Neither trained models nor a command are components: those packages have tests of their own.
    for name in ("models", "studio"):
        folders.remove(PLUGINS / name)
    assert folders
    for folder in folders:
        text = (folder / "tests" / "test_conformance.py").read_text()
        assert f'@parametrize_with_checks("sketch-zoo-{folder.name}"' in text


def run(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["check", *words])
    return done.exit_code, done.output


def test_the_command() -> None:
    code, text = run("blank", "-k", "common.*")
    assert code == 0
    assert text.startswith("completer  blank  ")
    assert "skipped  blank: common.bounds_are_kept\n  no option has a bound" in text
    assert text.endswith("1 checked: 9 passed, 1 skipped\n")


def test_the_command_in_json() -> None:
    code, text = run("blank", "telea", "-k", "*light*", "-k", "*summary*", "--json")
    assert code == 0
    rows = json.loads(text)
    assert [(row["subject"], row["outcome"]) for row in rows] == [
        ("blank", "passed"),
        ("telea", "passed"),
    ]


def test_a_failure_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MINIMUM, "completer", 1000)
    code, text = run("blank", "-k", "kit.*")
    assert code == 1
    assert "failed  blank: kit.enough_checks_run" in text


@pytest.mark.parametrize("words", [(), ("nothing",), ("blank", "-k", "no such check")])
def test_wrong_usage_is_exit_code_2(words: tuple[str, ...]) -> None:
    code, text = run(*words)
    assert code == 2
    assert text.count("\n") == 1


def test_the_list_of_checks() -> None:
    code, text = run("--list", "--kind", "generator")
    assert code == 0
    lines = text.splitlines()
    assert len(lines) == len(checks_of("generator"))
    assert all(len(line.split("  ")) > 1 for line in lines)
    rows = json.loads(run("--list", "--json", "-k", "*xla")[1])
    assert [(row["id"], row["slow"]) for row in rows] == [("generator.compiles_with_xla", True)]


def test_every_check_says_in_one_line_what_it_proves() -> None:
    for kind in KINDS:
        for check in checks_of(kind):
            assert check.summary.endswith("."), check.id
            assert len(check.summary) <= 100, check.id
