"""The whole page: its numbers are the store's, and nothing that a model wrote does anything in it."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from gristmill.db.attempts import record
from gristmill.db.reports.summary import by_level, by_reason
from gristmill.db.runs import mark_run
from gristmill.db.sessions import Engine, reading, writing
from gristmill.exports.export import export
from gristmill.reports.html.facts import MOST_EXAMPLES, read_facts
from gristmill.reports.html.page import report_html, write_report
from gristmill.reports.html.tables import summary_facts
from gristmill.runs.run_ids import instruction_run_id
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.sampling.records import Failure, Outcome, Problem, RunState, problem_id
from tests.db.samples import start_run
from tests.exports.stores import (
    PROBLEMS,
    RUN_A,
    RUN_B,
    a_verdict,
    add_run,
    an_attempt,
    attempts_of,
    fill,
    settings,
)
from tests.reports.html.reading import Page, read_page
from tests.support.sampling_runs import SEEDS, endless, made_config, run_scripted, seeds_file, tasks

ACTIVE = '<script>alert("1")</script></pre></style></title>\'" onload=x <img src=http://e.example/x>'
UNSEEN = "\x00\x1b[31m\ud800\u202egnorw\u2066\u200f\ufeff\r\u2028"
READ_AS_CODE = "<!-- ]]> {{ 7 * 7 }} {% raw %} &lt; $\\frac{ url(http://e.example) \\u003c"
HOSTILE = f"{ACTIVE} {UNSEEN} {READ_AS_CODE}"
BOXES = ["\\x00\\x1b", "\\ud800\\u202e", "\\u2066\\u200f\\ufeff\\x0d\\u2028"]


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def page_of(engine: Engine, *run_ids: str) -> Page:
    return read_page(report_html(engine, run_ids))


def add_hostile(engine: Engine, run_id: str = "hostile") -> None:
    """One problem, of which everything that is text is hostile, and a failure."""
    problem = Problem(problem_id(HOSTILE, HOSTILE), HOSTILE, HOSTILE, level=HOSTILE, source=HOSTILE)
    never = Problem(problem_id(HOSTILE, "7"), HOSTILE, "7", level=f"{HOSTILE} 2")
    told = {"reason": HOSTILE, "verifier": HOSTILE, "version": HOSTILE, "detail": HOSTILE, "answer": HOSTILE}
    attempts = [
        an_attempt(
            problem, number, outcome, HOSTILE, model=HOSTILE, verdict=a_verdict(outcome, span=(3, 90), **told)
        )
        for number, outcome in enumerate(Outcome)
    ]
    add_run(engine, run_id, [problem, never], attempts)
    with writing(engine) as session:
        failure = Failure(attempts[0].draw, HOSTILE, HOSTILE, 1.0)
        record(session, run_id, [], [failure], [])
        mark_run(session, run_id, RunState.FAILED, elapsed_seconds=1.0, message=HOSTILE)


def test_hostile_text_does_nothing_wherever_it_stands(engine: Engine) -> None:
    add_hostile(engine)
    page = page_of(engine, "hostile")
    assert page.elements["script"] == page.elements["img"] == 0
    # Prompt, message, answers, models and so on: all of it can be read.
    assert page.words.count('<script>alert("1")</script>') >= 12
    assert page.words.count("{{ 7 * 7 }} {% raw %}") >= 8
    assert set(BOXES) <= set(page.boxed)
    assert page.words.count("gnorw") == page.words.count("\\ud800\\u202egnorw")
    answers = [text for text in page.preformatted if "alert" in text]
    assert len(answers) == 2
    assert all(text.endswith("url(http://e.example) \\u003c") for text in answers)
    assert page.marked[:2] == [HOSTILE[3:90].replace("\x00", "\\x00")] * 2


def test_the_page_reads_the_same_in_pieces_of_any_run(engine: Engine) -> None:
    """Several runs, of which one is hostile and one has no attempt at all."""
    fill(engine)
    add_hostile(engine)
    add_run(engine, "empty", PROBLEMS[:3], [])
    add_run(engine, "nothing", [], [])
    page = page_of(engine, RUN_A, "hostile", "empty", "nothing", RUN_A)
    words = flat(page.words)
    assert page.elements["section"] == 2 + 4
    for run_id in (RUN_A, "hostile", "empty", "nothing"):
        assert f"Run {run_id} Recipe dart-uniform" in words
    assert "No attempt yet." in words
    assert "No response was decided yet." in words
    assert "Unsolved problems (3) All of them" in words


def test_the_numbers_are_those_of_the_store(engine: Engine, tmp_path: Path) -> None:
    fill(engine)
    export(engine, settings("sft", filter={"runs": [RUN_A, RUN_B]}), tmp_path / "sft")
    export(engine, settings("dpo", filter={"runs": [RUN_A]}), tmp_path / "dpo")
    with reading(engine) as session:
        levels, reasons = by_level(session, RUN_A), by_reason(session, RUN_A)
    facts, words = read_facts(engine, RUN_A), flat(page_of(engine, RUN_A).words)
    told = {fact.name: fact.value for fact in summary_facts(facts)}
    tokens = sum(row.prompt_tokens + row.completion_tokens for row in levels)
    accepted = sum(row.accepted for row in levels)
    assert told["attempts"] == f"{len(attempts_of(RUN_A))}" == "180"
    assert told["accepted"] == f"{accepted}" == "90"
    assert told["accepted per 1,000 tokens"] == f"{1000 * accepted / tokens:.2f}"
    assert told["tokens per accepted"] == f"{tokens / accepted:.0f}"
    assert facts.within_quota == 60
    for row in reasons:
        assert re.search(rf"{row.outcome.value}: {row.reason} .{{0,90}} {row.attempts:,} ", words)
    assert " within quota without the surplus of draws in flight 60 " in words
    assert f" export 2: dpo 30 rows 60 export 1: sft {60 + 75} rows, of 2 runs 60 " in words
    assert [row.level for row in levels] == re.findall(r" (\d) 6 6 36 18 12 6 60.0% ", words)
    assert f"problems {len(facts.summary.levels) * 6} " in words


def test_cost_is_told_where_a_price_is_known(engine: Engine) -> None:
    add_run(engine, RUN_A, PROBLEMS[:1], [an_attempt(PROBLEMS[0], 0)])
    facts = read_facts(engine, RUN_A)
    summary = replace(facts.summary, prices=replace(facts.summary.prices, completion=2e6))
    told = {fact.name: fact.value for fact in summary_facts(replace(facts, summary=summary))}
    assert told["cost per accepted"] == "20.000000"


@pytest.mark.full
def test_long_texts_and_many_levels_are_cut_with_a_note(engine: Engine) -> None:
    bad = "\u202e<&" * 3_000
    problems = [
        Problem(problem_id(f"{n} {bad}", bad), f"{n} {bad}", bad, level=f"{n:03} {bad[:1000]}")
        for n in range(70)
    ]
    attempts = [
        an_attempt(problem, number, outcome, bad, verdict=a_verdict(outcome, detail=bad, span=(500, 8_000)))
        for problem in problems[:7]
        for number, outcome in enumerate((Outcome.ACCEPTED, Outcome.REJECTED))
    ]
    run_ids = [f"run-{number}" for number in range(8)]
    for run_id in run_ids:
        add_run(engine, run_id, problems, attempts)
    assert len(report_html(engine, run_ids)) < 3_000_000
    html = report_html(engine, run_ids[:1])
    page = read_page(html)
    assert len(html) < 3_000_000
    assert "characters left out ...]" in page.words
    assert "40 other levels" in page.words
    assert "Unsolved problems (63)" in page.words
    assert "The first 50" in page.words
    assert page.elements["article"] == MOST_EXAMPLES


async def test_a_run_that_made_instructions_has_their_funnel(engine: Engine, tmp_path: Path) -> None:
    config = made_config("self-instruct", {"seeds": str(seeds_file(tmp_path, SEEDS)), "target": 6})
    await run_scripted(engine, config, tasks(endless()))
    words = flat(page_of(engine, "r", instruction_run_id("r")).words)
    assert words.count("Instructions that were made") == 2
    assert words.count("taken as instructions wanted: 6 6 ") == 2


def test_the_configuration_is_told_as_a_recipe_and_the_page_loads_nothing(engine: Engine) -> None:
    add_run(engine, RUN_A, PROBLEMS[:1], [an_attempt(PROBLEMS[0], 0)])
    html = report_html(engine, [RUN_A])
    page = read_page(html)
    assert "cost" not in page.words.split("Costs are")[0]
    recipe = next(text for text in page.preformatted if text.startswith("# dart-uniform"))
    assert 'dataset = "demo"' in recipe
    assert html.startswith("<!doctype html>\n<!-- gristmill report -->\n<html")
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|srcset|action|data)\s*=\s*[\"']", html)
    assert page.elements["meta"] == 4


def test_what_is_no_run_or_too_many_is_told(engine: Engine) -> None:
    start_run(engine, PROBLEMS[:1])
    for run_ids in ((), [str(number) for number in range(9)]):
        with pytest.raises(ConfigError, match="from 1 to 8 runs"):
            report_html(engine, run_ids)
    with pytest.raises(ConfigError, match="there is no run 'nope'"):
        report_html(engine, ["nope"])
    with pytest.raises(StoreError, match="of another version of Gristmill"):
        report_html(engine, ["run-1"])


def test_a_report_replaces_a_report_and_no_other_file(engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    add_run(engine, RUN_A, PROBLEMS[:1], [an_attempt(PROBLEMS[0], 0)])
    out, notes = folder / "report.html", folder / "notes.html"
    assert write_report(engine, [RUN_A], out) == out.stat().st_size
    out.write_bytes(out.read_bytes()[:100])
    assert write_report(engine, [RUN_A], out) == out.stat().st_size > 10_000
    notes.write_text("<!doctype html>\nmine")
    with pytest.raises(ConfigError, match="is no report"):
        write_report(engine, [RUN_A], notes)
    with pytest.raises(ConfigError, match="its folder is missing"):
        write_report(engine, [RUN_A], folder / "none" / "report.html")
    with pytest.raises(ConfigError, match="cannot be written"):
        write_report(engine, [RUN_A], folder)
    assert {path.name for path in folder.iterdir()} == {"report.html", "notes.html"}
    assert notes.read_text().endswith("mine")
