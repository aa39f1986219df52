"""The store's file goes away under a run: one line says so, and nothing is put in its place."""

import os
from pathlib import Path

import pytest

from gristmill.generators.scripted.script import Script
from tests.stub.server import StubServer, serve
from tests.support.accounts import account
from tests.support.children import RUN, a_job, asked, child, ended, said

pytestmark = pytest.mark.full


@pytest.mark.parametrize("end", ["deleted", "replaced"])
async def test_a_run_whose_store_goes_away_ends_with_one_line_and_goes_on_once_it_is_back(
    end: str, tmp_path: Path
) -> None:
    stub = StubServer(Script(latency_seconds=0.02))
    store, kept, other = tmp_path / "store.db", tmp_path / "kept.db", tmp_path / "other.db"
    other.write_bytes(b"another file")
    async with serve(stub):
        job = a_job(tmp_path, f"sqlite:///{store}", stub, problems=40, quota=20, ceiling=20, concurrency=4)
        async with child(job, "--direct") as process:
            await asked(process, stub.gauge, lambda gauge: gauge.requests >= 100)
            store.rename(kept)
            if end == "replaced":
                os.link(other, store)
            text = await said(process)
        assert process.returncode == 1, text
        told = [line for line in text.splitlines() if "store" in line]
        assert len(told) == 1, text
        assert told[0].startswith(f"gristmill: the store {store}: ")
        assert told[0] == text.splitlines()[-1]
        assert "Traceback" not in text
        assert other.read_bytes() == b"another file"
        assert store.exists() == (end == "replaced")
        kept.replace(store)
        async with child(job, "--direct") as process:
            await ended(process)
    assert account(job.store_url, RUN).state == "finished"
