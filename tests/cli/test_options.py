import click
import pytest
from click.testing import CliRunner

from gristmill.cli.options import by_section, run_options
from gristmill.runs.settings.run import SECTIONS


@click.command()
@run_options
def probe(**flags: object) -> None:
    click.echo(repr({k: v for k, v in by_section(flags, SECTIONS).items() if v}))


def test_every_setting_is_a_flag_of_one_name() -> None:
    names = [name for model in SECTIONS.values() for name in model.model_fields]
    assert len(names) == len(set(names))
    flags = {option for parameter in probe.params for option in parameter.opts}
    assert flags == {f"--{name.replace('_', '-')}" for name in names}


def test_every_setting_says_what_it_is() -> None:
    missing = [
        name
        for model in SECTIONS.values()
        for name, field in model.model_fields.items()
        if not field.description
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ([], "{}"),
        (["--quota", "3"], "{'policy': {'quota': 3}}"),
        (["--seed", "0"], "{'run': {'seed': 0}}"),
        (["--stop", "a", "--stop", "b"], "{'generator': {'stop': ('a', 'b')}}"),
        (["--extraction", "boxed-only"], "{'verifier': {'extraction': 'boxed-only'}}"),
    ],
)
def test_only_flags_that_are_given_override(arguments: list[str], shown: str) -> None:
    result = CliRunner().invoke(probe, arguments)
    assert result.exit_code == 0
    assert result.output.strip() == shown


@pytest.mark.parametrize(
    ("flag", "known"),
    [("--policy", "'vanilla', 'uniform', 'prop2diff', 'budgeted'"), ("--perplexity", "'auto', 'on', 'off'")],
)
def test_a_choice_names_the_known_values(flag: str, known: str) -> None:
    result = CliRunner().invoke(probe, [flag, "dart"])
    assert result.exit_code == 2
    assert known in result.output
