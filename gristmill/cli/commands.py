"""The commands of `gristmill`, gathered: each is thin, over the phases in `mill` and the queries of the
store.

Prefect and the model libraries are imported by the commands that need them, not here.
"""

from importlib.metadata import version

import click

from gristmill.cli.browse import browse
from gristmill.cli.budget import budget
from gristmill.cli.deploy import deploy
from gristmill.cli.doctor import doctor
from gristmill.cli.epsilon import epsilon_command
from gristmill.cli.export import export
from gristmill.cli.exports import diff
from gristmill.cli.exports_command import exports
from gristmill.cli.report import report
from gristmill.cli.reverify import reverify
from gristmill.cli.run import run
from gristmill.cli.serve import serve
from gristmill.cli.status import runs, show, status
from gristmill.cli.store import db
from gristmill.cli.top_up import top_up_command
from gristmill.cli.vllm import vllm
from gristmill.cli.withdraw_command import withdraw_command
from gristmill.cli.work import work_command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("gristmill"), prog_name="gristmill")
def gristmill() -> None:
    """Fine-tuning data from open models: difficulty-aware rejection sampling into a SQL store.

    The store is the database that GRISTMILL_DATABASE_URL names, else gristmill.db in the working directory.
    """


for command in (
    run,
    work_command,
    top_up_command,
    serve,
    deploy,
    status,
    runs,
    show,
    report,
    browse,
    export,
    exports,
    diff,
    withdraw_command,
    budget,
    reverify,
    db,
    doctor,
    vllm,
    epsilon_command,
):
    gristmill.add_command(command)
