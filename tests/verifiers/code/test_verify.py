import json
import os

import pytest

from gristmill.sampling.records import FinishReason, Outcome, Problem, Response, Verdict
from gristmill.verifiers.code.cases import read_cases
from gristmill.verifiers.code.verify import code_version, verify_code_tests
from gristmill.verifiers.pool import VerifierPool
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox.execution import Isolation
from gristmill.verifiers.settings import VerifierSettings

SETTINGS = VerifierSettings(verifier="code-tests", sandbox_test_seconds=0.5)
SQUARE = "def f(x):\n    return x * x"
SQUARES = [f"assert f({number}) == {number * number}" for number in range(3)]


def verdict(
    code: str, tests: object, settings: VerifierSettings = SETTINGS, finish: FinishReason = FinishReason.STOP
) -> Verdict:
    reference = tests if isinstance(tests, str) else json.dumps(tests)
    text = f"Here it is.\n\n```python\n{code}\n```\n\nIt squares."
    return verify_code_tests(
        Problem("id", "prompt", reference), Response(text, finish, 1, 1, 0.1, "m"), settings
    )


def test_code_that_passes_every_test_is_accepted() -> None:
    found = verdict(SQUARE, SQUARES)
    assert (found.outcome, found.reason, found.detail) == (
        Outcome.ACCEPTED,
        Reason.TESTS_PASSED,
        "3 tests",
    )
    assert (found.answer, found.verifier) == (f"{SQUARE}\n", "code-tests")
    assert found.version == code_version(SETTINGS)


def test_every_failed_test_is_in_the_detail_with_what_happened() -> None:
    tests = [*SQUARES, "assert f(2) == 5", "assert f(3) == 0, 'not zero'", "f(None)", "assert f(1)"]
    found = verdict(SQUARE, tests)
    assert (found.outcome, found.reason) == (Outcome.REJECTED, Reason.TESTS_FAILED)
    head, *lines = found.detail.splitlines()
    assert head == "3 of 7 tests failed: 4-6"
    assert lines[0] == "#4 assert f(2) == 5: AssertionError"
    assert lines[1] == "#5 assert f(3) == 0, 'not zero': AssertionError: not zero"
    assert lines[2].startswith("#6 f(None): TypeError: unsupported operand")


@pytest.mark.full
def test_a_thousand_failed_tests_are_all_named_in_a_detail_of_bounded_length() -> None:
    found = verdict("f = 1", [f"assert f == {number}" for number in range(250)])
    assert found.detail.startswith("249 of 250 tests failed: 1, 3-250\n#1 ")
    assert len(found.detail) <= 4000


def test_a_program_is_given_its_input_and_must_print_the_output() -> None:
    code = "print(int(input()) ** 2, ' ')\nprint()"
    assert verdict(code, [{"input": "3\n", "output": "9"}, {"input": "4", "output": "16\n\n"}]).reason == (
        Reason.TESTS_PASSED
    )
    found = verdict(code, [{"input": "3", "output": "10"}, {"input": "x", "output": "1"}, "assert True"])
    assert found.detail.splitlines()[1] == "#1 input '3': printed '9', not '10'"
    assert "#2 input 'x': ValueError: invalid literal" in found.detail


def test_a_program_may_print_from_a_thread_at_its_exit_and_under_main() -> None:
    code = """
import atexit, sys, threading
if __name__ == "__main__":
    threading.Thread(target=lambda: print(sys.stdin.readline().strip(), flush=True)).start()
    atexit.register(lambda: print(open(0).read() or "end"))
"""
    assert verdict(code, [{"input": "a\n", "output": "a\nend"}]).reason is Reason.TESTS_PASSED


def test_what_runs_under_main_does_not_run_before_a_snippet() -> None:
    code = f"{SQUARE}\nif __name__ == '__main__':\n    raise ValueError"
    assert verdict(code, SQUARES).reason is Reason.TESTS_PASSED


def test_right_output_with_an_error_after_it_has_failed() -> None:
    assert "exit code 3" in verdict("print(1)\nraise SystemExit(3)", [{"input": "", "output": "1"}]).detail


def test_a_test_that_takes_too_long_has_failed_and_the_next_one_runs() -> None:
    code = "def f(x):\n    while x == 1:\n        pass\n    return x * x"
    found = verdict(code, SQUARES)
    assert (found.outcome, found.detail) == (
        Outcome.REJECTED,
        "1 of 3 tests failed: 2\n#2 assert f(1) == 1: time-out",
    )


