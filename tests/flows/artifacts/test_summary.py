"""The summary as Markdown: what is in it, and what hostile names do to it."""

from dataclasses import replace

from gristmill.db.clock import now
from gristmill.db.reports.records import ExportUse, UnsolvedRow
from gristmill.db.reports.summary import LevelRow, ReasonRow
from gristmill.db.reports.verifier_times import VerifierTime
from gristmill.db.runs import RunRecord
from gristmill.flows.artifacts.session import ServerHealth
from gristmill.flows.artifacts.summary import Whole, markdown
from gristmill.reports.run_summary import RunSummary
from gristmill.reports.summary import Prices
from gristmill.sampling.records import Outcome, RunState, StopReason

EVIL = "</td><img src=x onerror=alert(1)> | `x` \u202e"
SHOWN = "`</td><img src=x onerror=alert(1)> \\x7c \\x60x\\x60 \\u202e`"
RUN = RunRecord("night-1", "dart", RunState.FINISHED, "{}", 7, now(), now(), now(), 50.0, "0.1.0", "")
LEVEL = LevelRow("easy", 4, 3, 10, 6, 3, 1, 1_000, 2_000, 9.0)
WHOLE = Whole(
    summary=RunSummary(
        RUN,
        [LEVEL],
        [ReasonRow(Outcome.ACCEPTED, "equal", 6)],
        {StopReason.QUOTA_MET: 3},
        {"timeout": 2},
        Prices(completion=5.0),
    ),
    model="tiny",
    verifiers=[VerifierTime("math", "3", 10, 0.002, 0.5)],
    unsolved=[UnsolvedRow("0123abcd", "?", "4", "easy", 4, StopReason.CEILING_REACHED)],
    unsolved_count=7,
    exports=[ExportUse(1, "sft", "out/sft", 6, 6, 1, True)],
    servers=[ServerHealth("gpu1:8000", "trial", 1, 1)],
    report="[r](http://h/r)",
)


def test_the_numbers_that_matter_are_in_it() -> None:
    text = markdown(WHOLE)
    for line in (
        "# night-1: finished",
        "| quota met | 3 (75.0%) |",
        "| accepted of the decided ones | 66.7% |",
        "| accepted per 1,000 tokens | 2 |",
        "| cost | 0.0100 |",
        "| attempts per second | 0.2 |",
        "## Unsolved: 7 without an accepted response",
        "The first 1:",
        "| 0123abcd | easy | ceiling_reached | 4 |",
        "| `gpu1:8000` | trial | 1 | 1 |",
        "| math 3 | 10 | 2.0 | 500.0 |",
        "| timeout | 2 |",
        "| `out/sft` | sft | withdrawn | 6 |",
        "Report: [r](http://h/r)",
    ):
        assert line in text.splitlines()


def test_what_there_is_nothing_of_is_left_out() -> None:
    summary = replace(WHOLE.summary, failures={}, prices=Prices(), levels=[])
    bare = replace(
        WHOLE, summary=summary, verifiers=[], unsolved=[], unsolved_count=0, exports=[], servers=[], report=""
    )
    text = markdown(bare)
    assert "##" not in text
    assert "cost" not in text
    assert "| attempts | 0 |" in text


def test_hostile_names_are_code_everywhere() -> None:
    run = replace(RUN, id=EVIL, recipe=EVIL, message=EVIL)
    whole = replace(
        WHOLE,
        summary=replace(WHOLE.summary, run=run, failures={EVIL: 2}),
        model=EVIL,
        verifiers=[VerifierTime(EVIL, "3", 10, 0.002, 0.5)],
        unsolved=[UnsolvedRow(EVIL, EVIL, EVIL, EVIL, 4, None)],
        exports=[ExportUse(1, EVIL, EVIL, 6, 6, 1, True)],
        servers=[ServerHealth(EVIL, "up", 1, 1)],
    )
    text = markdown(whole)
    assert "\u202e" not in text
    assert text.count("<img") == text.count(SHOWN[:-1]) == 11
