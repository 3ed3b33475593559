"""How many checks must truly run, so that neither a component nor a bug shrinks the battery."""

from zoo.testing.check import Check, ConformanceError, Subject, checks_of, only_described

# Of the fast ones, by kind. Raised with every check that is added.
MINIMUM = {
    "generator": 26,
    "discriminator": 26,
    "loss": 21,
    "mask": 18,
    "source": 16,
    "metric": 16,
    "completer": 15,
}


def _enough_run(subject: Subject) -> None:
    checks = [check for check in checks_of(subject.spec.kind) if not check.slow]
    skipped = [check.id for check in checks if _applies_not(check, subject)]
    least, run = MINIMUM[subject.spec.kind], len(checks) - len(skipped)
    if run < least:
        raise ConformanceError(
            f"{run} checks apply, at least {least} must; skipped: {', '.join(skipped)}"
        )


def _applies_not(check: Check, subject: Subject) -> bool:
    try:
        return bool(check.why_not(subject))
    except Exception:
        return False  # it runs, and fails


ENOUGH_RUN = Check(
    "kit.enough_checks_run",
    "At least as many checks apply as the kind demands.",
    _enough_run,
    only_described,
    builds=False,
)


def battery(kind: str, *, slow: bool = False) -> tuple[Check, ...]:
    """The checks of a kind, slow ones only if asked for, then that enough of them applied."""
    return (*(c for c in checks_of(kind) if slow or not c.slow), ENOUGH_RUN)
