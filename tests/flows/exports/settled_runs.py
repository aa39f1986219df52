"""Runs of which nothing but the snapshot matters, and what settling makes of an export of them."""

import pytest
from sqlalchemy import Engine

from db.runs import create_run
from db.sessions import reading, writing
from flows.exports.settings import ExportSettings
from flows.exports.settling import Settled, settle
from flows.recipe import run_config
from flows.run_config import RunConfig
from flows.snapshot import snapshot_of
from sampling.errors import ConfigError

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


def settled(engine: Engine, **sections: object) -> Settled:
    asked = ExportSettings.model_validate(sections)
    with reading(engine) as session:
        return settle(session, asked)


def refused(engine: Engine, **sections: object) -> str:
    with pytest.raises(ConfigError) as refusal:
        settled(engine, **sections)
    return str(refusal.value)
