"""What the filters turn away and what they let pass, whatever the text; and what their version depends on."""

from pathlib import Path

import pytest

from gristmill.sampling.errors import ConfigError
from gristmill.verifiers.filters.instructions import InstructionFilters, Known, filters_version
from gristmill.verifiers.filters.settings import FilterSettings
from gristmill.verifiers.reasons import Reason
from tests.verifiers.filters.instructions import CLEAN, ITEM, KNOWN

TURNED_AWAY = [
    ("", Reason.TOO_SHORT, "0 words"),
    ("Explain it, please.", Reason.TOO_SHORT, "3 words; at least 4"),
    ("word " * 151, Reason.TOO_LONG, "151 words; at most 150"),
    ("w" * 4001, Reason.TOO_LONG, "4001 characters"),
    ("Donnez trois conseils pour rester en bonne santé.", Reason.OTHER_LANGUAGE, "fr"),
    ("Напишите рассказ о человеке, который потерял ключи.", Reason.OTHER_LANGUAGE, "wanted en"),
    ("Explain why this is a FORBIDDEN-phrase in some circles.", Reason.BLOCKED, "'forbidden phrase'"),
    ("Tell us what the word Schimpf\u200bwort means in English.", Reason.BLOCKED, "schimpfwort"),
    ("Draw a picture of the village and its bridge.", Reason.NOT_FOR_TEXT, "asks: draw a picture"),
    (f"  {KNOWN.upper()[:-1]} !", Reason.DUPLICATE, "problem-1: 'Write a letter"),
    (KNOWN.replace("letter", "note"), Reason.NEAR_DUPLICATE, "problem-1: 'Write a letter"),
    ("Solve this. " + ITEM.replace(";", " --"), Reason.CONTAMINATED, "benchmark.txt, line 1"),
    ("First of all, name three primary colours of light.", Reason.CONTAMINATED, "line 2"),
]


@pytest.mark.parametrize(("text", "reason", "evidence"), TURNED_AWAY)
def test_each_filter_turns_away_what_it_is_for_and_says_why(
    filters: InstructionFilters, text: str, reason: Reason, evidence: str
) -> None:
    fault = filters.fault(text)
    assert fault is not None
    assert fault.reason is reason
    assert evidence in fault.detail


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_instruction_passes_and_is_admitted_once(filters: InstructionFilters, text: str) -> None:
    assert filters.fault(text) is None
    assert filters.admit("new", text) is None
    fault = filters.admit("again", text)
    assert fault is not None
    assert fault.reason is Reason.DUPLICATE
    assert fault.detail.startswith("the same as new: ")
    assert len(filters) == 2


def test_the_first_filter_that_objects_is_the_one_that_is_named(filters: InstructionFilters) -> None:
    fault = filters.fault("Dessine une image du forbidden phrase et de la maison.")
    assert fault is not None
    assert fault.reason is Reason.OTHER_LANGUAGE


def test_filters_are_off_where_the_settings_say_so() -> None:
    off = FilterSettings(
        near_duplicate_jaccard=1, rouge_limit=1, instruction_language="any", min_words=1, max_words=10_000
    )
    filters = InstructionFilters(off, [Known("1", KNOWN)])
    assert filters.fault(KNOWN.replace("letter", "note")) is None
    assert filters.fault("Donnez trois conseils pour rester en bonne santé.") is None
    assert filters.fault(KNOWN) is not None


HOSTILE = [
    "\0" * 50,
    "\ud800" * 100,
    "\u202e" + CLEAN[0] + "\0",
    "a\u0301" * 900,
    "(" * 3999,
    "a " * 100 + "'" * 3000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_raises_nothing_and_leaves_evidence_that_can_be_stored(
    filters: InstructionFilters, text: str
) -> None:
    for fault in (filters.fault(text), filters.admit("hostile", text), filters.admit("again", text + ".")):
        assert fault is None or "\0" not in fault.detail.encode("utf-8").decode()


def test_ten_megabytes_are_turned_away_for_their_characters_before_a_word_is_read(
    filters: InstructionFilters,
) -> None:
    fault = filters.fault("some forbidden phrase " * 500_000)
    assert fault is not None
    assert (fault.reason, fault.detail) == (Reason.TOO_LONG, "11000000 characters; at most 4000")


class MoreSettings(FilterSettings):
    target: int = 1


def test_the_version_does_not_depend_on_what_no_filter_reads() -> None:
    versions = {filters_version(MoreSettings(target=target)) for target in (10, 20)}
    assert versions == {filters_version(FilterSettings())}
    assert filters_version(MoreSettings(max_words=100)) not in versions


def test_the_version_says_what_verdicts_depend_on(settings: FilterSettings, tmp_path: Path) -> None:
    version = filters_version(settings)
    assert version == filters_version(settings)
    moved = tmp_path / "moved.txt"
    moved.write_bytes((tmp_path / "benchmark.txt").read_bytes())
    assert filters_version(settings.model_copy(update={"benchmark": (str(moved),)})) == version
    assert filters_version(settings.model_copy(update={"rouge_limit": 0.6})) != version
    with moved.open("a") as file:
        file.write("One more.\n")
    assert filters_version(settings.model_copy(update={"benchmark": (str(moved),)})) != version
    with pytest.raises(ConfigError, match="nowhere"):
        filters_version(settings.model_copy(update={"blocklist": "/nowhere"}))
