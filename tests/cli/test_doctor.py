from pathlib import Path

import pytest
from click.testing import CliRunner

from gristmill.cli.main import command_line
from gristmill.db.engine import open_engine
from gristmill.db.schema import prepare_schema
from gristmill.generators.scripted.script import Script
from tests.stub.server import StubServer, serve


def check_up(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(command_line(), ["doctor", *arguments])
    return result.exit_code, result.output


@pytest.fixture(autouse=True)
def a_clean_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("GRISTMILL_DATABASE_URL", raising=False)


def test_a_fresh_place_is_well() -> None:
    code, output = check_up()
    assert code == 0
    assert "not there yet" in output
    assert "BAD" not in output


def test_a_store_is_told_with_its_schema(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'gristmill.db'}")
    prepare_schema(engine)
    engine.dispose()
    code, output = check_up()
    assert code == 0
    assert "schema" in output


def test_what_is_wrong_is_said_with_what_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gristmill.db").write_text("no database " * 100)
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    code, output = check_up("--server", "nonsense")
    assert code == 1
    assert output.count("BAD") == 3
    assert output.count("->") >= 3
    assert "Traceback" not in output


async def test_a_server_answers_with_its_model() -> None:
    import asyncio

    async with serve(StubServer(Script())) as stub:
        code, output = await asyncio.to_thread(check_up, "--server", stub.url)
    assert code == 0
    assert "answers with" in output
