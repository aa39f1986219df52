"""Runs the cells of a response, inside the sandbox; its text is what the sandbox is given to run.

In: a JSON array of cells on stdin. All but the last run silently, and what they raise is let go, as it was
when each of them was the last. The last shows what it prints and, as in a notebook, the value of the
expression that it ends with. Standard library alone.
"""

import ast
import contextlib
import io
import json
import sys


def main() -> None:
    *earlier, last = json.load(sys.stdin)
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in earlier:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            run(cell, names)
    run(last, names)


def run(cell: str, names: dict[str, object]) -> None:
    tree = ast.parse(cell)
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        value = ast.Name("_", ast.Store())
        tree.body[-1] = ast.fix_missing_locations(
            ast.copy_location(ast.Assign([value], tree.body[-1].value), tree.body[-1])
        )
        names["_"] = None
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - what the sandbox is for
    if (shown := names.pop("_", None)) is not None:
        sys.stdout.write(f"{shown!r}\n")


if __name__ == "__main__":
    main()
