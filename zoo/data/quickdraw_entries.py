"""What is known of each drawing of a file before it is decoded."""

from typing import NamedTuple


class Entry(NamedTuple):
    """Where a drawing stands in its file, or why it cannot be used.

    Attributes:
        number: Of the line, record or row, from 1.
        offset: Of its first byte.
        length: In bytes.
        key: Unique within the source.
        group: What splits keep together.
        problem: Why it cannot be used; an empty string if it can.
    """

    number: int
    offset: int = 0
    length: int = 0
    key: str = ""
    group: str = ""
    problem: str = ""
