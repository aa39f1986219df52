"""What the commands print of a run; text from a model does nothing to the terminal."""

from io import StringIO

from rich.console import Console

from gristmill.cli.demo import print_examples
from gristmill.db.sessions import Engine
from gristmill.reports.console import plain
from gristmill.reports.progress import line_display, state_line
from gristmill.reports.summary import read_summary
from gristmill.reports.summary_tables import print_summary
from gristmill.runs.open_generators import Generators
from gristmill.runs.sample import sample
from gristmill.runs.settings.recipe import run_config
from gristmill.sampling.pipeline import Pipeline
from tests.support.sessions import a_session, prepared


async def finished_run(engine: Engine) -> list[str]:
    """Runs to the end and returns the lines that a display wrote on the way."""
    config = run_config(
        "dart-uniform",
        {
            "dataset": {"dataset": "demo", "limit": 4},
            "policy": {"quota": 1, "ceiling": 3},
            "generator": {"backend": "scripted", "script_latency_seconds": 0.01},
            "run": {"seed": 3},
        },
    )
    lines: list[str] = []

    async def watch(pipeline: Pipeline) -> None:
        lines.append(state_line(pipeline, since=0.0))
        await line_display(lines.append, every_seconds=0.01)(pipeline)

    async with Generators() as generators:
        await sample(await prepared(a_session(engine, config, generators, watchers=[watch])))
    return lines


async def test_the_summary_adds_up_and_shows_one_of_each(engine: Engine) -> None:
    lines = await finished_run(engine)
    assert all("attempts:" in line for line in lines)
    out = Console(file=StringIO(), width=110)
    summary = read_summary(engine, "r")
    print_summary(out, summary)
    print_examples(out, engine, "r")
    printed = out.file.getvalue()  # type: ignore[attr-defined]
    total = summary.total
    assert f"{total.attempts} attempts = {total.accepted} accepted + {total.rejected} rejected" in printed
    assert "accepted: equal" in printed
    assert "reference" in printed


def test_control_characters_are_shown_and_do_nothing() -> None:
    hostile = "\x1b]0;title\x07 [red]markup[/red] \u202eright to left\ud800 ok\n"
    shown = plain(hostile).plain
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "[red]markup[/red]" in shown
    assert shown.endswith("ok\n")
    shown.encode()
