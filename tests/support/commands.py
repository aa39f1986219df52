"""The command called in this process, the way the console script calls it, and what it left behind."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from gristmill.cli.main import main
from gristmill.sampling.records import Problem, Response, Verdict
from gristmill.verifiers import VerifierSettings, verdict_on

SCRIPTED = ("--direct", "--backend", "scripted", "--dataset", "demo", "--seed", "7")


@dataclass(frozen=True, slots=True)
class Workplace:
    """A folder that is the working directory, with its own store and nothing of the caller's environment."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    @property
    def store(self) -> Path:
        return self.folder / "gristmill.db"

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def does(self, *arguments: str) -> str:
        """Runs a command that is to go well; gives its standard output."""
        self.capsys.readouterr()
        main(arguments)
        return self.capsys.readouterr().out

    def refuses(self, *arguments: str, code: int = 1) -> str:
        """Runs a command that is to fail before it begins; gives the one line that it says."""
        lines = self._failed(arguments, code)
        assert len(lines) == 1, lines
        return lines[0]

    def fails(self, *arguments: str) -> str:
        """Runs a command that is to fail on its way; gives the last line that it says."""
        return self._failed(arguments, 1)[-1]

    def _failed(self, arguments: Sequence[str], code: int) -> list[str]:
        before = self.files()
        self.capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            main(arguments)
        out, err = self.capsys.readouterr()
        assert exit_.value.code == code, err
        assert out == ""
        assert self.files() == before
        *lines, last = err.splitlines()
        assert last.startswith("gristmill: "), err
        return [*lines, last.removeprefix("gristmill: ")]

    def files(self) -> set[str]:
        """What is there, but for the store, which may be opened and found empty."""
        found = {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}
        return {name for name in found if not name.startswith(self.store.name)}

    def holds_a_run(self) -> bool:
        """Whether there is a store with a run, finished or not, or with a problem."""
        if not self.store.exists():
            return False
        with closing(sqlite3.connect(self.store)) as connection:
            counts = connection.execute("SELECT (SELECT count(*) FROM runs), (SELECT count(*) FROM problems)")
            return any(counts.fetchone())


class VerifierHere:
    """In place of a `VerifierPool`: the verifier in the test's own process, which starts none of its own."""

    def __init__(self, settings: VerifierSettings, most_verdicts: int | None = None) -> None:
        self.settings = settings

    async def __aenter__(self) -> "VerifierHere":
        return self

    async def __aexit__(self, *_: object) -> None: ...

    async def judge(self, problem: Problem, response: Response) -> Verdict:
        return verdict_on(problem, response, self.settings)


def verify_here(patch: pytest.MonkeyPatch) -> None:
    """Has runs in the test's own process verify there, too: a pool of processes takes a second to start."""
    patch.setattr("gristmill.runs.judges.open_judge.VerifierPool", VerifierHere)
