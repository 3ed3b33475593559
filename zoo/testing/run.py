"""Running checks: what came of each, expected failures included."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Literal
from unittest import SkipTest

from zoo.testing.check import Check, Subject
from zoo.testing.minimum import battery

Outcome = Literal["passed", "failed", "skipped", "known failure", "unexpected pass"]


@dataclass(frozen=True)
class Result:
    """What came of one check of one subject.

    Attributes:
        kind: Of the component.
        subject: Its label.
        check: The check's id.
        outcome: ``failed`` and ``unexpected pass`` (of a check that the spec's ``known_failures``
            names) are failures.
        reason: One line: what failed, why it was skipped, why it is expected to fail.
        seconds: How long it took.
    """

    kind: str
    subject: str
    check: str
    outcome: Outcome
    reason: str
    seconds: float

    @property
    def failed(self) -> bool:
        """Whether the component does not conform."""
        return self.outcome in ("failed", "unexpected pass")


def check_subject(
    subject: Subject, *, slow: bool = False, patterns: Sequence[str] = ()
) -> Iterator[Result]:
    """Run the checks of a subject's kind one after the other.

    Args:
        subject: From ``subjects``.
        slow: Also the slow ones.
        patterns: Only those whose id matches one of these shell patterns, if there is one.
    """
    for check in battery(subject.spec.kind, slow=slow):
        if check.matches(patterns):
            yield run_check(check, subject)


def run_check(check: Check, subject: Subject) -> Result:
    """Run one check."""
    started = time.monotonic()
    outcome, reason = _outcome(check, subject)
    seconds = time.monotonic() - started
    return Result(subject.spec.kind, subject.label, check.id, outcome, reason, seconds)


def _outcome(check: Check, subject: Subject) -> tuple[Outcome, str]:
    known = subject.spec.known_failures.get(check.id, "")
    try:
        check(subject)
    except SkipTest as skip:
        return "skipped", str(skip)
    except Exception as error:
        if known:
            return "known failure", known
        text = shorten(" ".join(str(error).split()), 400, placeholder=" …")
        name = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
        return "failed", f"{name}{text}"
    if known:
        return "unexpected pass", f"known_failures says that it fails: {known}. Remove it there"
    return "passed", ""
