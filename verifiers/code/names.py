"""Names in Python code: those that it defines, those that it reads of elsewhere.

The idea: one walk over the syntax tree, and one set of names for all scopes. What is bound anywhere in a
piece of code is its own, and what it reads and never binds comes from elsewhere: for a test that is what it
tests, for a solution an import that it left out or a function of another fence. Code that does not parse has
no names.
"""

import ast
import builtins
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

BUILT_IN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
UNPARSABLE = (SyntaxError, ValueError, MemoryError, RecursionError)
_BOM = "\ufeff"
_Definition = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Names:
    """`defined` by statements of the module itself (no imports), `missing` from anything in it; `classes` are
    those defined that are classes.
    """

    defined: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()


def names_of(code: str) -> Names:
    try:
        tree = parsed(code)
        return Names(frozenset(_defined(tree.body)), missing_names(tree), frozenset(_classes(tree.body)))
    except UNPARSABLE:
        return Names()


def parsed(code: str) -> ast.Module:
    """Raises one of UNPARSABLE. What Python would warn of is nobody's to hear here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(code.removeprefix(_BOM))


def missing_names(tree: ast.AST) -> frozenset[str]:
    """The names that it reads and nowhere binds, and that are not built in."""
    read: set[str] = set()
    bound: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        else:
            bound.update(_bound(node))
    return frozenset(read - bound - BUILT_IN)


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, _Definition):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.alias):
        yield (node.asname or node.name).partition(".")[0]
    elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
        yield node.name
    elif isinstance(node, ast.MatchMapping) and node.rest:
        yield node.rest


def _defined(body: list[ast.stmt]) -> Iterator[str]:
    for statement in _statements(body):
        if isinstance(statement, _Definition):
            yield statement.name
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            nodes = (node for target in targets for node in ast.walk(target))
            yield from (n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))


def _classes(body: list[ast.stmt]) -> Iterator[str]:
    return (statement.name for statement in _statements(body) if isinstance(statement, ast.ClassDef))


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All that run when the module does, those under `if`, `try` and `with` too."""
    waiting = list(body)
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, _Definition):
            for field in ("body", "orelse", "finalbody"):
                waiting.extend(getattr(statement, field, []))
            for handler in getattr(statement, "handlers", []):
                waiting.extend(handler.body)
