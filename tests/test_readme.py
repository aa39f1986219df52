"""The README says what is true: its tables are those of the code."""

import re
from pathlib import Path

from click import Group

from gristmill.cli.commands import gristmill
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import EXPORT_SECTIONS
from gristmill.exports.transforms.marker_values import MARKERS
from gristmill.generators import BACKENDS
from gristmill.generators.makers import MAKERS
from gristmill.generators.prompts import TEMPLATES
from gristmill.problems.presets import PRESETS
from gristmill.runs.settings.recipe import shipped_recipes
from gristmill.sampling.records import StopReason
from gristmill.verifiers import VERIFIERS
from gristmill.verifiers.constraints import CONSTRAINTS, read_constraints
from gristmill.verifiers.metrics import METRICS
from gristmill.verifiers.reasons import MEANINGS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
INSTRUCTIONS = (ROOT / "docs" / "instructions.md").read_text()
EXPORTS = (ROOT / "docs" / "exports.md").read_text()


def test_every_reason_is_in_the_table_as_it_is_in_the_code() -> None:
    for reason, (outcome, meaning) in MEANINGS.items():
        assert f"| {outcome.value} | `{reason.value}` | {meaning} |" in README + INSTRUCTIONS


def test_everything_that_can_be_chosen_by_name_has_its_row() -> None:
    names = [*shipped_recipes(), *BACKENDS, *TEMPLATES, *PRESETS, *(stop.value for stop in StopReason)]
    assert [name for name in names if f"| `{name}` |" not in README] == []


def test_every_maker_metric_and_constraint_has_its_row() -> None:
    names = [*(maker.value for maker in MAKERS), *METRICS, *CONSTRAINTS]
    assert [name for name in names if f"| `{name}` |" not in INSTRUCTIONS] == []
    assert f"{len(CONSTRAINTS)} kinds" in INSTRUCTIONS
    verifiers = [name for name in VERIFIERS if f"| `{name}` |" not in README]
    assert verifiers == []


def test_every_format_container_marker_and_setting_of_an_export_is_documented() -> None:
    assert [name for name in FORMATS if f"| `{name}` |" not in README] == []
    assert [name for name in CONTAINERS if f"`{name}`" not in README] == []
    assert [name for name in MARKERS if f"| `{name}` |" not in EXPORTS] == []
    fields = [name for section in EXPORT_SECTIONS.values() for name in section.model_fields]
    assert [name for name in fields if f"`{name}`" not in EXPORTS] == []


def test_the_documented_constraint_can_be_read() -> None:
    found = re.search(r"`(\[\{\"kind\".*\}\])`", INSTRUCTIONS)
    assert found
    assert [constraint.kind for constraint in read_constraints(found[1])] == ["words-at-least"]


def test_every_command_is_named() -> None:
    assert isinstance(gristmill, Group)
    commands = [name for name in gristmill.commands if name != "db"]
    assert [name for name in commands if f"gristmill {name}" not in README] == []
    assert "gristmill db upgrade" in README
