"""An export of a run that is going on: its quotas are those of the moment, whatever is set since."""

from pathlib import Path

from gristmill.db.attempts import record
from gristmill.db.sessions import Engine, writing
from gristmill.exports.export import Exported, export
from gristmill.exports.manifest import Manifest
from gristmill.exports.provenance import PROVENANCE, read_provenance
from gristmill.sampling.records import Stop, StopReason
from tests.exports import stores
from tests.exports.loading import checksums
from tests.exports.stores import PROBLEMS, RUN_A, add_run, an_attempt

ONE = PROBLEMS[0]


def numbers(made: Exported) -> list[int | None]:
    return [origin.number for origin in read_provenance(made.path / PROVENANCE)]


def stop(engine: Engine, quota: int | None) -> None:
    with writing(engine) as session:
        record(session, RUN_A, [], [], [Stop(ONE.id, StopReason.QUOTA_MET, quota, 9)])


def replayed(engine: Engine, manifest: Manifest, out: Path) -> Exported:
    return export(engine, manifest.settings, out, as_of=manifest.as_of)


def test_what_was_exported_before_a_quota_was_set_is_exported_again_as_it_was(
    engine: Engine, tmp_path: Path
) -> None:
    asked = stores.settings(filter={"runs": [RUN_A]})
    texts = [f"By way {number}, it is \\boxed{{4}}." for number in range(4)]
    add_run(engine, RUN_A, [ONE], [an_attempt(ONE, n, text=text) for n, text in enumerate(texts)])
    made = [export(engine, asked, tmp_path / "without")]
    for quota in (3, 1, None):
        stop(engine, quota)
        made.append(export(engine, asked, tmp_path / f"of {quota}"))
    assert [numbers(one) for one in made] == [[0, 1, 2, 3], [0, 1, 2], [0], [0, 1, 2, 3]]
    for place, one in enumerate(made):
        again = replayed(engine, one.manifest, tmp_path / f"again {place}")
        assert again.manifest == one.manifest
        assert checksums(again) == checksums(one)
    with_quotas = {one.manifest.runs[RUN_A].quotas_sha256 for one in made}
    assert len(with_quotas) == 3, "without and with none any more are the same"
