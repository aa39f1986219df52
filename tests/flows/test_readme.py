"""The README says what is true: its tables are those of the code."""

from pathlib import Path

from click import Group

from flows.commands import gristmill
from flows.presets import PRESETS
from flows.recipe import shipped_recipes
from generators import BACKENDS
from generators.prompts import TEMPLATES
from sampling.records import StopReason
from verifiers.reasons import MEANINGS

README = (Path(__file__).parents[2] / "README.md").read_text()


def test_every_reason_is_in_the_table_as_it_is_in_the_code() -> None:
    for reason, (outcome, meaning) in MEANINGS.items():
        assert f"| {outcome.value} | `{reason.value}` | {meaning} |" in README


def test_everything_that_can_be_chosen_by_name_has_its_row() -> None:
    names = [*shipped_recipes(), *BACKENDS, *TEMPLATES, *PRESETS, *(stop.value for stop in StopReason)]
    assert [name for name in names if f"| `{name}` |" not in README] == []


def test_every_command_is_named() -> None:
    assert isinstance(gristmill, Group)
    commands = [name for name in gristmill.commands if name != "db"]
    assert [name for name in commands if f"gristmill {name}" not in README] == []
    assert "gristmill db upgrade" in README
