"""Test cases of a problem, read from its reference.

A reference is a JSON array of test snippets (`"assert f(2) == 4"`) and of objects `{"input": ..., "output":
...}`, what a program reads and what it must print; or text that is no JSON at all: one test script.

The idea: a test that cannot fail would accept every response, so each snippet must do something at its top
level that can: assert, raise or call. A script that only defines `check(candidate)`, a bare number, a comment
are unreadable references and not tests that pass; so is one that does it only `if __name__ == "__main__"`, as
a test is no program, and one that calls `unittest.main()`, which looks for tests in the program and then ends
it, whatever came of them.
"""

import ast
import json
from dataclasses import dataclass
from functools import lru_cache

from gristmill.verifiers.code.forms import Form, form_of
from gristmill.verifiers.code.names import UNPARSABLE, parsed

_INERT = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_ACTIVE = (ast.Assert, ast.Raise, ast.Call)
_BOM = "\ufeff"
_SHORTENED = 80


@dataclass(frozen=True, slots=True)
class Case:
    """One test: a snippet to run after the program, or an input and the output it must bring."""

    snippet: str = ""
    stdin: str = ""
    stdout: str | None = None
    form: Form | None = None

    @property
    def title(self) -> str:
        """The test in one short line. Of a long input the beginning."""
        shown = self.snippet if self.stdout is None else f"input {self.stdin[:_SHORTENED]!r}"
        line = " ".join(shown.split())
        return line if len(line) <= _SHORTENED else f"{line[: _SHORTENED - 3]}..."

    def matches(self, stdout: str) -> bool:
        """Whether that is the output wanted; white space at the end of lines and of all does not count."""
        return self.stdout is not None and _bare(stdout) == _bare(self.stdout)


def _bare(text: str) -> list[str]:
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip().split("\n")


@lru_cache(maxsize=64)
def read_cases(reference: str) -> tuple[Case, ...]:
    """Raises ValueError that says what is wrong with the reference."""
    reference = reference.removeprefix(_BOM)
    try:
        document = json.loads(reference)
    except (ValueError, RecursionError):
        return (_snippet(reference, 1),)
    if not isinstance(document, list):
        raise ValueError(f"a reference is an array of tests or a script, and not JSON's {document!r:.40}")
    if not document:
        raise ValueError("the reference has no tests")
    return tuple(_case(item, number) for number, item in enumerate(document, 1))


def _case(item: object, number: int) -> Case:
    if isinstance(item, str):
        return _snippet(item, number)
    if not isinstance(item, dict) or set(item) != {"input", "output"}:
        raise ValueError(f"test {number} is no text and no object of input and output: {item!r:.60}")
    stdin, stdout = item["input"], item["output"]
    if not isinstance(stdin, str) or not isinstance(stdout, str):
        raise ValueError(f"test {number}: input and output are texts")
    return Case(stdin=stdin, stdout=stdout)


def _snippet(text: str, number: int) -> Case:
    text = text.removeprefix(_BOM)
    try:
        tree = parsed(text)
    except UNPARSABLE as exc:
        raise ValueError(f"test {number} is not Python: {exc}") from exc
    if any(_ends_all(node) for node in ast.walk(tree)):
        raise ValueError(f"test {number} calls unittest.main(), which ends it before its end: assert instead")
    if not any(_can_fail(statement) for statement in tree.body):
        raise ValueError(f"test {number} neither asserts nor calls anything: {text!r:.60}")
    return Case(snippet=text, form=form_of(tree))


def _can_fail(statement: ast.stmt) -> bool:
    if isinstance(statement, _INERT) or _is_guard(statement):
        return False
    return any(isinstance(node, _ACTIVE) for node in ast.walk(statement))


def _is_guard(statement: ast.stmt) -> bool:
    """Whether it is `if __name__ == ...:`, without an else."""
    if not isinstance(statement, ast.If) or statement.orelse or not isinstance(statement.test, ast.Compare):
        return False
    return any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement.test))


def _ends_all(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "unittest.main"
