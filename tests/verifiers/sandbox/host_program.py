"""A program that runs code in the sandbox: for each line of JSON it reads, a line with what came of it.

The tests of the sandbox start it as the user they run as and as an ordinary one, and attack what it guards.
With the argument `filtered` it first forbids itself what the sandbox needs, as some containers do; at SIGUSR1
it forks a child that does nothing, as any caller may.
"""

import ctypes
import json
import os
import signal
import struct
import sys
from dataclasses import asdict
from pathlib import Path
from types import ModuleType

PROJECT = Path(__file__).parents[3]


def bare_package(name: str) -> None:
    """Stands for a package whose `__init__` would import what this needs not."""
    package = sys.modules[name] = ModuleType(name)
    package.__path__ = [str(PROJECT / name.replace(".", "/"))]


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def forbid_namespaces() -> None:
    unshare = {"x86_64": 272, "aarch64": 97}[os.uname().machine]
    load_number, refuse, allow = (0x20, 0, 0, 0), (6, 0, 0, 0x00050001), (6, 0, 0, 0x7FFF0000)
    rows = [struct.pack("=HBBI", *row) for row in (load_number, (0x15, 0, 1, unshare), refuse, allow)]
    program, libc = Filter(len(rows), b"".join(rows)), ctypes.CDLL(None)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0


def fork_idle_child(*_: object) -> None:
    if os.fork() == 0:
        while True:
            signal.pause()


def answer(line: str) -> dict[str, object]:
    from gristmill.sampling.errors import GristmillError
    from gristmill.verifiers.sandbox.execution import Isolation, Limits
    from gristmill.verifiers.sandbox.run import available_isolation, run_python

    order = json.loads(line)
    try:
        if order["code"] is None:
            return {"isolation": available_isolation(order["unsafe"])}
        limits, isolation = Limits(**order["limits"]), Isolation(order["isolation"])
        return asdict(run_python(order["code"], stdin=order["stdin"], limits=limits, isolation=isolation))
    except GristmillError as exc:
        return {"error": type(exc).__name__, "message": str(exc)}


def main() -> None:
    sys.path.insert(0, str(PROJECT))
    bare_package("gristmill.verifiers")
    if "filtered" in sys.argv:
        forbid_namespaces()
    signal.signal(signal.SIGUSR1, fork_idle_child)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(line)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
