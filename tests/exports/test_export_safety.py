"""An export is there whole or not at all, whatever comes in between."""

import gc
import hashlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from threading import Barrier, Thread

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.exports.log import list_exports
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine, reading
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.export import OnProgress, export
from gristmill.exports.manifest import read_manifest
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import StoreError
from tests.exports import stores
from tests.exports.disks import quick_folder
from tests.exports.loading import contents, names
from tests.exports.stores import RUN_A, a_problem, add_run, an_attempt
from tests.support.children import environment

PROBLEMS = [a_problem(number) for number in range(1_200)]
WAIT_SECONDS = 180.0
SOME_CONTAINERS = [
    name if name == "datasets" else pytest.param(name, marks=pytest.mark.full) for name in CONTAINERS
]


def fill(engine: Engine, rounds: int, run_id: str = RUN_A) -> None:
    """5 MB of responses a round, which nothing packs into less than half."""
    noise = Random(7)
    for number in range(rounds):
        attempts = [an_attempt(problem, number, text=noise.randbytes(2_048).hex()) for problem in PROBLEMS]
        add_run(engine, run_id, PROBLEMS, attempts)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder with the store `store.db`."""
    with quick_folder() as folder:
        engine = open_engine(f"sqlite:///{folder / 'store.db'}")
        prepare_schema(engine)
        add_run(engine, RUN_A, PROBLEMS[:1], [an_attempt(PROBLEMS[0], 9, tokens=1)])
        fill(engine, 2)
        engine.dispose()
        yield folder


@pytest.fixture
def store(place: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{place / 'store.db'}", busy_seconds=0.2)
    yield engine
    engine.dispose()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder / "out"


def of_run_a(container: str = "jsonl", **sections: object) -> ExportSettings:
    return stores.settings("sft", container, **({"filter": {"runs": [RUN_A]}} | sections))


OF_ONE_ROW = of_run_a("parquet", filter={"runs": [RUN_A], "max_tokens": 1})


def recorded(engine: Engine) -> int:
    with reading(engine) as session:
        return len(list_exports(session))


def at_problem(wanted: int, act: Callable[[], object]) -> OnProgress:
    """What the export tells of its progress makes it do this, once, on its way."""

    def watch(done: int, problems: int, rows: int) -> None:
        if done == wanted:
            assert rows > 0
            act()

    return watch


@pytest.mark.parametrize("error", [KeyboardInterrupt, pytest.param(RuntimeError, marks=pytest.mark.full)])
@pytest.mark.parametrize("container", SOME_CONTAINERS)
def test_an_error_on_the_way_leaves_what_was_there(
    store: Engine, out: Path, container: str, error: type[BaseException]
) -> None:
    def fail() -> None:
        raise error("on the way")

    for old in (False, True):
        if old:
            export(store, OF_ONE_ROW, out)
        before, count = contents(out.parent), recorded(store)
        with pytest.raises(error, match="on the way"):
            export(store, of_run_a(container), out, replace=old, on_progress=at_problem(600, fail))
        gc.collect()  # what a library has left open would complain now
        assert contents(out.parent) == before
        assert names(out.parent) == (["out"] if old else [])
        assert recorded(store) == count


def waited_for(found: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Nothing tells a process of a file that grows: it is looked at until it has."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not found():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize(
    ("number", "code", "container", "old"),
    [
        pytest.param(signal.SIGINT, 130, "jsonl.gz", False, marks=pytest.mark.full),
        pytest.param(signal.SIGTERM, 143, "parquet", True, marks=pytest.mark.full),
    ],
)
def test_a_signal_ends_the_command_and_leaves_what_was_there(
    place: Path, store: Engine, out: Path, number: signal.Signals, code: int, container: str, old: bool
) -> None:
    if old:
        export(store, OF_ONE_ROW, out)
    before, count = contents(out.parent), recorded(store)

    def is_half_written() -> bool:
        return any(file.stat().st_size for file in out.parent.glob(".out.*.part/data/*"))

    arguments = ["export", RUN_A, "--container", container, "--out", str(out), "--replace"]
    program = "import sys; from gristmill.cli.main import main; main(sys.argv[1:])"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment(out.parent, f"sqlite:///{place / 'store.db'}"),
        cwd=out.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        waited_for(is_half_written, process)
        process.send_signal(number)
        said, errors = process.communicate(timeout=WAIT_SECONDS)
    finally:
        process.kill()
    assert process.returncode == code, errors.decode()
    assert said == b""
    assert b"Traceback" not in errors
    assert contents(out.parent) == before
    assert names(out.parent) == (["out"] if old else [])
    assert recorded(store) == count


def locked(store: Path) -> Iterator[None]:
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def damaged(store: Path) -> Iterator[None]:
    with store.open("r+b") as file:
        file.seek(4_096)
        file.write(b"\xff" * (store.stat().st_size - 4_096))
    yield


@pytest.mark.parametrize("happens", [locked, damaged])
def test_a_store_that_is_lost_on_the_way_is_one_line_and_leaves_nothing(
    place: Path, out: Path, happens: Callable[[Path], Iterator[None]]
) -> None:
    """Read to its end or not: what cannot be recorded is not published."""
    copy = Path(shutil.copy(place / "store.db", out.parent.parent))
    engine = open_engine(f"sqlite:///{copy}", busy_seconds=0.2)
    happening = happens(copy)
    with pytest.raises(StoreError, match=r"store\.db: ") as caught:
        export(engine, of_run_a(), out, on_progress=at_problem(600, lambda: next(happening)))
    next(happening, None)  # in this thread: the connection is of it
    assert "\n" not in str(caught.value)
    assert names(out.parent) == []
    engine.dispose()


def test_a_store_that_is_deleted_on_the_way_is_one_line_and_leaves_nothing(place: Path, out: Path) -> None:
    """What cannot be recorded is not published."""
    copy = Path(shutil.copy(place / "store.db", out.parent.parent))
    engine = open_engine(f"sqlite:///{copy}")
    with pytest.raises(StoreError, match=r"store\.db: its file was deleted") as caught:
        export(engine, of_run_a(), out, on_progress=at_problem(600, copy.unlink))
    assert "\n" not in str(caught.value)
    assert names(out.parent) == []
    engine.dispose()


@pytest.mark.parametrize("replace", [pytest.param(False, marks=pytest.mark.full), True])
def test_of_two_exports_at_once_to_one_name_one_is_there_whole(
    store: Engine, out: Path, replace: bool
) -> None:
    both, results = Barrier(2, timeout=WAIT_SECONDS), dict[str, BaseException | None]()

    def run(container: str) -> None:
        try:
            export(store, of_run_a(container), out, replace=replace, on_progress=at_problem(600, both.wait))
            results[container] = None
        except StoreError as error:
            results[container] = error

    threads = [Thread(target=run, args=(container,)) for container in ("jsonl", "parquet")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lost = [error for error in results.values() if error is not None]
    assert len(results) == 2
    assert len(lost) == (0 if replace else 1)
    assert names(out.parent) == ["out"]
    manifest = read_manifest(out)
    assert manifest.settings.output.container in [name for name, error in results.items() if error is None]
    on_disk = {path: hashlib.sha256(data).hexdigest() for path, data in contents(out).items()}
    assert {file.path: file.sha256 for file in manifest.files}.items() <= on_disk.items()
    assert len(on_disk) == len(manifest.files) + 2
