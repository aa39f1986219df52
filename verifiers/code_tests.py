"""The verifier for code: a response's program must pass the problem's tests, in the sandbox.

All tests of a response run in one sandbox, each in a process of its own (`code_runner.py`). The verdict's
detail names every test that failed, and how. A test that takes too long has failed; a sandbox that does not
start, or a reference that holds no tests (`code_cases.py`), leaves the verdict open.

What a hostile response can still fake. It runs in the same process as the snippet that tests it, so it can
give back objects that equal everything, read the wanted value out of the test's own frame, or look for the
descriptors by which the runner is told that a snippet passed, and use them. None of that happens by accident,
nor by exiting, printing, patching `assert`'s error or killing the runner; all of it is to be seen in the
stored text. Tests of input and output have no such weakness: the output is compared here, outside, and the
wanted one never enters the sandbox.

The version is `RULES/python-<version>/<seconds for a test>-<for all>-<memory>`: what decides beside the text.
"""

import json
import sys
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Any

from sampling.errors import ConfigError, UnavailableError
from sampling.records import Problem, Response, Verdict
from verifiers import gates
from verifiers.code_cases import Case, read_cases
from verifiers.code_fences import find_code
from verifiers.execution import Ended, Execution, Limits
from verifiers.extraction import Found
from verifiers.math_answer import LONGEST_ANSWER, storable
from verifiers.reasons import Reason, outcome_of
from verifiers.sandbox import available_isolation, run_python
from verifiers.settings import VerifierSettings

NAME = "code-tests"
RULES = 1
_SLACK_SECONDS = 1.0
"""For the runner to end a test and report, before the sandbox ends the runner."""

_MORE_OUTPUT = 4096
_ESCAPED = 6
_LONGEST_DETAIL = 4000
_LONGEST_SHOWN = 120


@dataclass(frozen=True, slots=True)
class _Failed:
    number: int
    case: Case
    why: str


def code_version(settings: VerifierSettings) -> str:
    seconds = f"{settings.sandbox_test_seconds:g}s-{settings.sandbox_seconds:g}s"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{RULES}/python-{python}/{seconds}-{settings.sandbox_memory_mb}mb"


def check_sandbox(settings: VerifierSettings) -> None:
    """Raises ConfigError where this verifier decides and the machine has no sandbox for it."""
    if settings.verifier == NAME:
        available_isolation(settings.unsafe_no_isolation)


def verify_code_tests(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The verdict on one response. Blocks for `sandbox_seconds` and a little more at most."""
    started = perf_counter()
    found = find_code(response.text)
    reason, detail = _judged(problem.reference, response, found, settings)
    return Verdict(
        outcome=outcome_of(reason),
        reason=reason,
        verifier=NAME,
        version=code_version(settings),
        detail=storable(detail[:_LONGEST_DETAIL]),
        answer=None if found is None else storable(found.answer[:LONGEST_ANSWER]),
        span=None if found is None else (found.start, found.end),
        seconds=perf_counter() - started,
    )


def _judged(
    reference: str, response: Response, found: Found | None, settings: VerifierSettings
) -> tuple[Reason, str]:
    if reason := gates.unfinished(response) or gates.repetition(response.text):
        return reason, ""
    if found is None:
        return gates.refusal(response.text) or Reason.NO_CODE, ""
    try:
        cases = read_cases(reference)
    except ValueError as exc:
        return Reason.UNREADABLE_REFERENCE, str(exc)
    try:
        execution = _run(found.answer, cases, settings)
    except (UnavailableError, ConfigError) as exc:
        return Reason.SANDBOX_FAILED, str(exc)
    return _decided(execution, cases)


def _run(code: str, cases: tuple[Case, ...], settings: VerifierSettings) -> Execution:
    most = [0 if case.stdout is None else len(case.stdout.encode()) + _MORE_OUTPUT for case in cases]
    job = {
        "code": code,
        "seconds": settings.sandbox_seconds,
        "test_seconds": settings.sandbox_test_seconds,
        "cases": [
            {"snippet": case.snippet} if case.stdout is None else {"stdin": case.stdin, "most": bound}
            for case, bound in zip(cases, most, strict=True)
        ],
    }
    limits = Limits(
        wall_seconds=settings.sandbox_seconds + _SLACK_SECONDS,
        cpu_seconds=ceil(settings.sandbox_seconds + _SLACK_SECONDS),
        memory_mb=settings.sandbox_memory_mb,
        output_bytes=_ESCAPED * (sum(most) + _MORE_OUTPUT * len(cases)),
    )
    isolation = available_isolation(settings.unsafe_no_isolation)
    return run_python(_runner(), stdin=json.dumps(job), limits=limits, isolation=isolation)


@cache
def _runner() -> str:
    return (Path(__file__).parent / "code_runner.py").read_text(encoding="utf-8")


def _decided(execution: Execution, cases: tuple[Case, ...]) -> tuple[Reason, str]:
    """A runner that was killed was killed by the code; one that raised is our own fault."""
    if execution.ended is not Ended.FINISHED:
        return Reason.TESTS_FAILED, f"the tests came to no end: {execution.ended}"
    if execution.exit_code != 0 or execution.truncated:
        return Reason.SANDBOX_FAILED, f"the test runner failed: {execution.stderr[-_LONGEST_DETAIL:]}"
    failed = _failures(json.loads(execution.stdout), cases)
    if not failed:
        return Reason.TESTS_PASSED, f"{len(cases)} tests"
    return Reason.TESTS_FAILED, _detail(failed, len(cases))


def _failures(reports: list[dict[str, Any]], cases: tuple[Case, ...]) -> list[_Failed]:
    """Tests without a report come after the last one; its fault is theirs if no test had begun."""
    last = reports[-1] if reports else None
    begun = last is None or last["defined"]
    rest = "not run: the time for all tests was up" if begun or last is None else f"not run: {_why(last)}"
    failed = []
    for number, case in enumerate(cases, 1):
        if number > len(reports):
            failed.append(_Failed(number, case, rest))
        elif why := _fault(reports[number - 1], case):
            failed.append(_Failed(number, case, why))
    return failed


def _fault(report: dict[str, Any], case: Case) -> str:
    """Why a test failed, "" if it passed."""
    if case.stdout is None:
        return "" if report["passed"] else _why(report)
    if report["ended"] != "exit" or report["code"] != 0:
        return _why(report)
    if case.matches(report["stdout"]):
        return ""
    printed, wanted = repr(report["stdout"].strip()), repr(case.stdout.strip())
    return f"printed {printed[:_LONGEST_SHOWN]}, not {wanted[:_LONGEST_SHOWN]}"


def _why(report: dict[str, Any]) -> str:
    if report["ended"] == "time-out":
        return "time-out"
    if report["ended"] == "output":
        return "too much output"
    ended = f"killed by signal {-report['code']}" if report["code"] < 0 else f"exit code {report['code']}"
    return report["error"] or f"{ended} before the test was over"


def _detail(failed: list[_Failed], number: int) -> str:
    """Every failed test by its number; as many as there is room for with what happened."""
    head = f"{len(failed)} of {number} tests failed: {_ranges([each.number for each in failed])}"
    lines = [head]
    room = _LONGEST_DETAIL - len(head)
    for each in failed:
        line = f"#{each.number} {each.case.title}: {each.why}"
        room -= len(line) + 1
        if room < 0:
            break
        lines.append(line)
    return "\n".join(lines)


def _ranges(numbers: list[int]) -> str:
    """Ascending numbers, with runs of them written as 3-7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number, number])
    return ", ".join(f"{first}-{last}" if last > first else str(first) for first, last in runs)
