"""A table in Markdown (GitHub's pipe tables)."""

from collections.abc import Iterable, Sequence


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[str]], numbers: Iterable[int] = ()) -> str:
    """Cells are Markdown: what is from outside is escaped by the caller, bars and line feeds too. The columns
    of `numbers` (from 0) are aligned at the right.
    """
    right = frozenset(numbers)
    rule = ["---:" if place in right else "---" for place in range(len(columns))]
    return "\n".join(f"| {' | '.join(line)} |" for line in (columns, rule, *rows))
