import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.generators.makers.tags import tagged

READ = {
    "one": ("<answer>Write a poem.</answer>", ["Write a poem."]),
    "several with talk around them": (
        "Sure!\n<answer> A. </answer>\nand\n<answer>\nB.\n</answer> Done.",
        ["A.", "B."],
    ),
    "lines are kept": ("<answer>One:\n\n- two</answer>", ["One:\n\n- two"]),
    "in capitals": ("<Answer>A.</ANSWER>", ["A."]),
    "empty ones are left out": ("<answer></answer><answer> \n</answer><answer>A.</answer>", ["A."]),
    "opened twice: the text belongs to the last": ("<answer>Here: <answer>A.</answer>", ["A."]),
    "closed twice": ("<answer>A.</answer></answer><answer>B.</answer>", ["A.", "B."]),
    "closed before it is opened": ("</answer>A.<answer>B.</answer>", ["B."]),
    "not closed: cut off": ("<answer>A.</answer><answer>Half of a", ["A."]),
    "the closing tag cut off": ("<answer>A.</answ", []),
    "no tag": ("Write a poem.", []),
    "another tag": ("<question>A.</question>", []),
    "a tag with blanks in it is none": ("< answer >A.</ answer >", []),
    "other markup stays": ("<answer>Close the <b>tag</answer>", ["Close the <b>tag"]),
    "a letter that only folds to one of the tag's": ("<an\u017fwer>A.</answer>", []),
    "hostile characters": ("<answer>\x00\ud800\u202eA.</answer>", ["\x00\ud800\u202eA."]),
    "a letter that is longer in lower case": ("\u0130<answer>\u0130A.</answer>", ["\u0130A."]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("text", "found"), READ.values(), ids=READ)
def test_what_stands_between_tags_is_read(text: str, found: list[str]) -> None:
    assert tagged(text) == found


@given(st.lists(st.text(st.characters(exclude_characters="<>"), min_size=1).filter(str.strip), max_size=5))
def test_whatever_is_written_between_tags_is_found_again(contents: list[str]) -> None:
    text = "talk".join(f"<answer>{content}</answer>" for content in contents)
    assert tagged(text) == [content.strip() for content in contents]
