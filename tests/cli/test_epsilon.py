"""`gristmill epsilon`: what it prints, and what it says of wrong input."""

import pytest
from click.testing import CliRunner

from gristmill.cli.epsilon import epsilon_command
from gristmill.sampling.errors import ConfigError


def says(*arguments: str) -> str:
    result = CliRunner().invoke(epsilon_command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_noise_gives_epsilon_and_epsilon_gives_noise() -> None:
    assert says("--samples", "8396", "--rounds", "10", "--sigma", "11.6") == (
        "epsilon 0.999986 at delta 1.32e-05\n"
    )
    assert says("--samples", "8396", "--rounds", "10", "--epsilon", "1") == (
        "sigma 11.5998 at delta 1.32e-05\n"
    )


def test_no_noise_is_no_privacy() -> None:
    assert says("--samples", "10", "--rounds", "1", "--sigma", "0").startswith("epsilon inf ")


@pytest.mark.parametrize("both", [(), ("--sigma", "1", "--epsilon", "1")])
def test_one_of_sigma_and_epsilon_is_asked_for(both: tuple[str, ...]) -> None:
    result = CliRunner().invoke(epsilon_command, ("--samples", "9", "--rounds", "1", *both))
    assert result.exit_code == 2
    assert "give one of --sigma and --epsilon" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--samples", "1", "--rounds", "1", "--sigma", "1"), "samples: 1 "),
        (("--samples", "9", "--rounds", "0", "--sigma", "1"), "rounds: 0 "),
        (("--samples", "9", "--rounds", "1", "--sigma", "-2"), "sigma: -2"),
        (("--samples", "9", "--rounds", "1", "--epsilon", "0"), "epsilon: 0"),
    ],
)
def test_a_wrong_number_is_named(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        says(*arguments)
