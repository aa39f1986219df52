"""Runs with nothing but a snapshot, and the resolved settings of an export of them."""

import pytest
from sqlalchemy import Engine

from gristmill.db.runs import create_run
from gristmill.db.sessions import reading, writing
from gristmill.exports.resolve import ResolvedSettings, resolve
from gristmill.exports.settings import ExportSettings
from gristmill.runs.settings.recipe import run_config
from gristmill.runs.settings.run import RunConfig
from gristmill.runs.settings.snapshot import snapshot_of
from gristmill.sampling.errors import ConfigError

HIGHEST = {"select_by": "mtld"}


def start(engine: Engine, run_id: str, config: RunConfig, recipe: str = "dart-uniform") -> None:
    with writing(engine) as session:
        create_run(
            session,
            run_id=run_id,
            recipe=recipe,
            config=snapshot_of(config),
            seed=7,
            code_version="0.1.0",
        )


def of_data_set(**selection: str) -> RunConfig:
    return run_config("dart-uniform", {"dataset": {"dataset": "demo"}, "selection": selection})


def resolved(engine: Engine, **sections: object) -> ResolvedSettings:
    asked = ExportSettings.model_validate(sections)
    with reading(engine) as session:
        return resolve(session, asked)


def refused(engine: Engine, **sections: object) -> str:
    with pytest.raises(ConfigError) as refusal:
        resolved(engine, **sections)
    return str(refusal.value)
