"""Verifier `code-tests`: a response's program must pass the problem's tests, in the sandbox.

All tests of a response run in one sandbox, each in a process of its own (`runner.py`). The verdict's
detail names every test that failed, and how. A test that takes too long has failed; a sandbox that does not
start, or a reference that holds no tests (`cases.py`), leaves the verdict open.

A snippet runs in another process than the code (`forms.py` says which do not), and asks there for what it
calls and reads; what comes back is plain values, and nothing that a snippet wants is in the process of the
code, in one that it came from, or in a file that it can read. The expected output of a program never enters
the sandbox: nor does its length (but how many times 64 KB the longest of all has). So such a pass cannot be
forged: not by objects that equal everything, not by reading what is wanted in frames, the heap or a file, not
by a function of its own for one that the test uses. The code may send what it likes, but has to know what.

A solution that is out to deceive can still

- pass a snippet that runs in its own process; the detail of the verdict tells which did;
- pass by what the snippet lets pass: an empty list does for `all(a == b for a, b in zip(f(x), wanted))`, and
  for `numpy.allclose(f(x), 4)`.

Without isolation a program can reach every process of ours, and fake everything.

The version is `RULES/python-<version>/<seconds for a test>-<for all>-<memory>`: what decides beside the text.
"""

import json
import sys
from math import ceil
from time import perf_counter

from gristmill.sampling.errors import ConfigError, UnavailableError
from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers.code.cases import Case, read_cases
from gristmill.verifiers.code.fences import find_code
from gristmill.verifiers.code.prelude import prelude
from gristmill.verifiers.code.program import runner_program
from gristmill.verifiers.code.reports import LONGEST_DETAIL, decided
from gristmill.verifiers.filters import responses as response_filters
from gristmill.verifiers.filters.leaked_text import leaked
from gristmill.verifiers.filters.refusals import refusal
from gristmill.verifiers.finding import Finding
from gristmill.verifiers.math.verify import LONGEST_ANSWER
from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.sandbox import environment
from gristmill.verifiers.sandbox.execution import MEGABYTE, Execution, Isolation, Limits
from gristmill.verifiers.sandbox.run import available_isolation, run_python
from gristmill.verifiers.settings import VerifierSettings

NAME = "code-tests"
RULES = 3
_SLACK_SECONDS = 1.0
"""For the runner to end a test and report, before the sandbox ends the runner."""

_MORE_OUTPUT = 4096
_OUTPUT_STEP = 64 * 1024
_ESCAPED = 6
_NUMBER_DIGITS = 16
"""As wide as `runner.py` reads a number."""


def code_version(settings: VerifierSettings) -> str:
    seconds = f"{settings.sandbox_test_seconds:g}s-{settings.sandbox_seconds:g}s"
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return f"{RULES}/python-{python}/{seconds}-{settings.sandbox_memory_mb}mb"


def verify_code_tests(problem: Problem, response: Response, settings: VerifierSettings) -> Verdict:
    """The verdict on one response. Blocks for `sandbox_seconds` and a little more at most."""
    started = perf_counter()
    try:
        cases, unreadable = read_cases(problem.reference), ""
    except ValueError as exc:
        cases, unreadable = (), str(exc)
    wanted = frozenset().union(*(case.form.names for case in cases if case.form is not None))
    found = find_code(response.text, wanted)
    code = "" if found is None else found.answer
    reason, detail = (
        _gate(problem.prompt, response, found is not None)
        or (unreadable and (Reason.UNREADABLE_REFERENCE, unreadable))
        or _judged(code, prelude(code, wanted), cases, settings)
    )
    return Finding(reason, detail[:LONGEST_DETAIL]).verdict(
        NAME,
        code_version(settings),
        perf_counter() - started,
        answer=None if found is None else code[:LONGEST_ANSWER],
        span=None if found is None else (found.start, found.end),
    )


def _gate(prompt: str, response: Response, has_code: bool) -> tuple[Reason, str] | None:
    if reason := response_filters.unfinished(response) or response_filters.repetition(response.text):
        return reason, ""
    if reason := leaked(response.text, prompt):
        return reason, ""
    if not has_code:
        return refusal(response.text, prompt) or Reason.NO_CODE, ""
    return None


def _judged(
    code: str, imports: str, cases: tuple[Case, ...], settings: VerifierSettings
) -> tuple[Reason, str]:
    try:
        execution = _run(code, imports, cases, settings)
    except (UnavailableError, ConfigError) as exc:
        return Reason.SANDBOX_FAILED, str(exc)
    return decided(execution, cases)


def _run(code: str, imports: str, cases: tuple[Case, ...], settings: VerifierSettings) -> Execution:
    isolation = available_isolation(settings.unsafe_no_isolation)
    most = _most_output(cases)
    header = {
        "prelude": imports,
        "code": code,
        "seconds": settings.sandbox_seconds,
        "test_seconds": settings.sandbox_test_seconds,
        "most": most,
        "alone": isolation is Isolation.NAMESPACES,
        "input": environment.STDIN_FILE,
        "cases": [_public(case) for case in cases],
    }
    limits = Limits(
        wall_seconds=settings.sandbox_seconds + _SLACK_SECONDS,
        cpu_seconds=ceil(settings.sandbox_seconds + _SLACK_SECONDS),
        memory_mb=settings.sandbox_memory_mb,
        file_mb=Limits().file_mb + max(_size(case.stdin) for case in cases) // MEGABYTE,
        output_bytes=_ESCAPED * (most + _MORE_OUTPUT) * len(cases),
    )
    job = _job(json.dumps(header), [case.snippet for case in cases])
    return run_python(runner_program(), stdin=job, limits=limits, isolation=isolation)


def _public(case: Case) -> dict[str, object]:
    """What the process of the code may know of a test."""
    if case.form is None:
        return {"kind": "input", "stdin": case.stdin}
    kind = "inside" if case.form.inside else "snippet"
    return {"kind": kind, "tested": sorted(case.form.names), "fallback": case.form.fallback}


def _job(header: str, snippets: list[str]) -> str:
    """The header, an index of the snippets, and they. The header alone is read by every process there."""
    numbers = []
    place = _NUMBER_DIGITS + len(header) + 2 * _NUMBER_DIGITS * len(snippets)
    for snippet in snippets:
        numbers += [place, _size(snippet)]
        place += _size(snippet)
    digits = [f"{number:0{_NUMBER_DIGITS}}" for number in (len(header), *numbers)]
    return "".join([digits[0], header, *digits[1:], *snippets])


def _most_output(cases: tuple[Case, ...]) -> int:
    """How many bytes are read of any test's output: too coarse to tell one answer from another."""
    longest = max(_size(case.stdout or "") for case in cases)
    return ceil((longest + _MORE_OUTPUT) / _OUTPUT_STEP) * _OUTPUT_STEP


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
