"""Plain text in columns."""

from collections.abc import Collection, Iterable, Sequence


def columns(
    rows: Iterable[Sequence[str]], right: Collection[int] = (), indent: str = "  "
) -> list[str]:
    """Align rows of equal length, two spaces between columns.

    Args:
        rows: Cells; each row has as many.
        right: Columns whose cells stand on the right.
        indent: Put before each line.

    Returns:
        One line per row, without trailing spaces.
    """
    table = list(rows)
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        indent
        + "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in table
    ]
