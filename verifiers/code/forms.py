"""Forms of test snippets: what a snippet tests, and in which process it can run.

The idea: nearly every snippet calls what it tests with plain arguments and compares what comes back. It runs
in a process of its own, which asks that of the solution's, and then nothing in the solution can forge a pass.
A snippet that reaches into the process of the solution has another form. Some of those would pass without
reason elsewhere (what is printed, whose objects are the same): they run inside it. Others would fail without
reason (a seed, an exception of the solution's own): they do so where they fail elsewhere. All of it is read
from the snippet alone: no response can choose it.
"""

import ast
from dataclasses import dataclass

from gristmill.verifiers.code.names import BUILT_IN, missing_names

_INSIDE = {
    "stdout", "stdin", "stderr", "redirect_stdout", "redirect_stderr", "patch", "mock", "Mock", "MagicMock",
    "monkeypatch", "capsys", "inspect", "getsource", "tracemalloc", "callable",
}  # fmt: skip
_FALLBACK = {
    "seed", "environ", "chdir", "asyncio", "setrecursionlimit", "importlib", "solution", "__main__",
    "globals", "issubclass",
}  # fmt: skip
_RAISING = ("raises", "assertRaises", "assertRaisesRegex", "suppress")


@dataclass(frozen=True, slots=True)
class Form:
    """`names` are those of the solution that the snippet reads, built-in names among them only where it reads
    no others. `inside` says that the snippet runs in the solution's process, `fallback` that it does where it
    fails elsewhere.
    """

    names: frozenset[str]
    inside: bool
    fallback: bool


def form_of(tree: ast.Module) -> Form:
    nodes = list(ast.walk(tree))
    names = missing_names(tree)
    if not names:
        called = (node.func for node in nodes if isinstance(node, ast.Call))
        names = frozenset(each.id for each in called if isinstance(each, ast.Name) and each.id in BUILT_IN)
    words = [word for node in nodes for word in _words(node)]
    return Form(
        names,
        inside=not _INSIDE.isdisjoint(words) or any(_asks_identity(node) for node in nodes),
        fallback=not _FALLBACK.isdisjoint(words)
        or any(word.startswith("__") and word != "__name__" for word in words)
        or any(_needs_types(node, names) for node in nodes)
        or _compares_its_own(nodes, names),
    )


def _words(node: ast.AST) -> list[str]:
    """Names of modules, of attributes and of built-in functions; what a snippet calls its variables is no
    sign.
    """
    match node:
        case ast.Attribute(attr=name):
            return [name]
        case ast.Name(id=name) if name in BUILT_IN:
            return [name]
        case ast.alias(name=name) | ast.ImportFrom(module=str(name)):
            return name.split(".")
    return []


def _asks_identity(node: ast.AST) -> bool:
    """Whether it asks if two values are the same object, neither of them a constant."""
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    pairs = zip(node.ops, sides, sides[1:], strict=False)
    return any(
        isinstance(operator, ast.Is | ast.IsNot) and not any(isinstance(side, ast.Constant) for side in pair)
        for operator, *pair in pairs
    )


def _needs_types(node: ast.AST, names: frozenset[str]) -> bool:
    """Whether it needs a type of the solution's as a type, or a coroutine as one."""
    match node:
        case ast.ExceptHandler(type=ast.expr() as kind):
            return _reads(kind, names)
        case ast.ClassDef(bases=bases, decorator_list=decorators):
            return any(_reads(each, names) for each in (*bases, *decorators))
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[first, *_]) if (
            name in _RAISING
        ):
            return _reads(first, names)
        case ast.Await() | ast.AsyncFunctionDef():
            return True
    return False


def _compares_its_own(nodes: list[ast.AST], names: frozenset[str]) -> bool:
    """Whether it compares values of the solution with others of it alone: nothing else can decide that."""
    derived = set(names)
    for node in nodes:
        if isinstance(node, ast.Assign) and _reads(node.value, derived):
            derived.update(each.id for each in node.targets if isinstance(each, ast.Name))
    compared = [[node.left, *node.comparators] for node in nodes if isinstance(node, ast.Compare)]
    return bool(compared) and all(_reads(side, derived) for sides in compared for side in sides)


def _reads(tree: ast.AST, names: frozenset[str] | set[str]) -> bool:
    return any(isinstance(node, ast.Name) and node.id in names for node in ast.walk(tree))
