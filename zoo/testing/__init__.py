"""The conformance kit: named checks with which a plugin proves that its components fit.

    from zoo.testing import parametrize_with_checks

    @parametrize_with_checks("zoo-tiny")
    def test_contract(subject, check):
        check(subject)

The same checks run on the command line: ``zoo check zoo-tiny``.
"""

from zoo.testing.check import Check, ConformanceError, Subject, list_checks
from zoo.testing.parametrize import parametrize_with_checks
from zoo.testing.run import Result, check_subject
from zoo.testing.subjects import subjects

__all__ = [
    "Check",
    "ConformanceError",
    "Result",
    "Subject",
    "check_subject",
    "list_checks",
    "parametrize_with_checks",
    "subjects",
]
