"""The commands of `gristmill`, gathered: each is thin, over the phases in `mill` and the queries of the
store.

Prefect and the model libraries are imported by the commands that need them, not here.
"""

from importlib.metadata import version

import click

from flows.browse_command import browse
from flows.budget_command import budget
from flows.deploy_command import deploy
from flows.diff_command import diff
from flows.doctor_command import doctor
from flows.epsilon_command import epsilon_command
from flows.export_command import export
from flows.exports_command import exports
from flows.inspect_commands import runs, show, status
from flows.report_command import report
from flows.reverify_command import reverify
from flows.run_command import run
from flows.serve_command import serve
from flows.store_commands import db
from flows.top_up_command import top_up_command
from flows.vllm_command import vllm
from flows.withdraw_command import withdraw_command
from flows.work_command import work_command


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
