"""Runner for a response's code cells: the program that the sandbox is given to run, as source text.

In: a JSON array of cells on stdin. All but the last run silently, and what they raise is let go, be it an
exit, as it was when each of them was the last. The last shows what it prints and, as in a notebook, the value
of the expression that it ends with. Standard library alone.
"""

import ast
import contextlib
import io
import json
import sys

_LET_GO = (Exception, SystemExit, KeyboardInterrupt)


def main() -> None:
    *earlier, last = json.load(sys.stdin)
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in earlier:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(*_LET_GO):
            run(cell, names)
    run(last, names)


def run(cell: str, names: dict[str, object]) -> None:
    """The last expression is evaluated by itself: its value needs no name among the cell's own."""
    tree = ast.parse(cell.removeprefix("\ufeff"))
    last = tree.body[-1].value if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    if last is not None:
        tree.body.pop()
    exec(compile(tree, "<cell>", "exec"), names)  # noqa: S102 - what the sandbox is for
    if last is not None:
        value = eval(compile(ast.Expression(last), "<cell>", "eval"), names)  # noqa: S307 - as above
        if value is not None:
            sys.stdout.write(f"{value!r}\n")


if __name__ == "__main__":
    main()
