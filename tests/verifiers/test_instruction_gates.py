import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sampling.errors import ConfigError, DataError
from verifiers.gate_settings import GateSettings
from verifiers.instruction_gates import SIGNATURE_VERSION, InstructionGates, Known, gates_version
from verifiers.reasons import Reason

KNOWN = "Write a letter to the mayor about the broken bridge near the old school in our village."
ITEM = "A farmer has seventeen sheep and all but nine run away; how many sheep are left on the farm?"


@pytest.fixture
def settings(tmp_path: Path) -> GateSettings:
    (tmp_path / "blocklist.txt").write_text("# not these\nforbidden phrase\nSchimpfwort # a word\n")
    (tmp_path / "benchmark.txt").write_text(f"{ITEM}\nName three primary colours of light.\n")
    return GateSettings(
        blocklist=str(tmp_path / "blocklist.txt"), benchmark=(str(tmp_path / "benchmark.txt"),)
    )


@pytest.fixture
def gates(settings: GateSettings) -> InstructionGates:
    return InstructionGates(settings, [Known("problem-1", KNOWN)])


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
def test_each_gate_turns_away_what_it_is_for_and_says_why(
    gates: InstructionGates, text: str, reason: Reason, evidence: str
) -> None:
    fault = gates.fault(text)
    assert fault is not None
    assert fault.reason is reason
    assert evidence in fault.detail


CLEAN = [
    "Describe three ways to keep bread fresh for a week.",
    "A farmer has twelve goats and sells five; how many does he keep?",
    "Write a letter to your sister about the new bakery that opened in town.",
    "Translate 'Guten Morgen, wie geht es dir?' into English.",
    "Name three colours of autumn leaves.",
    "Compute $\\frac{3}{4} + \\frac{5}{6}$ and simplify.",
    "Why do cats purr?",
]


@pytest.mark.parametrize("text", CLEAN)
def test_a_clean_instruction_passes_and_is_admitted_once(gates: InstructionGates, text: str) -> None:
    assert gates.fault(text) is None
    assert gates.admit("new", text) is None
    fault = gates.admit("again", text)
    assert fault is not None
    assert fault.reason is Reason.DUPLICATE
    assert fault.detail.startswith("the same as new: ")
    assert len(gates) == 2


def test_the_first_gate_that_objects_is_the_one_that_is_named(gates: InstructionGates) -> None:
    fault = gates.fault("Dessine une image du forbidden phrase et de la maison.")
    assert fault is not None
    assert fault.reason is Reason.OTHER_LANGUAGE


SIGNS = [
    ("Compute 3*4.", "Compute 3/4."),
    ("Compute the exact value of 3*4.", "Compute the exact value of 3/4."),
    ("Now solve x=-1.", "Now solve x=1."),
    ("Solve for x: 2x + 3 = 7.", "Solve for x: 2x - 3 = 7."),
    ("Is it true that 5 > 3?", "Is it true that 5 < 3?"),
    ("Simplify the term (a-b)", "Simplify the term (a b)"),
    ("Find the derivative of x^2 + 3x.", "Find the derivative of x^2 + 5x."),
]


@pytest.mark.parametrize(("one", "other"), SIGNS)
def test_short_tasks_whose_formulas_differ_in_one_sign_or_number_are_two(one: str, other: str) -> None:
    gates = InstructionGates(GateSettings(min_words=1, instruction_language="any"))
    assert gates.admit("one", one) is None
    assert gates.admit("other", other) is None
    assert gates.admit("again", other.upper()) is not None


def test_tasks_that_differ_in_one_number_among_words_are_near_duplicates() -> None:
    gates = InstructionGates(GateSettings())
    assert gates.admit("one", "Give me 5 tips for a good night's sleep.") is None
    assert gates.admit("other", "Give me 6 tips for a good night's sleep.") is not None


def test_signatures_are_asked_for_beside_the_thread_that_admits(gates: InstructionGates) -> None:
    """A signature made in between must not change what the gates look at."""
    with ThreadPoolExecutor(1) as other:
        for number in range(300):
            text = f"{CLEAN[0]} {number} {'again ' * (number % 7)}"
            asked = other.submit(gates.signature, KNOWN)
            fault = gates.fault(text)
            assert asked.result() == gates.signature(KNOWN)
            assert fault == gates.fault(text)
    assert gates.fault(CLEAN[1]) is None
    read = gates._last  # the candidate in work, which a signature must leave alone
    gates.signature(KNOWN)
    assert gates._last is read


def test_what_passes_is_not_admitted_by_passing(gates: InstructionGates) -> None:
    assert gates.fault(CLEAN[0]) is None
    assert gates.fault(CLEAN[0]) is None
    assert len(gates) == 1


def test_of_two_near_duplicates_that_both_passed_the_first_admitted_stays(gates: InstructionGates) -> None:
    first, second = CLEAN[0], CLEAN[0].replace("bread", "cheese").replace("fresh", "moist")
    assert gates.fault(first) is None
    assert gates.fault(second) is None
    assert gates.admit("first", first) is None
    fault = gates.admit("second", second)
    assert fault is not None
    assert fault.reason is Reason.NEAR_DUPLICATE
    assert fault.detail.startswith("ROUGE-L 0.800 to first: 'Describe")


