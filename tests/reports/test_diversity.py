"""The report as text and as rows: the same numbers, and nothing that a name does to the terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from gristmill.reports.diversity import diversity_rows, diversity_table
from gristmill.verifiers.diversity.distinct_ngrams import NgramShare
from gristmill.verifiers.diversity.report import Diversity, Duplicates
from gristmill.verifiers.diversity.verbs_nouns import VerbCount

REPORT = Diversity(
    texts=1200,
    words=34000,
    ngrams=(NgramShare(1, 34000, 3400, True, 0.41), NgramShare(2, 32800, 16400, False, None)),
    sampled=1000,
    unigram_entropy=5.514,
    bigram_entropy=7.1,
    rouge=0.1024,
    embedding_distance=None,
    verbs=(VerbCount("write", 300, (("poem", 200), ("code", 9))), VerbCount("come", 4, ())),
    with_verb=900,
    verbs_missing="",
    sources=(("seeds", 900), ("", 300)),
    origin_kinds=(("", 1200),),
    duplicates=Duplicates(exact=10, near=40, candidates=1250),
)


def printed(report: Diversity) -> str:
    out = StringIO()
    Console(file=out, width=110).print(diversity_table(report))
    return out.getvalue()


def lines(report: Diversity) -> dict[str, str]:
    """What stands before the last gap of a line, and what stands behind it."""
    parted = (line.rstrip().rsplit("  ", 1) for line in printed(report).splitlines())
    return {parts[0].strip(): parts[1] for parts in parted if len(parts) == 2}


def test_the_numbers_are_printed_with_what_they_are_of() -> None:
    found = lines(REPORT)
    assert found["texts"] == "1,200"
    assert found["distinct-1"] == "0.100"
    assert found["distinct-1, windows of 1,000 words"] == "0.410"
    assert found["distinct-2"] == "about 0.500"
    assert found["distinct-2, windows of 1,000 words"] == "-"
    assert found["unigram entropy, nats, sample of 1,000"] == "5.51"
    assert found["mean ROUGE-L of pairs, sample of 1,000"] == "0.102"
    assert found["mean cosine distance of embeddings"] == "-"
    assert found["duplicates among candidates"] == "4.0% (10 exact, 40 near, of 1,250)"
    assert found["write (poem 200, code 9)"] == "300"
    assert found["come"] == "4"
    assert "900 of 1,000 sampled texts have a verb" in printed(REPORT)


def test_a_mix_that_says_nothing_is_left_out() -> None:
    assert "Sources" in printed(REPORT)
    assert "Origins" not in printed(REPORT)


def test_a_missing_tagger_is_said() -> None:
    report = replace(REPORT, verbs=None, with_verb=0, verbs_missing="install it")
    assert "install it" in printed(report)
    assert {"part": "verb", "name": "install it", "value": "-"} in diversity_rows(report)


def test_rows_have_the_same_columns_and_every_measure() -> None:
    rows = diversity_rows(REPORT)
    assert {tuple(row) for row in rows} == {("part", "name", "value")}
    assert {"part": "measure", "name": "distinct-2", "value": "about 0.500"} in rows
    assert {"part": "verb", "name": "write (poem 200, code 9)", "value": "300"} in rows
    assert {"part": "source", "name": "seeds", "value": "900 (75.0%)"} in rows
    assert {"part": "source", "name": "-", "value": "300 (25.0%)"} in rows


def test_many_sources_are_cut_and_still_add_up() -> None:
    report = replace(REPORT, sources=tuple((f"s{number:02}", 40) for number in range(30)))
    sources = [row for row in diversity_rows(report) if row["part"] == "source"]
    assert sources[-1] == {"part": "source", "name": "10 others", "value": "400 (33.3%)"}
    assert len(sources) == 21


def test_a_report_on_nothing_prints() -> None:
    report = replace(REPORT, texts=0, sampled=0, sources=(), origin_kinds=(), duplicates=None, verbs=())
    assert "duplicates" not in printed(report)
    assert "[bold]" not in printed(report)


def test_names_do_nothing_to_the_terminal() -> None:
    hostile = "\x1b]0;title\x07[red]\u202e\ud800"
    report = replace(REPORT, sources=((hostile, 1200),), verbs=(VerbCount(hostile, 1, ((hostile, 1),)),))
    shown = printed(report)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "[red]" in shown
    assert all(value.isprintable() for row in diversity_rows(report) for value in row.values())
