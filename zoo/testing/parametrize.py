"""The kit for pytest: one test per subject and check."""

from collections.abc import Callable
from typing import Any

from zoo.testing.check import Check, Subject
from zoo.testing.minimum import battery
from zoo.testing.subjects import subjects


def parametrize_with_checks(
    *targets: str, kind: str | None = None, slow: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Parametrise a test over ``subject`` and ``check``.

    Args:
        targets: Distributions or components, as for ``zoo check``.
        kind: Only components of that kind.
        slow: Also the slow checks.

    Checks that do not apply are skipped with their reason, and the last of each subject fails if
    too few applied; those of a spec's ``known_failures`` must fail (strict).
    """
    import pytest

    def parameters(subject: Subject) -> list[Any]:
        return [
            pytest.param(
                subject, check, id=f"{subject.label}-{check.id}", marks=_marks(subject, check)
            )
            for check in battery(subject.spec.kind, slow=slow)
        ]

    def _marks(subject: Subject, check: Check) -> list[Any]:
        known = subject.spec.known_failures.get(check.id)
        return [pytest.mark.xfail(reason=known, strict=True)] if known else []

    chosen = [p for target in targets for s in subjects(target, kind) for p in parameters(s)]
    return pytest.mark.parametrize(("subject", "check"), chosen)
