"""The documents agree with the code: tables, commands, and every path, module and link that they name."""

import re
from pathlib import Path
from pkgutil import resolve_name

import pytest

from gristmill.cli.main import COMMANDS
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.formats import FORMATS
from gristmill.exports.settings import EXPORT_SECTIONS
from gristmill.exports.transforms.marker_values import MARKERS
from gristmill.generators import BACKENDS
from gristmill.generators.makers import MAKERS
from gristmill.generators.prompts import TEMPLATES
from gristmill.problems.presets import PRESETS
from gristmill.runs.settings.shipped import shipped_recipes
from gristmill.sampling.policy import PolicyName
from gristmill.sampling.records import StopReason
from gristmill.verifiers import VERIFIERS
from gristmill.verifiers.constraints import CONSTRAINTS, read_constraints
from gristmill.verifiers.metrics import METRICS
from gristmill.verifiers.reasons import Reason

ROOT = Path(__file__).parents[1]
PAGES = {path.stem: path.read_text() for path in [*ROOT.glob("docs/*.md"), *ROOT.glob("[CR]*.md")]}
CURRENT = sorted(PAGES.keys() - {"CHANGELOG"})

ROWS: dict[str, list[str]] = {
    "recipes": [*shipped_recipes(), *(stop.value for stop in StopReason)],
    "generators": [*BACKENDS, *TEMPLATES],
    "problems": list(PRESETS),
    "verdicts": list(VERIFIERS),
    "instructions": [*(maker.value for maker in MAKERS), *METRICS, *CONSTRAINTS],
    "exports": [*FORMATS, *MARKERS],
}


@pytest.mark.parametrize("page", ROWS)
def test_everything_that_can_be_chosen_by_name_has_its_row(page: str) -> None:
    assert [name for name in ROWS[page] if f"| `{name}` |" not in PAGES[page]] == []


def test_every_container_policy_and_setting_of_an_export_is_named() -> None:
    settings = [name for section in EXPORT_SECTIONS.values() for name in section.model_fields]
    assert [name for name in (*CONTAINERS, *settings) if f"`{name}`" not in PAGES["exports"]] == []
    assert [policy for policy in PolicyName if f"`{policy.value}`" not in PAGES["recipes"]] == []


def test_every_reason_is_in_a_table_as_it_is_in_the_code() -> None:
    for reason in Reason:
        row = f"| {reason.outcome.value} | `{reason.value}` | {reason.meaning} |"
        assert row in PAGES["verdicts"] + PAGES["instructions"]


def test_the_documented_constraint_can_be_read() -> None:
    found = re.search(r"`(\[\{\"kind\".*\}\])`", PAGES["instructions"])
    assert found
    assert [constraint.kind for constraint in read_constraints(found[1])] == ["words-at-least"]
    for page in ("instructions", "verdicts"):
        assert re.findall(r"(\d+) kinds", PAGES[page]) == [str(len(CONSTRAINTS))]


def test_every_command_is_named() -> None:
    named = re.findall(r"^gristmill ([\w-]+)", PAGES["commands"], re.MULTILINE)
    assert sorted(COMMANDS) == sorted(set(named))


@pytest.mark.parametrize("page", [page for page in CURRENT if page != "trainers"])  # it cites other projects
def test_every_path_and_module_that_is_named_is_there(page: str) -> None:
    """A path begins at the top or at the import root; `NAME` and `FAMILY` stand for one to be written."""
    paths = re.findall(r"`([\w.-]+/[\w./-]*|[\w/-]+\.py)`", PAGES[page])
    known = {path.name for path in ROOT.glob("*") if path.is_dir()} | {
        path.name for path in (ROOT / "gristmill").iterdir()
    }
    ours = [re.sub(r"(NAME|FAMILY).*", "", path) for path in paths if path.split("/")[0] in known]
    assert [path for path in ours if not any((at / path).exists() for at in (ROOT, ROOT / "gristmill"))] == []
    for name, path in re.findall(r"`(\w+)` (?:in|of) `([\w/]+\.py)`", PAGES[page]):
        found = next(at / path for at in (ROOT, ROOT / "gristmill") if (at / path).exists())
        assert re.search(rf"\b{name}\b", found.read_text()), (name, path)
    for name in re.findall(r"`(gristmill(?:\.\w+){2,})", PAGES[page]):
        if name.split(".")[1] in known:
            resolve_name(name)


@pytest.mark.parametrize("page", CURRENT)
def test_every_link_within_leads_somewhere(page: str) -> None:
    folder = ROOT if (ROOT / f"{page}.md").exists() else ROOT / "docs"
    links = re.findall(r"\]\(([^):#]+)(?:#[\w-]+)?\)", PAGES[page])
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize(("page", "lines"), [("README", 150), ("CONTRIBUTING", 80)])
def test_the_first_pages_stay_short(page: str, lines: int) -> None:
    assert len(PAGES[page].splitlines()) <= lines


def test_the_first_page_leads_to_every_other() -> None:
    pages = [path.name for path in (ROOT / "docs").glob("*.md")]
    assert [name for name in pages if f"(docs/{name})" not in PAGES["README"]] == []
