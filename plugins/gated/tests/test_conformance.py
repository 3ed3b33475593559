"""``sketch-zoo-gated`` keeps the contract: every check of the conformance kit."""

from zoo.testing import Check, Subject, parametrize_with_checks


@parametrize_with_checks("sketch-zoo-gated", "gated:attention=true")
def test_contract(subject: Subject, check: Check) -> None:
    check(subject)
