"""Test runner for a response's code: the program that the sandbox is given to run, as source text.

The idea: this process never runs a line of the code. Each test has a child of its own, forked from here, that
runs the code and then the test; the report is written by a process whose memory the code cannot change. What
a child leaves behind, processes and files, is gone before the next one starts, so that no test sees what
another did. A snippet has passed if its child, after the last line of the test, hands back a token that it
reads only then: to exit early, to print, to raise, to replace `assert`'s exceptions brings no token. An
output is not judged here at all: neither the wanted one nor its length is in the sandbox.

In: JSON on stdin, `{"code", "seconds", "test_seconds", "most", "alone", "input", "cases": [{"snippet"} or
{"stdin"}]}`: `most` bytes of output are read of a test, `alone` says that there is no process of anybody
else's to see, `input` names the file that is a test's standard input. Out: a JSON array of reports, fewer
than cases if the time was up, or if the code failed before a test began. Standard library alone.
"""

# ruff: noqa: PTH101, PTH104, PTH106, PTH108, PTH123 - pathlib would slow the start

import builtins
import contextlib
import json
import os
import select
import signal
import sys
import types
from time import monotonic, sleep
from typing import Any

_CHUNK = 65536
_MOST_LEFT = 64  # chunks to read of a child that is gone; one that left its group may write for ever
_LAST_BYTES = 4096
_LONGEST_ERROR = 300
_DEFINED = b"d"
_BOM = "\ufeff"


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
            return _play(job, case, ends)
        for name, (reads, writes) in ends.items():
            os.close(writes if name != "token" else reads)
        os.close(ends.pop("token")[1])
        deadline = min(until, monotonic() + job["test_seconds"])
        report = _watched(child, {name: pair[0] for name, pair in ends.items()}, job["most"], deadline)
        _clear(job["alone"])
        proof = report.pop("proof")
        report["passed"] = proof == _DEFINED + token
        report["defined"] = proof.startswith(_DEFINED) or "snippet" not in case
        reports.append(report)
        if not report["defined"]:
            break
    sys.stdout.write(json.dumps(reports))
    return None


def _watched(child: int, ends: dict[str, int], most: int, deadline: float) -> dict[str, Any]:
    """What the child wrote, until it is gone or its time is up; then its process group goes, too."""
    data = {name: bytearray() for name in ends}
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


def _clear(alone: bool) -> None:
    """Ends what a test left running, where nobody else's processes can be hit, and empties the folder."""
    if alone and os.getppid() == 1:
        with contextlib.suppress(ProcessLookupError):
            while True:  # until there is none left but init, which takes them away, and this one
                os.kill(-1, signal.SIGKILL)
                sleep(0.001)
    with contextlib.suppress(OSError):  # what is in use without isolation, or not ours to remove
        _empty()


def _empty() -> None:
    """Empties the working folder, however deep: what lies in a folder of it is first moved up."""
    mark, number = os.urandom(8).hex(), 0
    while entries := list(os.scandir()):
        for entry in entries:
            if not entry.is_dir(follow_symlinks=False):
                os.unlink(entry.name)
                continue
            os.chmod(entry.name, 0o700)
            for inner in list(os.scandir(entry.name)):
                if inner.is_dir(follow_symlinks=False):
                    os.chmod(inner.path, 0o700)
                number += 1
                os.rename(inner.path, f"{mark}-{number}")
            os.rmdir(entry.name)


def _play(job: dict[str, Any], case: dict[str, Any], ends: dict[str, tuple[int, int]]) -> None:
    """In the child: the code as a program with its input, or as a module and then the test."""
    os.setsid()
    snippet = case.get("snippet")
    with open(job["input"], "wb") as file:
        file.write(case.get("stdin", "").encode("utf-8", "surrogatepass"))
    os.dup2(os.open(job["input"], os.O_RDONLY), 0)
    os.dup2(ends["stdout"][1] if snippet is None else os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(ends["stderr"][1], 2)
    kept = (ends["token"][0], ends["proof"][1]) if snippet is not None else ()
    for end in range(3, 64):
        if end not in kept:
            with contextlib.suppress(OSError):
                os.close(end)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    if snippet is None:
        _run(job["code"], "__main__")
    else:
        _prove(job["code"], snippet, *kept)


def _run(code: str, name: str) -> dict[str, Any]:
    """Runs the code as the module of that name."""
    module = sys.modules[name] = types.ModuleType(name)
    module.__file__ = f"{name.strip('_')}.py"
    program = compile(code.removeprefix(_BOM), module.__file__, "exec")
    exec(program, module.__dict__)  # noqa: S102 - the sandbox is for this
    return module.__dict__


def _prove(code: str, snippet: str, token: int, proof: int) -> None:
    """What is called after the code ran is at hand before it runs, and what it did to the built-in names is
    undone. A child that the code forked, and a test that is traced, hand back nothing, and look failed.
    """
    write, read, leave, run, process, traced = os.write, os.read, os._exit, exec, os.getpid, sys.gettrace
    test, own, given = (
        compile(snippet.removeprefix(_BOM), "test.py", "exec"),
        os.getpid(),
        dict(vars(builtins)),
    )
    names = _run(code, "solution")
    write(proof, _DEFINED)
    vars(builtins).update(given)
    names["__builtins__"] = builtins
    run(test, names)
    if process() != own or traced() is not None:
        leave(1)
    write(proof, read(token, 16))
    leave(0)


if __name__ == "__main__":
    main()
