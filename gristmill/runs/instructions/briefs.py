"""Briefs: the prompts that ask a model for instructions, and the sampler that they are written by.

A brief is stored as a problem of the run that makes instructions. It is known by its content, and keeps the
position at which it was first written.
"""

from collections.abc import Callable, Sequence
from functools import partial

from gristmill.db.candidates import made_problems
from gristmill.db.runs import RunRecord
from gristmill.db.sessions import Engine, reading
from gristmill.generators.makers import MAKERS, From, Maker, MakerName
from gristmill.runs.instructions.materials import open_fragments
from gristmill.runs.settings.run import RunConfig
from gristmill.sampling.candidates import BriefProgress, Material
from gristmill.sampling.records import Problem, problem_id
from gristmill.sampling.subjects import SeedSampler, SubjectSampler, SubjectState


class WrittenBriefs:
    """A `gristmill.db.candidates.BriefBook`; `problems` are the briefs by id, more and more of them.

    Some two kilobytes a brief stay in memory for as long as the run makes instructions.
    """

    def __init__(
        self, maker: MakerName, how: Maker, signature: Callable[[str], bytes], signature_version: str
    ) -> None:
        self.problems: dict[str, Problem] = {}
        self.signature_version = signature_version
        self._maker = maker
        self._how = how
        self._sign = signature
        self._positions: dict[str, int] = {}
        self._next = 0

    def know(self, brief: Problem, position: int) -> None:
        """One of the run's earlier sessions keeps its place."""
        self.problems[brief.id], self._positions[brief.id] = brief, position
        self._next = max(self._next, position + 1)

    def write(self, subject: Material | None, examples: Sequence[Material], turn: int) -> Problem:
        """The brief about the subject; the same one again is the same brief, and keeps its place."""
        prompt = self._how.prompt(subject, examples, turn)
        reference = subject.whole if subject else ""
        asked = {"maker": self._maker.value, "turn": self._how.turn(turn)}
        origin = {name: value for name, value in asked.items() if value}
        if subject is not None:
            origin |= {"subject": subject.key, **subject.origin}
        id_ = problem_id(prompt, reference)
        if id_ not in self._positions:
            level = subject.level if subject else ""
            parents = tuple(dict.fromkeys(item.parent for item in (subject, *examples) if item is not None))
            brief = Problem(id_, prompt, reference, level, self._maker.value, parents, origin)
            self.know(brief, self._next)
        return self.problems[id_]

    def placed(self, brief_id: str) -> tuple[int, Problem]:
        return self._positions[brief_id], self.problems[brief_id]

    def signature(self, text: str) -> bytes:
        return self._sign(text)


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
    states: dict[str, SubjectState] = {}
    subject_of: dict[str, str] = {}
    for brief in known:
        key = subject_of[brief.brief.id] = brief.brief.origin.get("subject", "")
        state = states.setdefault(key, SubjectState())
        state.draws += brief.tally.attempts
        state.made += brief.made
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
