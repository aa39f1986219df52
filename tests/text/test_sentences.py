"""Where a sentence ends, by each of the three rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gristmill.text.sentences import sentence_spans, sentences, simple_sentences
from gristmill.text.words import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("...", []),
        ("One", ["One"]),
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ('"Go!" he said. (Really.) So', ['"Go!" he said.', "(Really.)", "So"]),
        ('He said "Go!" and left.', ['He said "Go!" and left.']),
        ('"I go." he said. "Now." So', ['"I go." he said.', '"Now."', "So"]),
        ("Yahoo! is big. Well... it was.", ["Yahoo! is big.", "Well... it was."]),
        ("go! he said? yes.", ["go!", "he said?", "yes."]),
        ("1. Wash. 2. Boil. 3. Serve.", ["1. Wash.", "2. Boil.", "3. Serve."]),
        ("How many? 42.", ["How many? 42."]),
        ("42.", ["42."]),
        ("First.[1] Second.[2, 3] Third.", ["First.[1]", "Second.[2, 3]", "Third."]),
        ("`One.` `Two.` Three.", ["`One.`", "`Two.`", "Three."]),
        ("One.\U0001f642 Two.", ["One.\U0001f642", "Two."]),
        ("Tea, etc., and so on. Done.", ["Tea, etc., and so on.", "Done."]),
        ("Pi is 3.14. See example.com for more.", ["Pi is 3.14.", "See example.com for more."]),
        ("Dr. J. Smith, e.g. in Fig. 3, agrees.", ["Dr. J. Smith, e.g. in Fig. 3, agrees."]),
        ("So am I. You know.", ["So am I.", "You know."]),
        ("It is no. It is five.", ["It is no.", "It is five."]),
        ("At 5 p.m. we left. At 5 p.m. We left.", ["At 5 p.m. we left.", "At 5 p.m.", "We left."]),
        ("tea, etc. and so on", ["tea, etc. and so on"]),
        ("P.S. Buy milk.", ["P.S. Buy milk."]),
        ("1. Wash. Dry.\n2. Iron.", ["1. Wash.", "Dry.", "2. Iron."]),
        ("In total 12. Then more.", ["In total 12.", "Then more."]),
        ("wrapped\ntext. More", ["wrapped\ntext.", "More"]),
        ("Heading\n\nText", ["Heading", "Text"]),
        ("Buy:\n- milk\n* tea\n3) rice", ["Buy:", "- milk", "* tea", "3) rice"]),
        ("Wait...what? No", ["Wait...what?", "No"]),
        ("*So it is.* **Yes!** Fine", ["*So it is.*", "**Yes!**", "Fine"]),
        ("你好。再见！", ["你好。", "再见！"]),
        ("यह है। वह है।", ["यह है।", "वह है।"]),
        ("كيف حالك؟ بخير.", ["كيف حالك؟", "بخير."]),
    ],
)
def test_a_sentence_ends_where_a_reader_ends_it(text: str, found: list[str]) -> None:
    assert sentences(text) == found


@given(st.text(st.sampled_from('ab .!?\n-1"中。'), max_size=60))
def test_no_word_is_lost_or_made(text: str) -> None:
    plain = text.replace("\n", " ")
    assert [word for sentence in sentences(text) for word in words(sentence)] == words(plain)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("It costs 3.50 at example.org today.", 1),
        ('He said: "Go." Then he left.', 2),
        ("Mix:\n1. Flour.\n2. Water.\n- Salt\n* Oil", 5),
        ("1. Flour. 2. Water.", 2),
        ("A title\n\nA paragraph that goes on\nin a second line", 2),
        ("你好。再见！", 2),
        ("Well... yes… no", 3),
        ("12. 13. 14.", 0),
    ],
)
def test_simple_sentences_end_at_every_end_sign(text: str, count: int) -> None:
    assert len(simple_sentences(text)) == count


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One here. Two there! Three?", ["One here.", "Two there!", "Three?"]),
        ("Dr. Smith met Mr. J. Doe. They spoke.", ["Dr. Smith met Mr. J. Doe.", "They spoke."]),
        ("See e.g. Fig. 3, i.e. the plot. It is.", ["See e.g. Fig. 3, i.e. the plot.", "It is."]),
        ("It costs 3.50 at example.org now. Yes.", ["It costs 3.50 at example.org now.", "Yes."]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("Wait... what? No!", ["Wait... what?", "No!"]),
        ("So did I. We left.", ["So did I.", "We left."]),
        ("One\nwrapped. Two", ["One\nwrapped."]),
        ("これは文です。次の文です。", ["これは文です。", "次の文です。"]),
        ("no end", []),
        ("", []),
    ],
)
def test_spans_of_sentences_end_at_full_stops_that_end_something(text: str, expected: list[str]) -> None:
    spans = sentence_spans(text, (0, len(text)))
    assert [text[start:end] for start, end in spans] == expected
