"""Hosts of the sandbox under test: one as the user who runs the tests, one as an ordinary user.

Root's Python may stand where no other user can go. The ordinary user's host is therefore started in a mount
namespace of its own, in which the Python and the project are shown under the names that they have.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gristmill.verifiers.sandbox.execution import Ended, Execution, Isolation

HOST = Path(__file__).with_name("host_program.py")
SECRET = "a key that no program may read"
ORDINARY_USER = 12345
_SHOW = """
set -e
mount --make-rprivate /
stage=$1; uid=$2; shift 2
mount -t tmpfs -o mode=755 tmpfs "$stage"
number=0
for pair in $PAIRS; do
    number=$((number + 1)); mkdir "$stage/$number"; mount --rbind "${pair#*:}" "$stage/$number"
done
for blocked in $BLOCKED; do mount -t tmpfs -o mode=755 tmpfs "$blocked"; done
number=0
for pair in $PAIRS; do
    number=$((number + 1)); mkdir -p "${pair#*:}"; mount --move "$stage/$number" "${pair#*:}"
done
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups env -u PAIRS -u BLOCKED "$@"
"""


class Host:
    """Runs code in the sandbox, in a process and as a user of its own."""

    def __init__(self, process: "subprocess.Popen[str]", user: int) -> None:
        self._process, self.pid, self.user = process, process.pid, user

    def tell(self, code: str | None, **order: object) -> None:
        """Starts without waiting for the end."""
        assert self._process.stdin is not None
        order = {"stdin": "", "limits": {}, "isolation": Isolation.NAMESPACES, **order, "code": code}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def ask(self, code: str | None, **order: object) -> dict[str, Any]:
        self.tell(code, **order)
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def runs(self) -> bool:
        return self._process.poll() is None

    def run(
        self, code: str, *, stdin: str = "", isolation: Isolation = Isolation.NAMESPACES, **limits: float
    ) -> Execution:
        answer = self.ask(code, stdin=stdin, isolation=isolation, limits=limits)
        return Execution(**{**answer, "ended": Ended(answer["ended"])})


def descendants(pid: int) -> set[int]:
    """All processes below one, as they are now."""
    parents = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found: set[int] = set()
    level = {pid}
    while level := {child for child, parent in parents.items() if parent in level} - found:
        found |= level
    return found


@contextmanager
def host(*arguments: str, ordinary: bool = False) -> Iterator[Host]:
    kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH", "TMPDIR") if name in os.environ}
    variables = {**kept, "GRISTMILL_API_KEY": SECRET}
    command = [sys.executable, "-B", str(HOST), *arguments]
    with tempfile.TemporaryDirectory() as stage:
        if ordinary:
            command = ["unshare", "--mount", "sh", "-c", _SHOW, "sh", stage, str(ORDINARY_USER), *command]
            variables |= _hidden()
        pipe = subprocess.PIPE
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=variables) as process:
            yield Host(process, ORDINARY_USER if ordinary else os.geteuid())
            process.kill()


def _hidden() -> dict[str, str]:
    """What the user cannot reach, and the folders that are in the way."""
    paths = [Path(sys.base_prefix), Path(sys.prefix), HOST.parents[3]]
    pairs = {path: blocked for path in paths if (blocked := _blocked(path)) is not None}
    shown = [f"{blocked}:{path}" for path, blocked in pairs.items()]
    return {"PAIRS": " ".join(shown), "BLOCKED": " ".join({str(blocked) for blocked in pairs.values()})}


def _blocked(path: Path) -> Path | None:
    ways = [*reversed(path.parents), path]
    return next((way for way in ways if not way.stat().st_mode & 0o001), None)
