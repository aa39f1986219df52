"""An export without a row is refused, with the reason, and nothing of it is left."""

from pathlib import Path

import pytest

from gristmill.db.exports.log import list_exports
from gristmill.db.sessions import Engine, reading
from gristmill.exports.export import export
from gristmill.exports.settings import ExportSettings
from gristmill.sampling.errors import ConfigError
from tests.exports.loading import contents
from tests.exports.stores import PROBLEMS, REJECTED, RUN_A, add_run, an_attempt

ONE, TWO = PROBLEMS[:2]
NOTHING = "nothing in the store satisfies all of the conditions: there is nothing to export"


def of_run(format_name: str = "sft", **sections: object) -> ExportSettings:
    output = {"format": format_name}
    return ExportSettings.model_validate({"output": output, "filter": {"runs": [RUN_A]}, **sections})


@pytest.fixture
def run(engine: Engine) -> Engine:
    """Accepted and rejected responses without log probabilities, without steps."""
    attempts = [
        an_attempt(ONE, 0, logprob=None),
        an_attempt(ONE, 1, REJECTED, text="It is \\boxed{5}.", logprob=None),
    ]
    add_run(engine, RUN_A, [ONE, TWO], attempts)
    return engine


WITHOUT_A_ROW: dict[str, tuple[ExportSettings, str]] = {
    "no response is that long": (of_run(filter={"runs": [RUN_A], "min_tokens": 1_000}), NOTHING),
    "no problem is in the band": (of_run(filter={"runs": [RUN_A], "max_pass_rate": 0.25}), NOTHING),
    "no problem alone is in the band": (
        of_run("rlvr", filter={"runs": [RUN_A], "min_pass_rate": 0.75}),
        NOTHING,
    ),
    "no steps": (of_run("stepwise"), "no response of these runs has stored step values"),
    "no log probabilities": (of_run("dpo", pairs={"pairing": "max-margin"}), "none of these runs' has it"),
    "no level both ways": (of_run("dpo", filter={"runs": [RUN_A], "levels": [TWO.level]}), NOTHING),
}


@pytest.mark.parametrize(("asked", "says"), WITHOUT_A_ROW.values(), ids=WITHOUT_A_ROW)
def test_an_export_without_a_row_publishes_and_records_nothing(
    run: Engine, tmp_path: Path, asked: ExportSettings, says: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with pytest.raises(ConfigError, match=says):
        export(run, asked, folder / "export")
    assert list(folder.iterdir()) == [], "no staging folder either"
    with reading(run) as session:
        assert list_exports(session) == []


def test_an_export_that_is_there_is_not_replaced_by_one_without_a_row(run: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(run, of_run(), folder)
    before = contents(folder)
    with pytest.raises(ConfigError, match=NOTHING):
        export(run, of_run(filter={"runs": [RUN_A], "min_tokens": 1_000}), folder, replace=True)
    assert contents(folder) == before
    with reading(run) as session:
        assert [record.replaced_by for record in list_exports(session)] == [None]


def test_a_run_without_attempts_gives_no_responses_and_its_problems_all_the_same(
    engine: Engine, tmp_path: Path
) -> None:
    add_run(engine, RUN_A, [ONE], [])
    with pytest.raises(ConfigError, match=NOTHING):
        export(engine, of_run(), tmp_path / "sft")
    assert export(engine, of_run("rlvr"), tmp_path / "rlvr").manifest.rows == 1
