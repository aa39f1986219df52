"""The sampler that writes a run's briefs: opened for its maker, as far as earlier sessions came."""

from collections.abc import Sequence
from functools import partial

from gristmill.db.candidates import made_problems
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.generators.makers import MAKERS, From, MakerName
from gristmill.runs.instructions.briefs import WrittenBriefs
from gristmill.runs.instructions.materials import open_fragments
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.candidates import BriefProgress, Material
from gristmill.sampling.subjects import SeedSampler, SubjectSampler, SubjectState


def open_sampler(
    engine: Engine,
    record: RunRecord,
    config: RunConfig,
    seeds: Sequence[Material],
    known: Sequence[BriefProgress],
    book: WrittenBriefs,
) -> SeedSampler | SubjectSampler:
    """May take long, and not on the loop: of documents it looks for the first that a brief is due for."""
    settings = config.instructions
    maker = MAKERS[MakerName(settings.maker or "")]
    if not maker.about_subjects:
        with reading(engine) as session:
            accepted = [
                Material(problem.id, problem.id, problem.prompt, level=problem.level)
                for problem in made_problems(session, record.id)
            ]
        written = max((brief.position + 1 for brief in known), default=0)
        numbers = {"examples": settings.examples, "own": settings.own_examples}
        return SeedSampler(book.write, seeds, accepted, record.seed, written=written, **numbers)
    states, subject_of = _subjects(known)
    from_seeds = maker.source is From.SEEDS
    sampler = SubjectSampler(
        book.write,
        (lambda: iter(seeds)) if from_seeds else partial(open_fragments, settings, record.seed),
        record.seed,
        states=states,
        subject_of=subject_of,
        most_draws=settings.subject_draws,
        once=maker.once,
        others=seeds if from_seeds else (),
        examples=maker.examples,
    )
    sampler.find_first()
    return sampler


def _subjects(known: Sequence[BriefProgress]) -> tuple[dict[str, SubjectState], dict[str, str]]:
    states: dict[str, SubjectState] = {}
    subject_of: dict[str, str] = {}
    for brief in known:
        key = subject_of[brief.brief.id] = brief.brief.origin.get("subject", "")
        state = states.setdefault(key, SubjectState())
        state.draws += brief.tally.attempts
        state.made += brief.made
    return states, subject_of
