import json

import pytest

from gristmill.generators.makers.grounded import grounded_parse, grounded_prompt, with_passage
from gristmill.sampling.candidates import Material, Proposal

FULL = (
    "Fact: The mill grinds grain.\nBackground: Mills need wind.\nQuestion: What does the mill do?\n"
    "Answer: It grinds grain.\nQuote: the mill grinds grain"
)
EXPECTED = Proposal("What does the mill do?", quote="the mill grinds grain", answer="It grinds grain.")


def test_the_passage_and_the_five_lines_are_in_the_brief() -> None:
    prompt = grounded_prompt(Material("k", "d", "The mill grinds grain."), [], 0)
    assert "Here is a passage:\n\nThe mill grinds grain.\n\n" in prompt
    for line in ("\nFact: ", "\nBackground: ", "\nQuestion: ", "\nAnswer: ", "\nQuote: "):
        assert line in prompt


SAME = {
    "as asked": FULL,
    "talk around it": f"Sure! Here you are.\n\n{FULL}",
    "empty lines between": FULL.replace("\n", "\n\n"),
    "in capitals": FULL.upper()
    .replace("WHAT DOES THE MILL DO?", "What does the mill do?")
    .replace("IT GRINDS GRAIN.", "It grinds grain.")
    .replace("QUOTE: THE MILL GRINDS GRAIN", "QUOTE: the mill grinds grain"),
    "bold": "**Question:** What does the mill do?\n**Answer**: It grinds grain.\n"
    "**Quote:** the mill grinds grain",
    "bold lines": "**Question: What does the mill do?**\n**Answer: It grinds grain.**\n"
    "**Quote: the mill grinds grain**",
    "bullets": "- Question: What does the mill do?\n- Answer: It grinds grain.\n"
    "* Quote: the mill grinds grain",
    "numbers": "1. Question: What does the mill do?\n2. Answer: It grinds grain.\n"
    "3) **Quote**: the mill grinds grain",
    "headings": "### Question:\nWhat does the mill do?\n### Answer:\nIt grinds grain.\n### Quote:\n"
    "the mill grinds grain",
    "quotation marks": FULL.replace("Quote: the mill grinds grain", 'Quote: "the mill grinds grain"'),
    "curly marks": FULL.replace("Quote: the mill grinds grain", "Quote: \u201cthe mill grinds grain\u201d"),
    "words after the quotation": FULL.replace(
        "Quote: the mill grinds grain", 'Quote: "the mill grinds grain" (line 1).'
    ),
    "a mark that is not closed": FULL.replace("Quote: the", 'Quote: "the'),
    "another order": "Quote: the mill grinds grain\nAnswer: It grinds grain.\n"
    "Question: What does the mill do?",
    "once more with other words": f"{FULL}\n\nQuestion: Why?\nAnswer: So.\nQuote: no",
    "over two lines": FULL.replace("the mill grinds grain", "the mill\ngrinds grain"),
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME)
def test_question_answer_and_quote_are_read_however_they_are_set(text: str) -> None:
    assert grounded_parse(text, ended=True) == [EXPECTED]


NONE = {
    "nothing": "",
    "no line of the form": "The mill grinds grain.",
    "no question": "Fact: a\nAnswer: b\nQuote: c",
    "no answer": "Question: a?\nQuote: c",
    "an empty answer": "Question: a?\nAnswer:\nQuote: c",
    "within a line": "My Question: a? and Answer: b",
    "a word that begins like one": "Questions: a?\nAnswers: b",
}


@pytest.mark.parametrize("text", NONE.values(), ids=NONE)
def test_without_question_or_answer_nothing_is_proposed(text: str) -> None:
    assert grounded_parse(text, ended=True) == []


def test_a_missing_quote_is_left_to_the_checks() -> None:
    text = FULL.split("\nQuote:")[0]
    assert grounded_parse(text, ended=True) == [Proposal(EXPECTED.prompt, answer=EXPECTED.answer)]


def test_the_problem_holds_passage_and_question_and_its_reference_all_that_verifies_a_response() -> None:
    passage = 'The "old" mill\ngrinds grain. \ud800'
    whole = with_passage(EXPECTED, passage)
    assert whole.prompt.startswith(f"{passage}\n\n")
    assert whole.prompt.endswith("\nWhat does the mill do?")
    assert "quote in double quotation marks" in whole.prompt
    assert json.loads(whole.reference) == {
        "answer": "It grinds grain.",
        "passage": passage,
        "quote": "the mill grinds grain",
    }
    assert (whole.quote, whole.answer) == (EXPECTED.quote, EXPECTED.answer)
