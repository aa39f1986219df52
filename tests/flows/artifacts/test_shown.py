"""What a deployed run shows on a real Prefect server: artifacts, events and log, with hostile text in it."""

import json
from pathlib import Path

import pytest

from gristmill.flows.artifacts.keys import artifact_key
from gristmill.generators.scripted.script import sum_problems
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from tests.flows.artifacts.shown import deployed_run
from tests.flows.jobs.flow_runs import PREFECT_WARNS

pytestmark = [pytest.mark.prefect, *PREFECT_WARNS, pytest.mark.full]

HOSTILE = "<script>alert(1)</script> | `x` \u202e [a](http://evil.example)"


def sums(folder: Path, problems: int, **sections: dict[str, object]) -> RunConfig:
    """Of two levels, one of which is hostile."""
    rows = [
        {"prompt": problem.prompt, "reference": problem.reference, "level": HOSTILE if at % 2 else "plain"}
        for at, problem in enumerate(sum_problems(problems))
    ]
    (folder / "sums.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    flags: dict[str, dict[str, object]] = {
        "dataset": {
            "dataset": str(folder / "sums.jsonl"),
            "prompt_field": "prompt",
            "reference_field": "reference",
            "level_field": "level",
        },
        "policy": {"quota": 2, "ceiling": 4},
        "generator": {"backend": "scripted"},
        "run": {"seed": 7, "price_per_million_completion_tokens": 2.0},
    }
    for name, values in sections.items():
        flags[name] = {**flags[name], **values}
    return run_config("dart-uniform", flags)


async def test_a_deployed_run_shows_what_came_of_it(place: Path) -> None:
    shown = await deployed_run(sums(place, 12, generator={"script_pass_rate": 0.4}), "Night.1")
    key = artifact_key("Night.1")
    assert shown.artifacts[f"progress-{key}"].data == 100.0
    total = next(row for row in json.loads(shown.data(f"levels-{key}")) if row["level"] == "all")
    assert int(total["draws"]) == sum(int(total[name]) for name in ("accepted", "rejected", "undecided"))
    reasons = json.loads(shown.data(f"reasons-{key}"))
    assert sum(int(row["attempts"]) for row in reasons) == int(total["draws"])
    summary = {row["what"]: row["how much"] for row in json.loads(shown.data(f"summary-{key}"))}
    assert (summary["run"], summary["recipe"], summary["state"]) == ("Night.1", "dart-uniform", "finished")
    assert summary["attempts"] == total["draws"]
    assert summary["accepted"] == total["accepted"]
    assert summary["cost"] == total["price"]
    path = place / "reports" / "Night.1-report.html"
    assert path.read_text("utf-8").startswith("<!doctype html>")
    assert shown.data(f"report-{key}") == f"`{path}`"


async def test_hostile_levels_are_shown_and_do_nothing(place: Path) -> None:
    config = sums(place, 4, generator={"script_pass_rate": 0.0})
    shown = await deployed_run(config, "hostile")
    assert {"what": "unsolved", "how much": "4"} in json.loads(shown.data("summary-hostile"))
    expected = "`<script>alert(1)</script> \\x7c \\x60x\\x60 \\u202e [a](http://evil.example)`"
    levels = [row["level"] for row in json.loads(shown.data("levels-hostile"))]
    assert levels == [expected, "plain", "all"]
    assert all("\u202e" not in str(artifact.data) for artifact in shown.artifacts.values())
    assert "gristmill.quota.met" not in shown.events


async def test_the_report_is_linked_where_its_folder_is_served(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRISTMILL_REPORTS", str(place / "else" / "where"))
    monkeypatch.setenv("GRISTMILL_REPORTS_URL", "http://someone:secret@127.0.0.1:4280/")
    shown = await deployed_run(sums(place, 2), "linked")
    link = "[linked-report.html](http://127.0.0.1:4280/linked-report.html)"
    assert shown.data("report-linked") == link
    assert (place / "else" / "where" / "linked-report.html").is_file()


async def test_a_report_that_cannot_be_written_fails_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place / "file").write_text("")
    monkeypatch.setenv("GRISTMILL_REPORTS", str(place / "file" / "reports"))
    shown = await deployed_run(sums(place, 2), "unwritable")
    assert "summary-unwritable" in shown.artifacts
    assert "report-unwritable" not in shown.artifacts
    assert any(line.startswith("no report: ") for line in shown.log)


async def test_events_name_the_run_and_its_deployment(place: Path) -> None:
    config = sums(place, 3, generator={"script_pass_rate": 1.0})
    shown = await deployed_run(config, "told")
    finished, met = (shown.events[f"gristmill.{name}"] for name in ("run.finished", "quota.met"))
    assert finished.resource["prefect.resource.id"] == "gristmill.run.told"
    assert finished.resource["gristmill.recipe"] == "dart-uniform"
    deployment = f"prefect.deployment.{shown.flow_run.deployment_id}"
    for event in (finished, met):
        assert [one.id for one in event.related if one.role == "deployment"] == [deployment]
    assert finished.payload["state"] == "finished"
    assert finished.payload["mark_finished"] is False
    assert finished.payload["acceptance"] == finished.payload["quota_met"] == 1.0
    assert finished.payload["cost"] > 0
    attempts = finished.payload["attempts"]
    assert met.payload == {"problems": 3, "quota_met": 3, "left": 0, "attempts": attempts}

    again = await deployed_run(config, "told")
    assert list(again.events) == ["gristmill.run.finished"]
    assert again.events["gristmill.run.finished"].payload["mark_finished"] is True
    assert again.artifacts["progress-told"].data == 100.0


async def test_acceptance_that_collapsed_is_told_once(place: Path) -> None:
    before = sums(place, 220, policy={"quota": 1, "ceiling": 2}, generator={"script_pass_rate": 0.9})
    after = sums(place, 220, policy={"quota": 1, "ceiling": 2}, generator={"script_pass_rate": 0.2})
    first = await deployed_run(before, "good")
    second = await deployed_run(after, "bad")
    assert "gristmill.acceptance.dropped" not in first.events
    dropped = second.events["gristmill.acceptance.dropped"].payload
    assert dropped["earlier_runs"] == ["good"]
    assert dropped["first_attempts"] == 220
    assert dropped["acceptance"] < 0.5 < dropped["expected"]
    assert dropped["z"] < -3
    assert sum(line.startswith("acceptance dropped") for line in second.log) == 1


async def test_the_log_has_the_phases_and_no_responses(place: Path) -> None:
    shown = await deployed_run(sums(place, 40), "logged")
    for phase in ("load", "sample"):
        assert sum(line.startswith(f"{phase} begins: run logged") for line in shown.log) == 1
        assert sum(line.startswith(f"{phase} ends: run logged") for line in shown.log) == 1
    assert len(shown.log) < 20


async def test_a_run_that_its_server_ended_shows_its_tables(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every request fails, and so the run does, for good: with the tables that there are."""
    monkeypatch.setattr("gristmill.flows.lifecycle.PAUSE_SECONDS", ())
    config = sums(place, 3, generator={"script_fault_rate": 1.0})
    shown = await deployed_run(config, "failed", "Failed")
    assert {"levels-failed", "reasons-failed"} <= shown.artifacts.keys()
    assert "summary-failed" not in shown.artifacts
