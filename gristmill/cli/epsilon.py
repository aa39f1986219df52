"""`gristmill epsilon`: differential-privacy accountant (epsilon, delta and noise) for Aug-PE's votes.

It is the accountant alone (`sampling/privacy.py` says of what, and with what limits): Gristmill has no recipe
of private evolution yet, and nothing here makes a data set private.
"""

import click


@click.command(name="epsilon")
@click.option("--samples", type=int, required=True, metavar="N", help="Private texts that vote; 2 or more.")
@click.option("--rounds", type=int, required=True, metavar="T", help="Rounds in which they vote; 1 or more.")
@click.option("--sigma", type=float, metavar="S", help="Standard deviation of the noise on each count.")
@click.option("--epsilon", "wanted", type=float, metavar="E", help="Privacy to keep: says the noise for it.")
def epsilon_command(samples: int, rounds: int, sigma: float | None, wanted: float | None) -> None:
    """Print the privacy (epsilon, delta) of noisy votes, each text having one vote a round.

    Give --sigma for the epsilon that it keeps, or --epsilon for the sigma that keeps it. Delta is 1 / (N ln
    N). This is the accountant of Aug-PE alone: no recipe draws such noise yet.
    """

    from gristmill.reports.console import console
    from gristmill.sampling.privacy import delta_of, epsilon, sigma_for

    if (sigma is None) == (wanted is None):
        raise click.UsageError("give one of --sigma and --epsilon")
    if wanted is not None:
        name, value = "sigma", sigma_for(wanted, rounds, samples)
    else:
        name, value = "epsilon", epsilon(sigma or 0.0, rounds, samples)
    console().print(f"{name} {value:.6g} at delta {delta_of(samples):.3g}")
