"""Simulation of workers over one store in memory: schedulers, leases, draws in flight."""

import random
from collections import Counter
from dataclasses import dataclass, field

from gristmill.sampling.policy import Policy
from gristmill.sampling.records import Draw, Outcome, Progress, Stop, StopReason, Tally
from gristmill.sampling.scheduler import Scheduler
from gristmill.sampling.shared_scheduler import SharedScheduler


@dataclass
class MemoryStore:
    """What all workers share: attempts by number, lost draws, stops, and who has leased what."""

    policy: Policy
    ids: list[str]
    attempts: dict[str, dict[int, Outcome]] = field(default_factory=dict)
    lost: dict[str, set[int]] = field(default_factory=dict)
    stops: dict[str, Stop] = field(default_factory=dict)
    leases: dict[str, int] = field(default_factory=dict)

    def progress(self, ids: list[str]) -> dict[str, Progress]:
        return {id_: self._progress(self.attempts.get(id_, {}), self.lost.get(id_, set())) for id_ in ids}

    def _progress(self, stored: dict[int, Outcome], lost: set[int]) -> Progress:
        counts, known = Counter(stored.values()), stored.keys() | lost
        after = max(known, default=-1) + 1
        tally = Tally(
            counts[Outcome.ACCEPTED], counts[Outcome.REJECTED], counts[Outcome.UNDECIDED], len(stored)
        )
        return Progress(tally, tuple(n for n in range(after) if n not in known), after, lost=len(lost))

    def record(self, draw: Draw, outcome: Outcome) -> None:
        stored = self.attempts.setdefault(draw.problem_id, {})
        assert draw.number not in stored, "a number was drawn twice"
        stored[draw.number] = outcome
        self._check(draw.problem_id)

    def lose(self, draw: Draw) -> None:
        lost = self.lost.setdefault(draw.problem_id, set())
        assert draw.number not in lost, "a lost draw was made again"
        lost.add(draw.number)
        self._check(draw.problem_id)

    def _check(self, id_: str) -> None:
        stored, lost = self.attempts.get(id_, {}), self.lost.get(id_, set())
        assert not stored.keys() & lost
        assert len(stored) + len(lost) <= self.policy.ceiling

    def tell(self, stops: list[Stop]) -> None:
        self.stops |= {stop.problem_id: stop for stop in stops}

    @property
    def open(self) -> list[str]:
        return [id_ for id_ in self.ids if id_ not in self.stops or self.stops[id_].reason is None]

    def reconcile(self) -> None:
        """As whoever ends last does; what failed stays so."""
        plan = Scheduler(self.ids, self.policy, 1, self.progress(self.ids))
        plan.close(finished=False)
        failed = {id_ for id_, stop in self.stops.items() if stop.reason is StopReason.FAILED}
        self.tell([stop for stop in plan.drain_stops() if stop.problem_id not in failed])


class OneWorker:
    """A scheduler, what it has out, and its name."""

    def __init__(self, store: MemoryStore, name: int) -> None:
        self.store, self.name = store, name
        known = store.progress(store.ids)
        self.scheduler = SharedScheduler(store.ids, store.policy, 1, known, together=2)
        self.out: list[Draw] = []

    def draw(self) -> None:
        draw = self.scheduler.next_draw()
        if draw is not None:
            assert self.store.leases.get(draw.problem_id) == self.name, "it drew for what it does not hold"
            self.out.append(draw)

    def land(
        self, chance: random.Random, rates: dict[str, float], fail_rate: float, lost_rate: float = 0.0
    ) -> None:
        if not self.out:
            return
        draw = self.out.pop(chance.randrange(len(self.out)))
        if chance.random() < fail_rate:
            self.scheduler.fail(draw, refused=False)
            return
        if chance.random() < lost_rate:
            self.scheduler.fail(draw, lost=True)
            self.store.lose(draw)
            return
        outcome = Outcome.ACCEPTED if chance.random() < rates[draw.problem_id] else Outcome.REJECTED
        self.scheduler.complete(draw, outcome, 1)
        self.store.record(draw, outcome)

    def exchange(self, chance: random.Random, *, most_given: int, most_taken: int) -> None:
        """Gives what has stopped and some of the rest, once it has landed; takes some of what is free."""
        self.scheduler.let_go([*self.scheduler.stopped(), *self.scheduler.spare(most_given)])
        self.store.tell(self.scheduler.drain_stops())
        for id_ in self.scheduler.landed():
            assert self.store.leases.pop(id_) == self.name
        free = [id_ for id_ in self.store.open if id_ not in self.store.leases]
        taken = chance.sample(free, min(len(free), most_taken))
        self.store.leases |= dict.fromkeys(taken, self.name)
        self.scheduler.take(self.store.progress(taken))

    def refresh(self) -> None:
        self.scheduler.refresh(self.store.progress(self.store.ids))

    def die(self) -> "OneWorker":
        """What it has out is lost, and its leases are free; another one comes."""
        self.store.leases = {id_: name for id_, name in self.store.leases.items() if name != self.name}
        return OneWorker(self.store, self.name)