def test_code_that_fails_by_itself_fails_every_test_and_runs_once() -> None:
    found = verdict("while True:\n    pass", SQUARES)
    assert found.detail.splitlines()[1:] == [
        "#1 assert f(0) == 0: time-out",
        "#2 assert f(1) == 1: not run: time-out",
        "#3 assert f(2) == 4: not run: time-out",
    ]
    assert "SyntaxError" in verdict("def f(x)", SQUARES).detail


def test_tests_that_there_was_no_time_for_are_in_the_detail() -> None:
    settings = SETTINGS.model_copy(update={"sandbox_seconds": 0.4})
    found = verdict("def f(x):\n    while True:\n        pass", SQUARES, settings)
    assert found.detail.endswith("#3 assert f(2) == 4: not run: the time for all tests was up")


def test_a_program_that_prints_without_end_has_failed() -> None:
    found = verdict("while True:\n    print('a' * 1000)", [{"input": "", "output": "a"}])
    assert found.detail.endswith("too much output")


def test_memory_beyond_the_limit_is_a_failed_test() -> None:
    found = verdict("def f(x):\n    return bytearray(1 << 34)", ["assert f(2)"])
    assert found.detail.endswith("MemoryError")


UNREADABLE = ["[]", "{}", "42", "", "#### 42", "x = 4", "[1]", '[{"input": "a"}]', '["assert"]', '["x =="]']
UNREADABLE += ["def check(f):\n    assert f(2) == 4", '[{"input": 1, "output": "2"}]', "[" * 100_000, '["4"]']


@pytest.mark.parametrize("reference", UNREADABLE, ids=lambda reference: reference[:20])
def test_a_reference_without_tests_that_can_fail_leaves_the_verdict_open(reference: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_cases(reference)
    found = verdict(SQUARE, reference)
    assert (found.outcome, found.reason) == (Outcome.UNDECIDED, Reason.UNREADABLE_REFERENCE)


def test_a_script_is_one_test() -> None:
    script = "def check(candidate):\n    assert candidate(2) == 4\n\ncheck(f)"
    assert verdict(SQUARE, script).detail == "1 tests"
    assert verdict("def f(x): return 1", script).detail.endswith("AssertionError")


def test_a_sandbox_that_does_not_start_leaves_the_verdict_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.verifiers.sandbox.environment.python", lambda: "/no/such/python")
    found = verdict(SQUARE, SQUARES)
    assert (found.outcome, found.reason) == (Outcome.UNDECIDED, Reason.SANDBOX_FAILED)
    assert "No such file" in found.detail


def test_a_cut_off_response_is_rejected_unrun() -> None:
    assert verdict(SQUARE, SQUARES, finish=FinishReason.LENGTH).reason is Reason.CUT_OFF


@pytest.mark.full
async def test_the_pool_gives_the_same_verdicts_and_time_for_all_tests() -> None:
    slow = "def f(x):\n    while True:\n        pass"
    settings = SETTINGS.model_copy(update={"sandbox_seconds": 1.0, "verify_timeout_seconds": 3.0})
    async with VerifierPool(settings) as pool:
        for code in (SQUARE, slow):
            wanted = verdict(code, SQUARES * 4, settings)
            text = f"```python\n{code}\n```"
            response = Response(text, FinishReason.STOP, 1, 1, 0.1, "m")
            found = await pool.judge(Problem("id", "prompt", json.dumps(SQUARES * 4)), response)
            assert (found.outcome, found.reason) == (wanted.outcome, wanted.reason)


def test_a_response_without_code_is_rejected() -> None:
    response = Response("The answer is 4.", FinishReason.STOP, 1, 1, 0.1, "m")
    found = verify_code_tests(Problem("id", "prompt", "assert f(2) == 4"), response, SETTINGS)
    assert (found.outcome, found.reason) == (Outcome.REJECTED, Reason.NO_CODE)


def test_the_verification_has_time_for_all_tests_and_to_report() -> None:
    with pytest.raises(ValueError, match="verify_timeout_seconds: 5 ends a verification before"):
        VerifierSettings(verifier="code-tests", sandbox_seconds=10)
    assert VerifierSettings(verifier="code-tests", sandbox_seconds=10, verify_timeout_seconds=12)
    assert VerifierSettings(sandbox_seconds=10).verifier == "math"


def test_code_runs_without_isolation_where_the_user_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gristmill.verifiers.code.verify.available_isolation", lambda unsafe: Isolation.NONE)
    settings = SETTINGS.model_copy(update={"unsafe_no_isolation": True})
    code = f"import os\ndef f():\n    return os.path.exists('/proc/{os.getpid()}')"
    assert verdict(code, ["assert f()"], settings).reason is Reason.TESTS_PASSED
