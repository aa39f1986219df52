"""`gristmill report`: one HTML file on one run or on several, which a browser opens offline."""

from pathlib import Path

import click

from gristmill.cli.options import shared_option
from gristmill.sampling.errors import ConfigError


@click.command()
@click.argument("run_ids", metavar="RUN...", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to; else the run's name with -report.html, or report.html for several runs.",
)
@shared_option
def report(run_ids: tuple[str, ...], out: Path | None) -> None:
    """Write a report: what the runs came to in numbers, pictures and examples, compared where several.

    An earlier report at the same place is replaced.
    """

    from gristmill.reports.console import console, plain
    from gristmill.reports.report_folder import default_name
    from gristmill.runs.store import open_store

    try:
        from gristmill.reports.html.page import (
            write_report,  # a second to import, which no other command should wait
        )
    except ModuleNotFoundError as error:
        raise ConfigError(f"the report needs {error.name}: pip install 'gristmill[report]'") from error
    out = out or Path(default_name(run_ids))
    with open_store(must_exist=True) as engine:
        size = write_report(engine, run_ids, out)
    console().print(plain(f"{out}: {size / 1000:,.0f} kB; open it in a browser"), soft_wrap=True)
