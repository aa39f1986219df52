"""Right programs of every habit pass, and what a test runner says is no verdict unless it is a report."""

import resource
import sys

import pytest

from gristmill.sampling.records import Outcome
from gristmill.verifiers.code.cases import read_cases
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox.execution import Ended, Execution
from tests.verifiers.code.test_verify import SETTINGS, SQUARE, SQUARES, verdict

SLOWER = SETTINGS.model_copy(update={"sandbox_test_seconds": 10.0, "sandbox_seconds": 60.0})
RIGHT = {
    "exit": "print(int(input()) ** 2)\nexit()",
    "quit": "print(int(input()) ** 2)\nquit(0)",
    "exit in a function": "def main():\n    print(int(input()) ** 2)\n    exit(0)\nmain()",
    "a byte order mark": "\ufeffprint(int(input()) ** 2)",
    "/dev/stdin": "print(int(open('/dev/stdin').readline()) ** 2)",
    "/dev/stdin as its own": "import sys\nsys.stdin = open('/dev/stdin')\nprint(int(input()) ** 2)",
    "990 frames": "def f(n):\n    return f(n - 1) if n else int(input())\nprint(f(990) ** 2)",
}


@pytest.mark.parametrize("code", RIGHT.values(), ids=RIGHT)
def test_a_right_program_passes_that_uses(code: str) -> None:
    assert verdict(code, [{"input": "3\n", "output": "9"}], SLOWER).detail == "1 tests"


def test_a_right_function_passes_that_recurses_as_deep_as_it_may_elsewhere() -> None:
    code = "def f(n):\n    return n and 1 + f(n - 1)"
    assert verdict(code, ["assert f(990) == 990"], SLOWER).reason is Reason.TESTS_PASSED


@pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="later Pythons bound the recursion of C by themselves"
)
@pytest.mark.skipif(0 < resource.getrlimit(resource.RLIMIT_STACK)[1] < 64 << 20, reason="the user may not")
def test_a_right_function_passes_that_recurses_deep_through_a_cache() -> None:
    code = "import functools, sys\nsys.setrecursionlimit(1 << 20)\n@functools.lru_cache(None)\n"
    code += "def f(n):\n    return n and 1 + f(n - 1)"
    assert verdict(code, ["assert f(40_000) == 40_000"], SLOWER).reason is Reason.TESTS_PASSED


@pytest.mark.full
def test_an_input_larger_than_the_files_a_program_may_write_is_read_whole() -> None:
    case = {"input": "x" * (20 << 20), "output": str(20 << 20)}
    code = "import sys\nprint(len(sys.stdin.read()))\nopen('own', 'w').write('x' * (15 << 20))"
    assert verdict(code, [case], SLOWER).detail == "1 tests"


def test_a_verdict_that_rests_on_the_order_of_a_set_is_the_same_each_time() -> None:
    case = {"input": "", "output": "c"}
    code = "print(next(iter({'a', 'b', 'c', 'd', 'e', 'f'})))"
    assert len({verdict(code, [case]).detail for _ in range(6)}) == 1


def test_a_test_of_text_that_is_no_utf8_is_one_that_nobody_passes() -> None:
    assert verdict("print('?')", '[{"input": "", "output": "\\ud800"}]').reason is Reason.TESTS_FAILED


def test_a_byte_order_mark_before_a_reference_says_nothing() -> None:
    for reference in ("\ufeffassert f(2) == 4", '\ufeff["\ufeffassert f(2) == 4"]'):
        assert verdict(SQUARE, reference).detail == "1 tests"


CLASS = "import unittest\nclass T(unittest.TestCase):\n    def test(self): self.assertEqual(f(2), 5)\n"
GUARD = "if __name__ == '__main__':\n    "
NO_TESTS = {
    f"{CLASS}unittest.main()": "unittest.main",
    f"{CLASS}{GUARD}unittest.main(exit=False)": "unittest.main",
    f"{GUARD}assert f(2) == 5": "neither asserts nor calls",
}


@pytest.mark.parametrize(("script", "why"), NO_TESTS.items())
def test_a_script_that_would_pass_or_fail_whatever_the_code_is_no_test(script: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_cases(script)
    assert verdict(SQUARE, script).reason is Reason.UNREADABLE_REFERENCE


def test_what_a_script_does_as_a_program_does_not_count_beside_its_test() -> None:
    assert verdict(SQUARE, f"assert f(2) == 4\n{GUARD}raise ValueError").detail == "1 tests"


@pytest.mark.parametrize("stdout", ["", "garbage", "{}", "[{}]", '[{"passed": true}]', "[1]"])
def test_what_is_no_report_leaves_the_verdict_open(stdout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    execution = Execution(Ended.FINISHED, 0, stdout, "", False, 0.1, 0.1)
    monkeypatch.setattr("gristmill.verifiers.code.verify.run_python", lambda *_, **__: execution)
    found = verdict(SQUARE, SQUARES)
    assert (found.outcome, found.reason) == (Outcome.UNDECIDED, Reason.SANDBOX_FAILED)
