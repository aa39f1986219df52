"""Runs a response's code against tests, inside the sandbox; its text is what the sandbox is given to run.

The idea: this process never runs a line of the code. Each test has a child of its own, forked from here, that
runs the code and then the test; so no test sees what another left behind, and the report is written by a
process whose memory the code cannot change. A snippet has passed if its child, after the last line of the
test, hands back a token that it reads only then: to exit early, to print, to raise, to replace `assert`'s
exceptions brings no token. An output is not judged here at all: the wanted one is not in the sandbox.

In: JSON on stdin, `{"code", "seconds", "test_seconds", "cases": [{"snippet"} or {"stdin", "most"}]}`. Out: a
JSON array of reports, fewer than cases if the time was up, or if the code failed before a test began.
Standard library alone.
"""

import contextlib
import json
import os
import select
import signal
import sys
import types
from time import monotonic
from typing import Any

_CHUNK = 65536
_MOST_LEFT = 64  # chunks to read of a child that is gone; one that left its group may write for ever
_LAST_BYTES = 4096
_LONGEST_ERROR = 300
_DEFINED = b"d"
_INPUT = "input"


def main() -> None:
    job = json.load(sys.stdin)
    reports: list[dict[str, Any]] = []
    until = monotonic() + job["seconds"]
    for case in job["cases"]:
        if monotonic() >= until:
            break
        ends = {name: os.pipe() for name in ("stdout", "stderr", "proof", "token")}
        token = os.urandom(16)
        os.write(ends["token"][1], token)
        child = os.fork()
        if child == 0:
            return _play(job["code"], case, ends)
        for name, (reads, writes) in ends.items():
            os.close(writes if name != "token" else reads)
        os.close(ends.pop("token")[1])
        deadline = min(until, monotonic() + job["test_seconds"])
        report = _watched(child, {name: pair[0] for name, pair in ends.items()}, case, deadline)
        proof = report.pop("proof")
        report["passed"] = proof == _DEFINED + token
        report["defined"] = proof.startswith(_DEFINED) or "snippet" not in case
        reports.append(report)
        if not report["defined"]:
            break
    sys.stdout.write(json.dumps(reports))
    return None


def _watched(child: int, ends: dict[str, int], case: dict[str, Any], deadline: float) -> dict[str, Any]:
    """What the child wrote, until it is gone or its time is up; then its process group goes, too."""
    data = {name: bytearray() for name in ends}
    most = case.get("most", 0)
    names = {end: name for name, end in ends.items()}
    status, ended = None, "exit"
    while status is None:
        _read(names, data, 0.05 if names else 0.001)
        done, code = os.waitpid(child, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(code)
        elif monotonic() > deadline or len(data["stdout"]) > most:
            ended = "output" if len(data["stdout"]) > most else "time-out"
            break
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if status is None:
        os.waitpid(child, 0)
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
    }


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


def _play(code: str, case: dict[str, Any], ends: dict[str, tuple[int, int]]) -> None:
    """In the child: the code as a program with its input, or as a module and then the test."""
    os.setsid()
    snippet = case.get("snippet")
    with open(_INPUT, "wb+") as file:  # noqa: PTH123 - pathlib would slow the start
        os.unlink(_INPUT)  # noqa: PTH108
        file.write(case.get("stdin", "").encode("utf-8", "surrogatepass"))
        file.seek(0)
        os.dup2(file.fileno(), 0)
    os.dup2(ends["stdout"][1] if snippet is None else os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(ends["stderr"][1], 2)
    kept = (ends["token"][0], ends["proof"][1]) if snippet is not None else ()
    for end in range(3, 64):
        if end not in kept:
            with contextlib.suppress(OSError):
                os.close(end)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    if snippet is None:
        _run(code, "__main__")
    else:
        _prove(code, snippet, *kept)


def _run(code: str, name: str) -> dict[str, Any]:
    """Runs the code as the module of that name."""
    module = sys.modules[name] = types.ModuleType(name)
    module.__file__ = f"{name.strip('_')}.py"
    exec(compile(code, module.__file__, "exec"), module.__dict__)  # noqa: S102 - the sandbox is for this
    return module.__dict__


def _prove(code: str, snippet: str, token: int, proof: int) -> None:
    write, read, leave = os.write, os.read, os._exit  # before the code can put others in their place
    names = _run(code, "solution")
    write(proof, _DEFINED)
    exec(compile(snippet, "test.py", "exec"), names)  # noqa: S102
    write(proof, read(token, 16))
    leave(0)


if __name__ == "__main__":
    main()
