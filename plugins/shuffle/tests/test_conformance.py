"""``sketch-zoo-shuffle`` keeps the contract: every check of the conformance kit."""

from zoo.testing import Check, Subject, parametrize_with_checks


# Attention without normalisation learns only with a warm-up, which the kit's training has not.
@parametrize_with_checks("sketch-zoo-shuffle", "shuffle:attention=2,fine=8")
def test_contract(subject: Subject, check: Check) -> None:
    check(subject)
