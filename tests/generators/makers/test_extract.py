import pytest

from gristmill.generators.makers.extract import extract_parse, extract_prompt
from gristmill.sampling.candidates import Material


def fragment(text: str, level: str) -> Material:
    return Material("k", "d", text, level=level)


@pytest.mark.parametrize("level", ["sentence", "passage"])
def test_a_fragment_is_shown_as_an_answer_whose_question_is_wanted(level: str) -> None:
    prompt = extract_prompt(fragment("Wind turns the sails.", level), [], 0)
    assert "the answer that an assistant gave:\n\nWind turns the sails.\n\n" in prompt
    assert "to which this is the answer" in prompt


def test_keywords_are_named_as_such() -> None:
    prompt = extract_prompt(fragment("wind, sails, flour", "keyword"), [], 0)
    assert "about these keywords: wind, sails, flour\n" in prompt
    assert "answer that an assistant gave" not in prompt


READ = {
    "as asked": ("Explain how windmills work.", "Explain how windmills work."),
    "white space around it": ("\n\n  Explain it.\n", "Explain it."),
    "in quotation marks": ('"What is wind?"', "What is wind?"),
    "in curly quotation marks": ("\u201cWhat is wind?\u201d", "What is wind?"),
    "in bold type": ("**What is wind?**", "What is wind?"),
    "in bold quotation marks": ('**"What is wind?"**', "What is wind?"),
    "quotations at both ends": ('"Night" is to "day" as what?', '"Night" is to "day" as what?'),
    "two quotations": ('"Night" and "day"', '"Night" and "day"'),
    "two words in bold": ("**Name** and **explain**", "**Name** and **explain**"),
    "an apostrophe in front": ("'Tis a question of 'em", "'Tis a question of 'em"),
    "a label": ("Instruction: Explain it.", "Explain it."),
    "a label and quotation marks": ('Instruction: "Explain it."', "Explain it."),
    "a bold label": ("**Instruction:** Explain it.", "Explain it."),
    "a bold label, colon outside": ("**Question**: What is it?", "What is it?"),
    "a heading": ("## Question:\nWhat is it?", "What is it?"),
    "a numbered label": ("Question 1: What is it?\n\nQuestion 2: Why?", "What is it?"),
    "a label and a new paragraph": ("Instruction:\n\nExplain it.\n\nDone.", "Explain it."),
    "whose label": ("Instruction for the assistant: Explain it.", "Explain it."),
    "an announcement": ("Sure! Here is an instruction:\n\nExplain it.", "Explain it."),
    "an announcement on the line": (
        'Here\'s a question that this text answers: "What is it?"',
        "What is it?",
    ),
    "a paragraph that announces it": (
        "This is the answer to the question:\n\nWhat is wind?",
        "What is wind?",
    ),
    "a colon at the end of its first line": (
        "Do this task:\n- name a river\n- name a lake",
        "Do this task:\n- name a river\n- name a lake",
    ),
    "only a label": ("Instruction:", None),
    "a minus after a label": ("Question: -5 + 3 = ?", "-5 + 3 = ?"),
    "a colon of its own": ("Task management: describe it.", "Task management: describe it."),
    "a colon after here": ("Here is a list of words: sort it.", "Here is a list of words: sort it."),
    "what comes after it": ("What is wind?\n\nWind is air that moves.", "What is wind?"),
    "a blank line with blanks": ("What is wind?\n  \nAir that moves.", "What is wind?"),
    "over two lines": ("What is wind?\nSay it in one word.", "What is wind?\nSay it in one word."),
    "nothing": ("", None),
    "white space": (" \n\n \t", None),
    "marks alone": ("****", "****"),
    "hostile characters": ("\x00\ud800\u202eWhat?", "\x00\ud800\u202eWhat?"),
}


@pytest.mark.parametrize(("text", "instruction"), READ.values(), ids=READ)
def test_the_response_is_the_instruction_but_for_what_models_put_around_it(
    text: str, instruction: str | None
) -> None:
    found = [proposal.prompt for proposal in extract_parse(text, ended=True)]
    assert found == ([] if instruction is None else [instruction])
