"""Verifier `code-tests`: a response's program must pass the problem's tests, in the sandbox.

All tests of a response run in one sandbox, each in a process of its own (`runner.py`). The verdict's
detail names every test that failed, and how. A test that takes too long has failed; a sandbox that does not
start, or a reference that holds no tests (`cases.py`), leaves the verdict open.

What a hostile response can still fake. It runs in the same process as the snippet that tests it, so it can

- give back objects that equal everything, or read the wanted value: in the test's own frame, in the heap, in
  /stdin, where all snippets stand;
- find that value by trial, in children of its own that go through the test with a guess;
- look for the descriptors by which the runner is told that a snippet passed, and use them;
- change how the test runs: by a name that the test uses and it defines (`def abs`), a module that the test
  imports and it patched, a trace that jumps over an assert and is then taken off, or ctypes.

None of that happens by accident, nor by exiting, printing, killing the runner or changing the built-in names;
all of it is to be seen in the stored text. Tests of input and output have no such weakness: the output is
compared here, outside, and neither the wanted one nor its length (but how many times 64 KB the longest of all
has) enters the sandbox. Without isolation a program can reach the runner itself, and fake everything.

The version is `RULES/python-<version>/<seconds for a test>-<for all>-<memory>`: what decides beside the text.
"""

import json
import sys
from dataclasses import dataclass
from functools import cache
from math import ceil
from pathlib import Path
from time import perf_counter
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from gristmill.sampling.errors import ConfigError, UnavailableError
from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.code.cases import Case, read_cases
from gristmill.verifiers.code.fences import find_code
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.math.extraction import Found
from gristmill.verifiers.math.verify import LONGEST_ANSWER
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox import environment
from gristmill.verifiers.sandbox.execution import MEGABYTE, Ended, Execution, Isolation, Limits
from gristmill.verifiers.sandbox.run import available_isolation, run_python
from gristmill.verifiers.settings import VerifierSettings

NAME = "code-tests"
RULES = 2
_SLACK_SECONDS = 1.0
"""For the runner to end a test and report, before the sandbox ends the runner."""

_MORE_OUTPUT = 4096
_OUTPUT_STEP = 64 * 1024
_ESCAPED = 6
_LONGEST_DETAIL = 4000
_LONGEST_SHOWN = 120


class _Report(BaseModel):
    """What `runner.py` says of one test."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ended: Literal["exit", "time-out", "output"]
    code: int | None
    stdout: str
    error: str
    passed: bool
    defined: bool


_REPORTS = TypeAdapter(list[_Report])


@dataclass(frozen=True, slots=True)
class _Failed:
    number: int
    case: Case
    why: str


def code_version(settings: VerifierSettings) -> str:
    seconds = f"{settings.sandbox_test_seconds:g}s-{settings.sandbox_seconds:g}s"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{RULES}/python-{python}/{seconds}-{settings.sandbox_memory_mb}mb"


def verify_code_tests(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The verdict on one response. Blocks for `sandbox_seconds` and a little more at most."""
    started = perf_counter()
    found = find_code(response.text)
    reason, detail = _judged(problem.reference, response, found, settings)
    return Finding(reason, detail[:_LONGEST_DETAIL]).verdict(
        NAME,
        code_version(settings),
        perf_counter() - started,
        answer=None if found is None else found.answer[:LONGEST_ANSWER],
        span=None if found is None else (found.start, found.end),
    )


def _judged(
    reference: str, response: Response, found: Found | None, settings: VerifierSettings
) -> tuple[Reason, str]:
    if reason := response_filters.unfinished(response) or response_filters.repetition(response.text):
        return reason, ""
    if found is None:
        return response_filters.refusal(response.text) or Reason.NO_CODE, ""
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
    isolation = available_isolation(settings.unsafe_no_isolation)
    most = _most_output(cases)
    job = {
        "code": code,
        "seconds": settings.sandbox_seconds,
        "test_seconds": settings.sandbox_test_seconds,
        "most": most,
        "alone": isolation is Isolation.NAMESPACES,
        "input": environment.STDIN_FILE,
        "cases": [
            {"snippet": case.snippet} if case.stdout is None else {"stdin": case.stdin} for case in cases
        ],
    }
    limits = Limits(
        wall_seconds=settings.sandbox_seconds + _SLACK_SECONDS,
        cpu_seconds=ceil(settings.sandbox_seconds + _SLACK_SECONDS),
        memory_mb=settings.sandbox_memory_mb,
        file_mb=Limits().file_mb + max(_size(case.stdin) for case in cases) // MEGABYTE,
        output_bytes=_ESCAPED * (most + _MORE_OUTPUT) * len(cases),
    )
    return run_python(_runner(), stdin=json.dumps(job), limits=limits, isolation=isolation)


def _most_output(cases: tuple[Case, ...]) -> int:
    """How many bytes are read of any test's output: too coarse to tell one answer from another."""
    longest = max(_size(case.stdout or "") for case in cases)
    return ceil((longest + _MORE_OUTPUT) / _OUTPUT_STEP) * _OUTPUT_STEP


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


@cache
def _runner() -> str:
    return (Path(__file__).parent / "runner.py").read_text(encoding="utf-8")


def _decided(execution: Execution, cases: tuple[Case, ...]) -> tuple[Reason, str]:
    """A runner that was killed was killed by the code; one that raised, or reports what is no report, is our
    own fault, if nothing stood between it and the code.
    """
    if execution.ended is not Ended.FINISHED:
        return Reason.TESTS_FAILED, f"the tests came to no end: {execution.ended}"
    if execution.exit_code != 0 or execution.truncated:
        return Reason.SANDBOX_FAILED, f"the test runner failed: {execution.stderr[-_LONGEST_DETAIL:]}"
    try:
        reports = _REPORTS.validate_json(execution.stdout)
    except ValueError as exc:
        return Reason.SANDBOX_FAILED, f"what the test runner reports is no report: {exc}"
    failed = _failures(reports, cases)
    if not failed:
        return Reason.TESTS_PASSED, f"{len(cases)} tests"
    return Reason.TESTS_FAILED, _detail(failed, len(cases))


def _failures(reports: list[_Report], cases: tuple[Case, ...]) -> list[_Failed]:
    """Tests without a report come after the last one; its fault is theirs if no test had begun."""
    last = reports[-1] if reports else None
    begun = last is None or last.defined
    rest = "not run: the time for all tests was up" if begun or last is None else f"not run: {_why(last)}"
    failed = []
    for number, case in enumerate(cases, 1):
        if number > len(reports):
            failed.append(_Failed(number, case, rest))
        elif why := _fault(reports[number - 1], case):
            failed.append(_Failed(number, case, why))
    return failed


def _fault(report: _Report, case: Case) -> str:
    """Why a test failed, "" if it passed."""
    if case.stdout is None:
        return "" if report.passed else _why(report)
    if report.ended != "exit" or report.code != 0:
        return _why(report)
    if case.matches(report.stdout):
        return ""
    printed, wanted = repr(report.stdout.strip()), repr(case.stdout.strip())
    return f"printed {printed[:_LONGEST_SHOWN]}, not {wanted[:_LONGEST_SHOWN]}"


def _why(report: _Report) -> str:
    if report.ended == "time-out":
        return "time-out"
    if report.ended == "output":
        return "too much output"
    code = report.code or 0
    ended = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return report.error or f"{ended} before the test was over"


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
