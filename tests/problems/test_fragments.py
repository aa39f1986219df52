"""Fragments stand word for word in their document, and read as texts of their own."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.problems.fragments import (
    PASSAGE_WORDS,
    PHRASES,
    SENTENCE_WORDS,
    Document,
    Fragment,
    Granularity,
    document_id,
    fragments,
)
from gristmill.text.words import spaced_word_count

RIVER = (
    "A river begins in the hills, where springs and melting snow gather into small streams. As the streams "
    "run down the slopes they meet, and the young river cuts a narrow valley into the rock. On the plain it "
    "slows, winds from side to side, and drops the sand and mud that it carried. Near the sea it often parts "
    "into several arms and builds a delta, on which farmers have grown rice for thousands of years."
)
BREAD = (
    "Bread needs flour, water, salt and yeast. The baker kneads the dough until it is smooth, and lets it "
    "rest in a warm place. While it rests the yeast eats sugar and gives off gas, so that the dough rises. "
    "In the hot oven the crust turns brown, and the kitchen smells of fresh loaves."
)
MARKDOWN = f"""# Rivers and bread

{RIVER}

```python
print("This is a long line of code. It is not prose, and nobody should ask about it at all.")
```

| Name | Meaning of the name in a long and winding table cell. |
|------|-------|
| Nile | A river that nobody should read of in a table like this one. |

{BREAD}

See [the whole manual of the bakery](https://example.org/manual) for everything that is not said in here.
"""
any_text = st.text(st.characters(exclude_categories=()))
documents = st.lists(
    st.sampled_from(
        [RIVER, BREAD, "# Title", "```", "- One item here.", "| a | b |", "<b>", "\u202e", "\x00"]
    )
    | any_text
).map("\n\n".join)


def document(text: str) -> Document:
    return Document(document_id(text), "a.md", text)


def found(text: str, seed: int = 0, per_granularity: int = 1) -> list[Fragment]:
    return list(fragments(document(text), seed, per_granularity))


def assert_verbatim(fragment: Fragment, text: str) -> None:
    """What a reader can check without any of our code."""
    pieces = [text[start:end] for start, end in fragment.spans]
    assert all(0 <= start < end <= len(text) for start, end in fragment.spans)
    if fragment.granularity is Granularity.KEYWORD:
        assert PHRASES[0] <= len(pieces) <= PHRASES[1]
        assert fragment.text == ", ".join(pieces)
    else:
        assert [fragment.text] == pieces


def test_a_document_gives_one_fragment_of_each_granularity() -> None:
    one = found(RIVER)
    assert [fragment.granularity for fragment in one] == ["keyword", "sentence", "passage"]
    for fragment in one:
        assert fragment.document_id == hashlib.sha256(RIVER.encode()).hexdigest()[:32]
        assert_verbatim(fragment, RIVER)
    keywords, sentence, passage = one
    assert keywords.text.split(", ") == [
        "melting snow gather",
        "young river cuts",
        "river begins",
        "small streams",
        "streams run",
        "narrow valley",
    ]
    assert sentence.text in RIVER
    assert passage.text == RIVER


@given(documents, st.integers(0, 5), st.integers(1, 3))
def test_every_fragment_stands_word_for_word_where_it_says(text: str, seed: int, count: int) -> None:
    for fragment in found(text, seed, count):
        assert_verbatim(fragment, text)
        if fragment.granularity is not Granularity.KEYWORD:
            least, most = SENTENCE_WORDS if fragment.granularity is Granularity.SENTENCE else PASSAGE_WORDS
            assert least <= spaced_word_count(fragment.text) <= most
            assert "\x00" not in fragment.text
            assert "```" not in fragment.text


def test_code_tables_headings_and_links_are_in_no_fragment() -> None:
    taken = found(MARKDOWN, per_granularity=50)
    assert {fragment.granularity for fragment in taken} == set(Granularity)
    words = " ".join(fragment.text for fragment in taken)
    for unwanted in ("print", "nobody", "Meaning", "Rivers and bread", "example.org", "manual", "|"):
        assert unwanted not in words
    for fragment in taken:
        assert_verbatim(fragment, MARKDOWN)


def test_the_seed_decides_and_nothing_else() -> None:
    text = f"{RIVER}\n\n{BREAD}"
    assert found(text, 3) == found(text, 3)
    sentences = {
        fragment.text for seed in range(20) for fragment in found(text, seed) if len(fragment.spans) == 1
    }
    assert len(sentences) > 4


def test_more_are_taken_where_more_are_asked_for() -> None:
    taken = Counter(fragment.granularity for fragment in found(RIVER, per_granularity=3))
    assert taken[Granularity.SENTENCE] == 3
    assert taken[Granularity.KEYWORD] > 1
    assert taken[Granularity.PASSAGE] == 1


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_long_document_gives_fragments_of_all_its_parts(ends: str) -> None:
    text = f"{ends}{ends}".join([f"Chapter {number}. {RIVER}{ends}{ends}{BREAD}" for number in range(12)])
    taken = Counter(fragment.granularity for fragment in found(text))
    assert taken == dict.fromkeys(Granularity, 12)
    assert max(fragment.spans[0][0] for fragment in found(text)) > len(text) * 0.9


def test_a_paragraph_of_a_thousand_words_gives_passages_of_whole_sentences() -> None:
    text = " ".join([RIVER, BREAD] * 8)
    passages = [fragment.text for fragment in found(text) if fragment.granularity is Granularity.PASSAGE]
    assert len(passages) > 5
    assert all(passage[0].isupper() and passage[-1] == "." for passage in passages)


def test_short_paragraphs_that_follow_each_other_make_a_passage() -> None:
    parts = [part.strip() + "." for part in RIVER.split(".") if part.strip()]
    passages = [each.text for each in found("\n\n".join(parts)) if each.granularity is Granularity.PASSAGE]
    assert len(passages) == 1
    assert "\n\n" in passages[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ten words are not enough to make a fragment of.",
        "```\n" + RIVER + "\n```",
        "\x00" * 1000,
        "word " * 30,
    ],
)
def test_too_little_prose_gives_nothing(text: str) -> None:
    assert found(text) == []


@pytest.mark.full
@pytest.mark.parametrize(
    "piece", [".", "a!", "\n", "- a\n", "a\n\n", "| ", "<a", "a'", "```\n", "Ab. ", "[", "*a", "\r"]
)
def test_two_hundred_thousand_characters_of_anything_take_linear_time(piece: str) -> None:
    """A second for the slowest; quadratic time would be minutes."""
    text = f"{RIVER}\n\n" + piece * (200_000 // len(piece))
    assert found(text)[0].document_id == document_id(text)
