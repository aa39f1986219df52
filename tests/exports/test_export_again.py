"""The same export made again: the same bytes, on either database, however the store has grown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.db.sessions import Engine
from gristmill.exports.export import export
from gristmill.exports.settings import ExportSettings
from tests.exports.cases import CASES, OF_PROBLEMS, replayed
from tests.exports.disks import quick_folder
from tests.exports.loading import checksums, contents
from tests.exports.stores import AFTER, fill, fix_moments, grow


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    """Hundreds of exports are made here."""
    with quick_folder() as folder:
        yield folder


@pytest.mark.full
def test_both_databases_give_the_same_folder_byte_for_byte(tmp_path: Path, postgres_url: str) -> None:
    made: list[dict[str, dict[str, bytes]]] = []
    for place, url in enumerate((f"sqlite:///{tmp_path / 'store.db'}", postgres_url)):
        engine = open_engine(url)
        prepare_schema(engine)
        fix_moments(fill(engine))
        folder = tmp_path / str(place)
        folder.mkdir()
        for name, asked in CASES.items():
            export(engine, asked, folder / name, as_of=AFTER)
        engine.dispose()
        made.append({name: contents(folder / name) for name in CASES})
    sqlite, postgresql = made
    for name in CASES:
        assert sqlite[name] == postgresql[name], name


QUICK = ("markers", "alpaca jsonl", "raw parquet")


@pytest.mark.parametrize(
    "cases",
    [{name: CASES[name] for name in QUICK}, pytest.param(CASES, marks=pytest.mark.full)],
    ids=["some", "all"],
)
def test_a_manifest_gives_the_same_bytes_however_the_store_has_grown(
    engine: Engine, tmp_path: Path, cases: dict[str, ExportSettings]
) -> None:
    fill(engine)
    for name, asked in cases.items():
        export(engine, asked, tmp_path / name)
    grow(engine)
    for name, asked in cases.items():
        if name in OF_PROBLEMS:
            continue
        before, made = contents(tmp_path / name), replayed(engine, tmp_path / name)
        after = contents(made.path)
        assert before.keys() == after.keys()
        assert [path for path in checksums(made) if before[path] != after[path]] == [], name
        assert checksums(export(engine, asked, tmp_path / f"{name} new")) != checksums(made), name
