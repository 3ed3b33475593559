"""``sketch-zoo-shuffle`` keeps the contract: every check of the conformance kit."""

from zoo.testing import Check, Subject, parametrize_with_checks


@parametrize_with_checks("sketch-zoo-shuffle", "shuffle:attention=2,fine=8,norm=none")
def test_contract(subject: Subject, check: Check) -> None:
    check(subject)
