"""Test runner for a response's code: the program that the sandbox is given to run.

The idea: this process never runs a line of the code, and never reads what a test wants. Each test has
children of its own, forked from here. A *snippet* has two: one runs the code (`solution.py`), the other reads
the snippet and runs it (`asserting.py`), and what it compares are plain values that the first one sent. A
snippet of another form runs *inside* the process of the code, and has passed if its child, after the last
line, hands back a token that it reads only then: to exit early, to print, to raise, to replace `assert`'s
exceptions brings no token. An *input* is given to the code as a program; its output is not judged here at
all: neither the wanted one nor its length is in the sandbox. What children leave behind, processes and files,
is gone before the next test starts.

In: on stdin, which has no name in the file system, a header (its length in 16 digits, then JSON),
`{"prelude", "code", "seconds", "test_seconds", "most", "alone", "input", "cases": [{"kind": "snippet" (with
"tested", names), "inside" or "input" (with "stdin")}]}`: `most` bytes of output are read of a test, `alone`
says that there is no process of anybody else's to see, `input` names the file that is a test's standard
input. Behind the header, for each case 32 digits, place and length of its snippet, and then the snippets;
only the process that runs a snippet reads it. Out: a JSON array of reports, fewer than cases if the time was
up, or if the code failed before a test began. Standard library alone.
"""

# ruff: noqa: PTH123 - pathlib would slow the start

import builtins
import contextlib
import json
import os
import select
import signal
import sys
from time import monotonic
from typing import Any, NoReturn

from gristmill.verifiers.code.asserting import judged
from gristmill.verifiers.code.leftovers import clear
from gristmill.verifiers.code.remote import RemoteChannel
from gristmill.verifiers.code.solution import run, serve

NUMBER_DIGITS = 16
_CHUNK = 65536
_MOST_LEFT = 64  # chunks to read of a child that is gone; one that left its group may write for ever
_LAST_BYTES = 4096
_LONGEST_ERROR = 300
_DESCRIPTORS = 128
_DEFINED = b"d"
_TOKEN_BYTES = 16


def main() -> None:
    size = _number(0)
    job = json.loads(os.pread(0, size, NUMBER_DIGITS))
    reports: list[dict[str, Any]] = []
    until = monotonic() + job["seconds"]
    for number, case in enumerate(job["cases"]):
        if monotonic() >= until:
            break
        reports.append(_report(job, case, NUMBER_DIGITS + size + 2 * NUMBER_DIGITS * number, until))
        if not reports[-1]["defined"]:
            break
    sys.stdout.write(json.dumps(reports))


def _number(place: int) -> int:
    return int(os.pread(0, NUMBER_DIGITS, place))


def _report(job: dict[str, Any], case: dict[str, Any], place: int, until: float) -> dict[str, Any]:
    """Of a snippet that cannot be decided between two processes, how it ends in one: there a failure is one,
    and a pass is one that could be forged.
    """
    report = _tried(job, case, case["kind"], place, until)
    again = ("unsendable", "unplain", "failed") if case.get("fallback") else ("unsendable", "unplain")
    if report["state"] not in again:
        return report
    inside = _tried(job, case, "inside", place, until)
    if case["fallback"] or report["state"] == "unsendable":
        return inside
    return {**inside, "passed": False, "unplain": inside["passed"]}


def _tried(job: dict[str, Any], case: dict[str, Any], kind: str, place: int, until: float) -> dict[str, Any]:
    pipes = {name: os.pipe() for name in ("stdout", "stderr", "proof", "more", "back")}
    code = os.fork()
    if code == 0:
        _play_code(job, case, kind, place, pipes)
    test = os.fork() if kind == "snippet" else None
    if test == 0:
        _play_test(case, place, pipes)
    token = os.urandom(_TOKEN_BYTES)
    if kind == "inside":
        os.write(pipes["more"][1], token)
    for name, (reads, writes) in pipes.items():
        os.close(writes)
        if name in ("more", "back"):
            os.close(reads)
    ends = {name: pipes[name][0] for name in ("stdout", "stderr", "proof")}
    deadline = min(until, monotonic() + job["test_seconds"])
    report = _watched(code, test, ends, job["most"], deadline)
    clear(job["alone"])
    return report | _proved(kind, report.pop("proof"), token)


def _proved(kind: str, proof: bytes, token: bytes) -> dict[str, Any]:
    """What the proof that a child handed back says."""
    defined = kind == "input" or proof.startswith(_DEFINED)
    if kind != "snippet":
        passed = proof == _DEFINED + token
        return {"state": "", "passed": passed, "defined": defined, "forgeable": kind == "inside"}
    said = json.loads(proof.removeprefix(_DEFINED) or '{"state": "gone", "error": "", "asked": false}')
    told = {"error": said["error"]} if said["state"] == "failed" else {}
    passed = said["state"] == "passed"
    return {
        "state": said["state"],
        "passed": passed,
        "defined": defined,
        "forgeable": said["asked"],
        **told,
    }


