"""The briefs of a run as they are written: by id, each with its position, for pipeline, judge and ledger."""

from collections.abc import Callable, Sequence

from gristmill.generators.makers import Maker, MakerName
from gristmill.sampling.candidates import Material
from gristmill.sampling.records import Problem, problem_id


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
        """One of the run's earlier sessions, which keeps its place."""
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
        brief = Problem(
            problem_id(prompt, reference),
            prompt,
            reference,
            subject.level if subject else "",
            self._maker.value,
            tuple(dict.fromkeys(item.parent for item in (subject, *examples) if item is not None)),
            origin,
        )
        return self._place(brief)

    def placed(self, brief_id: str) -> tuple[int, Problem]:
        return self._positions[brief_id], self.problems[brief_id]

    def signature(self, text: str) -> bytes:
        return self._sign(text)

    def _place(self, brief: Problem) -> Problem:
        if brief.id not in self._positions:
            self._positions[brief.id] = self._next
            self.problems[brief.id] = brief
            self._next += 1
        return self.problems[brief.id]
