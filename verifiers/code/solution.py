"""Process of a solution: runs a response's code, then answers what a test in another process asks of it.

Nothing of a test is here but what it asks: the names that it reads, and the arguments that it calls with.
What is asked for can be answered by anything that the code left here, which may send what it likes: only a
value that equals the wanted one helps it, and that value is not here.

Standard library alone: it runs in the sandbox.
"""

import builtins
import operator
import os
import sys
import types
from collections.abc import Callable
from typing import Any

from gristmill.verifiers.code.channel import receive, send, shown
from gristmill.verifiers.code.plain_values import Writer, read

_BOM = "\ufeff"
_CHANGEABLE = frozenset(
    [f"builtins.{name}" for name in ("list", "dict", "set", "bytearray", "tuple")]
    + [f"collections.{name}" for name in ("deque", "OrderedDict", "Counter")]
)
_BUILT_IN = "iter next len bool str repr float int complex reversed format getattr setattr isinstance abs pow"
_OPERATORS = """index getitem setitem delitem neg pos invert eq ne lt le gt ge add sub mul matmul truediv
floordiv mod and_ or_ xor lshift rshift
"""
ACTIONS: dict[str, Callable[..., Any]] = {
    **{name: getattr(builtins, name) for name in _BUILT_IN.split()},
    **{name.strip("_"): getattr(operator, name) for name in _OPERATORS.split()},
    "call": lambda function, *args, **kwargs: function(*args, **kwargs),
    "enter": lambda manager: type(manager).__enter__(manager),
    "exit": lambda manager, *error: type(manager).__exit__(manager, *error),
}


def run(prelude: str, code: str, name: str) -> dict[str, Any]:
    """Runs the code as the module of that name, the imports of the prelude before it."""
    module = sys.modules[name] = types.ModuleType(name)
    module.__file__ = f"{name.strip('_')}.py"
    program = compile(code.removeprefix(_BOM), module.__file__, "exec")
    exec(prelude, module.__dict__)  # noqa: S102 - the sandbox is for this
    exec(program, module.__dict__)  # noqa: S102
    return module.__dict__


class Objects:
    """The objects that a test has been told of, by number."""

    def __init__(self) -> None:
        self._kept: list[object] = []
        self._numbers: dict[int, int] = {}

    def written(self, value: object) -> list[object]:
        number = self._numbers.setdefault(id(value), len(self._kept))
        if number == len(self._kept):
            self._kept.append(value)
        return ["remote", number]

    def read(self, written: list[Any]) -> object:
        kind, key = written
        return self._kept[key] if kind == "remote" else getattr(builtins, key)


class _Attempt:
    """An action's value, or what it raised, be it an exit: the context manager that catches all."""

    def __init__(self) -> None:
        self.value: object = None
        self.error: list[object] | None = None

    def __enter__(self) -> "_Attempt":
        return self

    def __exit__(self, kind: Any, error: BaseException | None, trace: object) -> bool:
        if error is not None:
            self.error = [[each.__name__ for each in type(error).__mro__], shown(error)]
            self.value = tuple(
                each if isinstance(each, int | float | str) else str(each) for each in error.args
            )
        return True


def serve(prelude: str, code: str, asks: int, answers: int) -> None:
    """Until the test asks no more. A child that the code forked answers nothing."""
    own, process, leave, tell, listen = os.getpid(), os.getpid, os._exit, send, receive
    names = run(prelude, code, "solution")
    tell(answers, "ready")
    objects = Objects()
    while (question := listen(asks)) is not None:
        answer = _answer(question, names, objects)
        if process() != own:
            leave(1)
        try:
            tell(answers, answer)
        except ValueError:  # too long
            tell(answers, {**answer, "value": ["too long"], "changed": []})
    leave(0)


def _answer(question: list[Any], names: dict[str, Any], objects: Objects) -> dict[str, object]:
    what, keywords, written = question
    given = [read(each, objects.read) for each in written]
    positional, named = given[: len(given) - len(keywords)], given[len(given) - len(keywords) :]
    with _Attempt() as attempt:
        if what == "name":
            attempt.value = names[given[0]]
        else:
            attempt.value = ACTIONS[what](*positional, **dict(zip(keywords, named, strict=True)))
    writer = Writer(objects.written)
    value: object = None
    with _Attempt() as writing:
        value = writer.written(attempt.value)
    if writing.error is not None:
        value = objects.written(attempt.value)
    return {
        "value": value,
        "error": attempt.error,
        "changed": _changed(what, given, written, writer),
        "flattened": writer.flattened,
    }


def _changed(what: str, given: list[Any], before: list[Any], writer: Writer) -> list[list[object]]:
    """The arguments that are no longer as they were given, by position."""
    if what != "call":
        return []
    changed: list[list[object]] = []
    for position, value in enumerate(before):
        if isinstance(value, list) and value[0] in _CHANGEABLE:
            after = writer.written(given[position])
            if after != value:
                changed.append([position, after])
    return changed
