"""Reports of the test runner, and the reason and the detail of a verdict that they give.

The idea: a test that failed rejects, whatever the others are; one that could neither be passed nor failed
with plain values leaves the verdict open; and of a pass the detail says which tests a solution that is out to
deceive could have passed without being right.
"""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter

from gristmill.verifiers.code.cases import Case
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox.execution import Ended, Execution

LONGEST_DETAIL = 4000
_LONGEST_SHOWN = 120
_UNPLAIN = "passes only where the solution compares its own objects with what is wanted"


class _Report(BaseModel):
    """What `runner.py` says of one test: `state` and `asked` as in `asserting.py`, `unplain` of a snippet
    that passed in the process of the solution and could not be decided elsewhere.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ended: Literal["exit", "time-out", "output"]
    code: int | None
    stdout: str
    error: str
    state: str
    passed: bool
    defined: bool
    forgeable: bool
    unplain: bool


_REPORTS = TypeAdapter(list[_Report])


@dataclass(frozen=True, slots=True)
class _Told:
    number: int
    case: Case
    why: str


def decided(execution: Execution, cases: tuple[Case, ...]) -> tuple[Reason, str]:
    """A runner that was killed was killed by the code; one that raised, or reports what is no report, is our
    own fault, if nothing stood between it and the code.
    """
    if execution.ended is not Ended.FINISHED:
        return Reason.TESTS_FAILED, f"the tests came to no end: {execution.ended}"
    if execution.exit_code != 0 or execution.truncated:
        return Reason.SANDBOX_FAILED, f"the test runner failed: {execution.stderr[-LONGEST_DETAIL:]}"
    try:
        reports = _REPORTS.validate_json(execution.stdout)
    except ValueError as exc:
        return Reason.SANDBOX_FAILED, f"what the test runner reports is no report: {exc}"
    if failed := _failures(reports, cases):
        return Reason.TESTS_FAILED, _detail("failed", failed, len(cases))
    pairs = list(enumerate(zip(reports, cases, strict=True), 1))
    if unplain := [_Told(number, case, _UNPLAIN) for number, (report, case) in pairs if report.unplain]:
        return Reason.UNPROVED, _detail("could not be decided", unplain, len(cases))
    forgeable = [number for number, (report, _) in pairs if report.forgeable]
    could = f"; a pass could be forged in {_ranges(forgeable)}, of another form than f(x) == value"
    return Reason.TESTS_PASSED, f"{len(cases)} tests{could if forgeable else ''}"


def _failures(reports: list[_Report], cases: tuple[Case, ...]) -> list[_Told]:
    """Tests without a report come after the last one; its fault is theirs if no test had begun."""
    last = reports[-1] if reports else None
    begun = last is None or last.defined
    rest = "not run: the time for all tests was up" if begun or last is None else f"not run: {_why(last)}"
    failed = []
    for number, case in enumerate(cases, 1):
        if number > len(reports):
            failed.append(_Told(number, case, rest))
        elif why := _fault(reports[number - 1], case):
            failed.append(_Told(number, case, why))
    return failed


def _fault(report: _Report, case: Case) -> str:
    """Why a test failed, "" if it did not."""
    if case.stdout is None:
        return "" if report.passed or report.unplain else _why(report)
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


def _detail(what: str, told: list[_Told], number: int) -> str:
    """Every such test by its number; as many as there is room for with what happened."""
    head = f"{len(told)} of {number} tests {what}: {_ranges([each.number for each in told])}"
    lines = [head]
    room = LONGEST_DETAIL - len(head)
    for each in told:
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
