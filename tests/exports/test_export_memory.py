"""An export takes as much memory for many rows as for some."""

import tracemalloc
from collections.abc import Iterator
from random import Random

import pyarrow as pa
import pytest

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.export import export
from tests.exports import stores
from tests.exports.disks import quick_folder
from tests.exports.stores import PROBLEMS, RUN_A, RUN_B, add_run, an_attempt

MEGABYTES = {RUN_A: 40, RUN_B: 120}
CHARACTERS = 20_000


@pytest.fixture(scope="module")
def store() -> Iterator[Engine]:
    """Two runs: one with 40 MB of responses, one with 120 MB."""
    with quick_folder() as folder:
        engine = open_engine(f"sqlite:///{folder / 'store.db'}")
        prepare_schema(engine)
        noise = Random(7).randbytes(CHARACTERS // 2).hex()
        for run_id, megabytes in MEGABYTES.items():
            attempts = [
                an_attempt(problem, number, text=f"{number} {noise}")
                for problem in PROBLEMS
                for number in range(megabytes * 1_000_000 // CHARACTERS // len(PROBLEMS))
            ]
            add_run(engine, run_id, PROBLEMS, attempts)
        yield engine
        engine.dispose()


def peak_megabytes(engine: Engine, run_id: str, container: str) -> float:
    """The most of Python's memory and the most of Arrow's, whether at one time or not."""
    former, pool = pa.default_memory_pool(), pa.proxy_memory_pool(pa.default_memory_pool())
    pa.set_memory_pool(pool)
    tracemalloc.start()
    try:
        with quick_folder() as folder:
            made = export(
                engine, stores.settings("sft", container, filter={"runs": [run_id]}), folder / "out"
            )
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        pa.set_memory_pool(former)
    assert made.manifest.rows == MEGABYTES[run_id] * 1_000_000 // CHARACTERS
    return (peak + (pool.max_memory() or 0)) / 1e6


@pytest.mark.full
@pytest.mark.parametrize("container", CONTAINERS)
def test_three_times_the_rows_take_no_more_memory(store: Engine, container: str) -> None:
    few, many = (peak_megabytes(store, run_id, container) for run_id in MEGABYTES)
    assert many < 1.25 * few
    assert many < 150
