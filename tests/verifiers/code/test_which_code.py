"""Which of a response's fences are its program, and what may be missing from it."""

import json

import pytest

from gristmill.sampling.records import FinishReason, Problem, Response, Verdict
from gristmill.verifiers.code.fences import find_code
from gristmill.verifiers.code.names import names_of
from gristmill.verifiers.code.prelude import prelude
from gristmill.verifiers.code.verify import verify_code_tests
from gristmill.verifiers.reasons import Reason
from tests.verifiers.code.test_faked_success import SLOWER
from tests.verifiers.code.test_verify import verdict

F, G, USE = "def f(x):\n    return g(x)\n", "def g(x):\n    return x\n", "print(f(3))\n"
TWO, BETTER, OTHER = F + G, F.replace("g(x)", "x + 1"), "def h():\n    return 1\n"


def fenced(*codes: str) -> str:
    return "So:\n" + "\nand\n".join(f"```python\n{code}```" for code in codes)


ONE = frozenset({"f"})
CHOSEN: dict[str, tuple[str, frozenset[str], str]] = {
    "an example of use after it": (fenced(TWO, USE), ONE, TWO),
    "examples before and after it": (fenced(USE, TWO, USE, "f(2)\n"), ONE, TWO),
    "an example in a shell": (fenced(TWO, ">>> f(3)\n3\n"), ONE, TWO),
    "an example that imports it": (fenced(TWO, f"from yours import f\n{USE}"), ONE, TWO),
    "a better one after it": (fenced(F, G, BETTER, USE), ONE, BETTER),
    "another function after it": (fenced(TWO, OTHER), ONE, TWO),
    "what it calls before it": (fenced(G, F, USE), ONE, f"{G}\n{F}"),
    "what it calls after it": (fenced(F, G, USE), ONE, f"{F}\n{G}"),
    "two functions in two fences": (fenced(F, G, USE), frozenset({"f", "g"}), f"{F}\n{G}"),
    "one of two functions": (fenced(TWO, USE), frozenset({"f", "missing"}), TWO),
    "a class and a name for its method": (
        fenced("class S:\n    def f(self): pass\n", f"f = S().f\n{USE}"), ONE,
        f"class S:\n    def f(self): pass\n\nf = S().f\n{USE}"),
    "a definition under a condition": (
        fenced("if 1:\n    h = 2\n", USE), frozenset({"h"}), "if 1:\n    h = 2\n"),
    "no name that is defined": (fenced(TWO, USE), frozenset({"missing"}), USE),
    "no names to look for": (fenced(TWO, USE), frozenset(), USE),
    "a name of an argument or a field alone": (fenced("def h(f):\n    f.f = 1\n", USE), ONE, USE),
    "fences that do not say Python": (f"```\n{TWO}```\nout:\n```\n3\n```", ONE, TWO),
    "an example that says Python, a function that does not": (f"```\n{TWO}```\n{fenced(USE)}", ONE, TWO),
    "a better one in a fence that is cut off": (f"{fenced(TWO)}\n```python\n{BETTER}", ONE, TWO),
    "a function in another language": (f"{fenced(USE)}\n```js\n{TWO}```", ONE, USE),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "code"), CHOSEN.values(), ids=CHOSEN)
def test_the_program_is_what_defines_the_names_of_the_tests_with(
    text: str, wanted: frozenset[str], code: str
) -> None:
    found = find_code(text, wanted)
    assert found is not None
    assert found.answer == code
    assert text[found.start : found.end].replace("```\nand\n```python", "") == code


def test_no_fences_of_ours_is_no_code() -> None:
    assert find_code("```\na\n```\n```\nb\n```", ONE) is None
    assert find_code(f"```js\n{TWO}```", ONE) is None


@pytest.mark.parametrize(
    "code", ["(" * 100_000, "-" * 100_000 + "1", "f = " * 100_000 + "1", "a\x00", "x." * 50_000]
)
def test_code_that_does_not_parse_has_no_names(code: str) -> None:
    assert not names_of(code).missing
    assert find_code(fenced(code + "\n", TWO, USE), ONE) is not None


def test_names_are_told_in_linear_time_of_many_fences() -> None:
    text = fenced(*(f"def f{number}(): return f{number + 1}()\n" for number in range(2000)))
    found = find_code(text, frozenset({"f0"}))
    assert found is not None
    assert found.answer.count("def") == 2000


SOLUTION = "class Solution:\n    def f(self, x: List[int]) -> int:\n        "
PRELUDES = {
    f"{SOLUTION}return Counter(x)[heapq.nlargest(1, x)[0]]": {"List", "Counter", "heapq"},
    f"from typing import List\n{SOLUTION}return len(x)": set(),
    f"{SOLUTION}List = 3\n        return count + merge(x)": set(),
    f"from __future__ import annotations\n{SOLUTION}return bisect_left(x, 1)": {"List", "bisect_left"},
    "def f(x: Optional[int]) -> List[int]:\n    return math.sqrt(x)": {"List", "Optional"},
    "def f(x):\n    return Counter(x)": set(),
}


@pytest.mark.parametrize(("code", "names"), PRELUDES.items())
def test_the_usual_imports_are_those_of_names_that_nothing_binds(code: str, names: set[str]) -> None:
    found = prelude(code, frozenset({"Solution", "f"}))
    assert {line.rpartition(" ")[2] for line in found.splitlines()} == names


def judged(text: str, tests: list[str]) -> Verdict:
    response = Response(text, FinishReason.STOP, 1, 1, 0.1, "m")
    return verify_code_tests(Problem("id", "prompt", json.dumps(tests)), response, SLOWER)


def test_a_function_before_its_example_is_tested_and_stored_as_the_answer() -> None:
    found = judged(fenced("def f(x):\n    return x * x\n", USE), ["assert f(2) == 4"])
    assert (found.reason, found.answer) == (Reason.TESTS_PASSED, "def f(x):\n    return x * x\n")
    assert (
        judged(fenced("def f(x):\n    return x + x + x\n", USE), ["assert f(2) == 4"]).reason
        == "tests-failed"
    )


@pytest.mark.parametrize(
    ("code", "tests", "reason"),
    [
        (f"from __future__ import annotations\n{SOLUTION}return sum(Counter(x))",
         ["assert Solution().f([1]) == 1"],
         Reason.TESTS_PASSED),
        (f"{SOLUTION}return Counted(x)", ["assert Solution().f([1]) == 1"], Reason.TESTS_FAILED),
        ("def f(x):\n    return math.sqrt(x)", ["assert f(4) == 2"], Reason.TESTS_FAILED),
        ("def f(x: List[int]):\n    return sum(x)", ["assert f([4]) == 4"], Reason.TESTS_PASSED),
    ],
)  # fmt: skip
def test_a_solution_with_the_usual_imports_runs_and_with_other_names_does_not(
    code: str, tests: list[str], reason: Reason
) -> None:
    found = verdict(code, tests, SLOWER)
    assert found.reason is reason
    assert found.reason is Reason.TESTS_PASSED or "NameError: name" in found.detail