def _watched(code: int, test: int | None, ends: dict[str, int], most: int, deadline: float) -> dict[str, Any]:
    """What the children wrote, until the test, or else the code, is gone, or the time is up; then their
    process groups go, too. The status is the code's.
    """
    data = {name: bytearray() for name in ends}
    names = {end: name for name, end in ends.items()}
    first = code if test is None else test
    held = {ends["proof"]} if test is not None else set(ends.values())
    status, ended = None, "exit"
    while status is None:
        _read(names, data, 0.05 if held & names.keys() else 0.001)
        done, raw = os.waitpid(first, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(raw)
        elif monotonic() > deadline or len(data["stdout"]) > most:
            ended = "output" if len(data["stdout"]) > most else "time-out"
            break
    status = _stopped(code, test, status)
    for _ in range(_MOST_LEFT):
        if not _read(names, data, 0):
            break
    for end in ends.values():
        os.close(end)
    return {
        "ended": "output" if len(data["stdout"]) > most else ended,
        "code": status,
        "stdout": bytes(data["stdout"][:most]).decode("utf-8", "replace"),
        "error": _last_line(bytes(data["stderr"])),
        "proof": bytes(data["proof"]),
        "unplain": False,
    }


def _stopped(code: int, test: int | None, status: int | None) -> int | None:
    """Ends what is left of the children; the status of the code's. `status` is that of the one waited for."""
    for child in (code, test):
        if child is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(test or code, 0)
    return status if test is None else os.waitstatus_to_exitcode(os.waitpid(code, 0)[1])


def _read(names: dict[int, str], data: dict[str, bytearray], seconds: float) -> bool:
    """Whether there was anything to read. Of stderr the end is kept."""
    ready, _, _ = select.select(list(names), [], [], seconds)
    for end in ready:
        chunk = os.read(end, _CHUNK)
        if chunk:
            data[names[end]] += chunk
        else:
            del names[end]
    del data["stderr"][:-_LAST_BYTES], data["proof"][_LAST_BYTES:]
    return bool(ready)


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:_LONGEST_ERROR] if lines else ""


def _snippet(place: int) -> str:
    return os.pread(0, _number(place + NUMBER_DIGITS), _number(place)).decode("utf-8", "surrogatepass")


def _become_child(stdout: int, stderr: int, kept: tuple[int, ...]) -> None:
    os.setsid()
    os.dup2(stdout, 1)
    os.dup2(stderr, 2)
    for end in range(3, _DESCRIPTORS):
        if end not in kept:
            with contextlib.suppress(OSError):
                os.close(end)


def _play_code(
    job: dict[str, Any], case: dict[str, Any], kind: str, place: int, pipes: dict[str, tuple[int, int]]
) -> NoReturn:
    """The code as a program with its input, or as a module and then the test's questions, or the test."""
    program = job["prelude"], job["code"]
    snippet = _snippet(place) if kind == "inside" else ""
    with open(job["input"], "wb") as file:
        file.write(case.get("stdin", "").encode("utf-8", "surrogatepass"))
    os.dup2(os.open(job["input"], os.O_RDONLY), 0)
    stdout = pipes["stdout"][1] if kind == "input" else os.open(os.devnull, os.O_WRONLY)
    kept = {
        "input": (),
        "inside": (pipes["more"][0], pipes["proof"][1]),
        "snippet": (pipes["more"][0], pipes["back"][1]),
    }
    _become_child(stdout, pipes["stderr"][1], kept[kind])
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    if kind == "input":
        run(*program, "__main__")
    elif kind == "inside":
        _prove(*program, snippet, *kept[kind])
    else:
        serve(*program, *kept[kind])
    raise SystemExit


def _play_test(case: dict[str, Any], place: int, pipes: dict[str, tuple[int, int]]) -> NoReturn:
    """In a child that has nothing of the code. A signal that the code sends ends it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    snippet = _snippet(place)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    asks, answers, proof = pipes["more"][1], pipes["back"][0], pipes["proof"][1]
    _become_child(nowhere, nowhere, (asks, answers, proof))
    own, channel = os.getpid(), RemoteChannel(asks, answers)
    if channel.ready():
        os.write(proof, _DEFINED)
        said = json.dumps(judged(snippet, case["tested"], channel)).encode()
        if os.getpid() == own:
            os.write(proof, said)
    os._exit(0)


def _prove(prelude: str, code: str, snippet: str, token: int, proof: int) -> None:
    """What is called after the code ran is at hand before it runs, and what it did to the built-in names is
    undone. A child that the code forked, and a test that is traced, hand back nothing, and look failed.
    """
    write, read, leave, execute, process, traced = os.write, os.read, os._exit, exec, os.getpid, sys.gettrace
    test, own, given = compile(snippet, "test.py", "exec"), os.getpid(), dict(vars(builtins))
    names = run(prelude, code, "solution")
    write(proof, _DEFINED)
    vars(builtins).update(given)
    names["__builtins__"] = builtins
    execute(test, names)
    if process() != own or traced() is not None:
        leave(1)
    write(proof, read(token, _TOKEN_BYTES))
    leave(0)
