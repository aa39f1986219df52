"""`gristmill top-up`, called the way the console script calls it."""

import click
import pytest

from gristmill.cli.top_up import top_up_command
from tests.support.commands import Workplace

FLAGS = ("dart-uniform", "--backend", "scripted", "--quota", "1", "--ceiling", "4", "--seed", "7")


def test_the_command_says_what_it_did_and_when_it_did_nothing(workplace: Workplace) -> None:
    dataset = ("--dataset", "demo", "--limit", "4")
    said = workplace.does("top-up", *FLAGS, *dataset).splitlines()
    assert "-v1: " in said[-1]
    assert said[-1].startswith("exports/top-up-dart-uniform-")
    said = workplace.does("top-up", *FLAGS, *dataset).splitlines()
    assert said[0] == "Nothing is missing: no request was issued"
    assert said[1].startswith("No export: the rows are those of exports/top-up-dart-uniform-")
    assert len(said) == 2


def test_a_misspelt_source_beside_a_right_one_is_told_before_anything_is_drawn(workplace: Workplace) -> None:
    workplace.does("run", *FLAGS, "--direct", "--dataset", "demo", "--limit", "2", "--run-id", "one")
    message = workplace.refuses("top-up", *FLAGS, "--sources", "demo", "--sources", "Dmeo", "--runs", "on")
    assert message == (
        'the store has no active problem of source "Dmeo" (near: demo), run "on" (near: one); '
        "its sources are: demo; its runs are: one"
    )
    assert "-v1: " in workplace.does("top-up", *FLAGS, "--sources", "demo", "--runs", "one")


def test_a_recipe_is_a_file_of_ones_own_by_any_name(workplace: Workplace) -> None:
    workplace.write("mine", "[policy]\nquota = 1\nceiling = 4\n")
    said = workplace.does("top-up", "mine", *FLAGS[1:], "--dataset", "demo", "--limit", "2")
    assert "-v1: " in said
    line = workplace.refuses("run", "mine", "--dataset", "demo", "--print-deployment", "nightly")
    assert line.startswith("unknown recipe 'mine': ")
    assert line.endswith("your own goes by its path, ./mine or mine.toml")
    assert "recipe: ./mine\n" in workplace.does(
        "run", "./mine", "--dataset", "demo", "--print-deployment", "nightly"
    )


@pytest.mark.parametrize(
    ("arguments", "message", "code"),
    [
        ((), "say which problems", 2),
        (("--sources", "demo", "--dataset", "demo"), "leave the data set out", 2),
        (("--sources", "demo"), 'no active problem of source "demo"; its sources are: none', 1),
        (("--sources", "demo", "--exports", "file"), "--exports file: that is no folder", 1),
        (("--runs", "nowhere"), 'no active problem of run "nowhere"; its runs are: none', 1),
        (("--sources", "demo", "--run-id", "../../escaped"), "--run-id takes letters", 2),
    ],
)
def test_what_cannot_be_is_said_in_a_line(
    workplace: Workplace, arguments: tuple[str, ...], message: str, code: int
) -> None:
    workplace.write("file", "")
    assert message in workplace.refuses("top-up", *FLAGS, *arguments, code=code)


def test_the_command_has_a_flag_for_each_setting_of_a_run() -> None:
    assert isinstance(top_up_command, click.Command)
    names = {parameter.name for parameter in top_up_command.params}
    assert {
        "sources",
        "runs",
        "run_id",
        "folder",
        "export_recipe",
        "budget_draws",
        "quota",
        "server",
    } <= names
