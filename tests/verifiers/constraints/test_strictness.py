from gristmill.verifiers.constraints import constraint, violation
from gristmill.verifiers.constraints.strictness import loose_variants
from tests.verifiers.constraints.all_cases import CASES


def test_the_loose_form_forgives_an_opening_a_closing_and_asterisks() -> None:
    start, end = constraint("starts-with", {"phrase": "Yes"}), constraint("ends-with", {"phrase": "All."})
    json_only = constraint("json-only", {})
    for one, text in [
        (start, "Sure!\nYes, we do."),
        (start, "**Yes**, we do."),
        (start, "Sure!\n**Yes**, we do."),
        (end, "That is\nAll.\nBye!"),
        (json_only, 'Here:\n{"a": 1}\nBye!'),
        (json_only, '```json\r\n{"a": 1}\r\n```'),
    ]:
        assert violation(one, text, loose=False), text
        assert violation(one, text, loose=True) is None, text


def test_the_loose_form_gives_the_evidence_of_the_strict_one_and_takes_nothing_for_empty() -> None:
    least, commas = constraint("words-at-least", {"count": 9}), constraint("no-commas", {})
    assert violation(least, "one\ntwo", loose=True) == violation(least, "one\ntwo", loose=False)
    assert violation(commas, "a, b", loose=True)  # without its only line it would hold no commas


def test_the_loose_form_takes_whatever_the_strict_one_takes() -> None:
    for case in CASES:
        if case.holds:
            assert violation(constraint(case.kind, case.args), case.text, loose=True) is None, case


def test_there_are_eight_forms_of_a_text_and_none_is_empty() -> None:
    whole = {"*a*\nb\n*c*", "a\nb\nc"}
    cut = {"b\n*c*", "b\nc", "*a*\nb", "a\nb", "b"}
    assert set(loose_variants("*a*\nb\n*c*")) == whole | cut
    assert loose_variants("*\n*") == ["*\n*", "*"]
    assert loose_variants("") == []