def test_sentences_in_another_order_are_near_duplicates_by_their_letters(gates: InstructionGates) -> None:
    parts = [
        "Rosa planted forty tulips along the garden path last autumn.",
        "Only three quarters of them came up when the snow had melted.",
        "Her neighbour gave her another dozen bulbs from his own garden.",
    ]
    assert gates.admit("flowers", " ".join([*parts, "How many tulips flower now?"])) is None
    fault = gates.admit("again", " ".join([*parts[::-1], "How many tulips flower now?"]))
    assert fault is not None
    assert fault.detail.startswith("Jaccard 0.9")


@pytest.mark.parametrize("signed", [True, False])
def test_a_second_process_does_not_accept_what_a_first_one_did(settings: GateSettings, signed: bool) -> None:
    first = InstructionGates(settings)
    known = []
    for number, text in enumerate(CLEAN):
        assert first.admit(str(number), text) is None
        known.append(Known(str(number), text, first.signature(text) if signed else None))
    second = InstructionGates(settings, known)
    for number, text in enumerate(CLEAN):
        fault = second.fault(f"Now: {text}")
        assert fault is not None
        assert f" to {number}: " in fault.detail or fault.reason is Reason.CONTAMINATED
        assert second.fault(text) == first.fault(text)


def test_a_signature_is_the_same_in_every_process_under_this_version(gates: InstructionGates) -> None:
    """Where this fails after an upgrade of rensa, those stored are of no use: raise `SKETCH_VERSION`."""
    digest = hashlib.sha256(gates.signature(CLEAN[0] + CLEAN[5])).hexdigest()
    assert (SIGNATURE_VERSION, digest[:16]) == ("2/5-120/rensa-2", "6f05058be3d5f9f4")


@pytest.mark.parametrize("signature", [b"", b"\0" * 600, b"Rensa:RMinHash:2\0"])
def test_bytes_that_are_no_signature_are_an_error_with_that_name(
    settings: GateSettings, signature: bytes
) -> None:
    with pytest.raises(DataError, match="signature"):
        InstructionGates(settings, [Known("1", KNOWN, signature)])


def test_gates_are_off_where_the_settings_say_so() -> None:
    off = GateSettings(
        near_duplicate_jaccard=1, rouge_limit=1, instruction_language="any", min_words=1, max_words=10_000
    )
    gates = InstructionGates(off, [Known("1", KNOWN)])
    assert gates.fault(KNOWN.replace("letter", "note")) is None
    assert gates.fault("Donnez trois conseils pour rester en bonne santé.") is None
    assert gates.fault(KNOWN) is not None


def test_a_known_text_of_any_length_is_taken_in() -> None:
    gates = InstructionGates(GateSettings(), [Known("long", "word and more " * 500_000), Known("none", "")])
    assert len(gates) == 2
    assert gates.fault(CLEAN[0]) is None


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
    gates: InstructionGates, text: str
) -> None:
    for fault in (gates.fault(text), gates.admit("hostile", text), gates.admit("again", text + ".")):
        assert fault is None or "\0" not in fault.detail.encode("utf-8").decode()


@given(st.text(), st.text())
def test_any_texts_go_through_and_a_text_is_its_own_duplicate(one: str, other: str) -> None:
    gates = InstructionGates(GateSettings(min_words=1, instruction_language="any"))
    gates.admit("one", one)
    gates.fault(other)
    fault = gates.admit("again", one)
    assert fault is not None
    assert fault.reason is Reason.DUPLICATE


def test_ten_megabytes_are_turned_away_at_once(gates: InstructionGates) -> None:
    started = time.process_time()
    assert gates.fault("some text " * 1_000_000) is not None
    assert time.process_time() - started < 0.1


class MoreSettings(GateSettings):
    target: int = 1


def test_the_version_does_not_depend_on_what_no_gate_reads() -> None:
    versions = {gates_version(MoreSettings(target=target)) for target in (10, 20)}
    assert versions == {gates_version(GateSettings())}
    assert gates_version(MoreSettings(max_words=100)) not in versions


def test_the_version_says_what_verdicts_depend_on(settings: GateSettings, tmp_path: Path) -> None:
    version = gates_version(settings)
    assert version == gates_version(settings)
    moved = tmp_path / "moved.txt"
    moved.write_bytes((tmp_path / "benchmark.txt").read_bytes())
    assert gates_version(settings.model_copy(update={"benchmark": (str(moved),)})) == version
    assert gates_version(settings.model_copy(update={"rouge_limit": 0.6})) != version
    with moved.open("a") as file:
        file.write("One more.\n")
    assert gates_version(settings.model_copy(update={"benchmark": (str(moved),)})) != version
    with pytest.raises(ConfigError, match="nowhere"):
        gates_version(settings.model_copy(update={"blocklist": "/nowhere"}))
