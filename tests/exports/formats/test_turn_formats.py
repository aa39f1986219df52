"""Formats of single accepted responses: their records to the letter."""

from collections.abc import Iterable

import pytest

from gristmill.db.exports.records import ExportProblem
from gristmill.exports.formats import FORMATS
from gristmill.exports.rows import Context, Example, Record
from gristmill.exports.settings import ExportSettings, OutputSettings
from tests.exports.samples import a_problem, an_attempt, problem_with

PROBLEM = a_problem("1 + 1?", "2", level="easy", source="sums")
CUT = problem_with(PROBLEM, an_attempt(0, "Two."), an_attempt(7, "2", run_id="later", model="big"))
PLAIN = ExportSettings(output=OutputSettings(form="plain"))


def metadata(run_id: str = "run", number: int = 0, model: str = "model") -> Record:
    return {
        "problem_id": PROBLEM.id,
        "run_id": run_id,
        "number": number,
        "model": model,
        "level": "easy",
        "source": "sums",
    }


QUESTION = {"role": "user", "content": "1 + 1?"}
RECORDS: dict[str, Record] = {
    "sft": {"messages": [QUESTION, {"role": "assistant", "content": "Two."}], "metadata": metadata()},
    "prompt-completion": {
        "prompt": [QUESTION],
        "completion": [{"role": "assistant", "content": "Two."}],
        "metadata": metadata(),
    },
    "alpaca": {"instruction": "1 + 1?", "input": "", "output": "Two.", "metadata": metadata()},
    "sharegpt": {
        "conversations": [{"from": "human", "value": "1 + 1?"}, {"from": "gpt", "value": "Two."}],
        "metadata": metadata(),
    },
    "openai": {"messages": [QUESTION, {"role": "assistant", "content": "Two."}]},
}


def records(name: str, context: Context) -> list[Record]:
    return [row.record for row in FORMATS[name].rows(CUT, context)]


@pytest.mark.parametrize(("name", "record"), RECORDS.items(), ids=RECORDS)
def test_the_record_is_as_the_trainer_reads_it(name: str, record: Record) -> None:
    found = records(name, Context(ExportSettings()))
    assert found[0] == record
    assert len(found) == 2


def test_metadata_tell_each_attempt_apart() -> None:
    found = records("sft", Context(ExportSettings()))
    assert [record["metadata"] for record in found] == [metadata(), metadata("later", 7, "big")]


def test_prompt_and_completion_can_be_plain_text_with_a_line_break_between_them() -> None:
    plain = {"prompt": "1 + 1?\n", "completion": "Two.", "metadata": metadata()}
    assert records("prompt-completion", Context(PLAIN))[0] == plain


@pytest.mark.parametrize("name", [name for name in RECORDS if name != "prompt-completion"])
def test_the_form_is_nothing_to_formats_that_have_one_only(name: str) -> None:
    assert records(name, Context(PLAIN)) == records(name, Context(ExportSettings()))
    assert FORMATS[name].schema(PLAIN) == FORMATS[name].schema(ExportSettings())


@pytest.mark.parametrize("name", RECORDS)
def test_a_transform_reaches_prompt_and_response(name: str) -> None:
    def shout(_: ExportProblem, examples: Iterable[Example]) -> Iterable[Example]:
        for example in examples:
            yield example._replace(prompt="ASKED", completion="TOLD")
            yield example

    assert FORMATS[name].takes_transforms
    found = records(name, Context(ExportSettings(), shout))
    assert len(found) == 4
    assert "ASKED" in str(found[0])
    assert "TOLD" in str(found[0])
    assert found[1::2] == records(name, Context(ExportSettings()))


def test_openai_lines_have_no_key_that_the_service_refuses() -> None:
    assert FORMATS["openai"].schema(ExportSettings()).names == ["messages"]
