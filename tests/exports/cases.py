"""Exports of the standard store of every kind: formats, containers, splits, choices, pairs, transforms."""

from pathlib import Path

from gristmill.db.exports.log import list_exports
from gristmill.db.sessions import Engine, reading
from gristmill.exports.containers import CONTAINERS
from gristmill.exports.export import Exported
from gristmill.exports.formats import FORMATS
from gristmill.exports.manifest import read_manifest
from gristmill.exports.replay import replay
from gristmill.exports.settings import ExportSettings
from tests.exports import stores
from tests.exports.stores import RUN_A, RUN_B

SPLITS = {"validation": 0.2, "test": 0.1}
PLAIN: dict[str, ExportSettings] = {
    **{f"{name} jsonl": stores.settings(name, splits=SPLITS) for name in FORMATS},
    **{f"raw {name}": stores.settings("raw", name, splits=SPLITS) for name in CONTAINERS},
}
CASES: dict[str, ExportSettings] = {
    **{
        f"kto {rule}": stores.settings("kto", keep={"keep": rule, "per_problem": 2})
        for rule in ("first", "shortest", "longest", "diverse", "random")
    },
    "kto highest": stores.settings("kto", keep={"keep": "highest", "keep_metric": "mtld"}),
    **{
        f"dpo {rule}": stores.settings("dpo", pairs={"pairing": rule, "pairs_per_problem": 2})
        for rule in ("random", "length-matched", "hard", "max-margin")
    },
    "reward by metric": stores.settings(
        "reward", pairs={"pairing": "max-margin", "margin_metric": "mean-word-length"}
    ),
    "markers": stores.settings(
        "sft",
        transform={
            "markers": ["level", "quality_bucket"],
            "marker_metric": "words",
            "marker_dropout_each": 0.5,
        },
    ),
    "styles": stores.settings("sft", splits=SPLITS, transform={"styles": "2:10:8:20", "shots": 2}),
    "filters": stores.settings(
        "rlvr", filter={"runs": [RUN_A, RUN_B], "max_pass_rate": 0.6, "models": ["model-a"]}
    ),
    "by recipe": stores.settings("sft", filter={"run_recipes": ["dart-uniform"]}),
    **PLAIN,  # with `raw` last: it holds all of the metrics that the exports before it have computed
}


OF_PROBLEMS = ("reference jsonl", "rlvr jsonl")
"""Those with records of problems alone, whichever responses there are."""


def unwatched(done: int, problems: int, rows: int) -> None:
    """Nobody looks."""


def replayed(engine: Engine, folder: Path) -> Exported:
    out = folder.with_name(f"{folder.name} again")
    return replay(engine, read_manifest(folder), out, replace=True, on_progress=unwatched)


def exports_recorded(engine: Engine) -> int:
    with reading(engine) as session:
        return len(list_exports(session))
