"""The records that pass between the layers: frozen, slotted, and made of plain values.

A problem gets draws; a draw brings a response or a failure; a response is judged and gets a verdict. Draw,
response and verdict together are an attempt, the row that is kept. `Tally` counts a problem's attempts in a
run.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SEED_BITS = 31
"""Seeds fit the narrowest server: llama.cpp takes uint32, vLLM int64."""

_SEED_STEP = 0x5851F42D  # odd, hence invertible modulo 2**31: numbers of one problem never share a seed


UNREADABLE = "unreadable"
"""Kind of the failure with which a draw is given up, since no reply to it can be read."""


class Outcome(StrEnum):
    """What a verifier found. `UNDECIDED` says that it could not tell, never that the response is wrong."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNDECIDED = "undecided"

    __hash__ = str.__hash__  # that of Enum is written in Python, and these are keys of counts


class FinishReason(StrEnum):
    """Why generation ended. `OTHER` covers content filters and whatever a server invents."""

    STOP = "stop"
    LENGTH = "length"
    OTHER = "other"


class StopReason(StrEnum):
    """Why a problem gets no more draws in a run."""

    QUOTA_MET = "quota_met"
    CEILING_REACHED = "ceiling_reached"
    GIVEN_UP = "given_up"
    BUDGET_SPENT = "budget_spent"
    FAILED = "failed"


class StructureKind(StrEnum):
    """In what language a structure is written down."""

    JSON_SCHEMA = "json-schema"
    REGEX = "regex"
    GRAMMAR = "grammar"


class RunState(StrEnum):
    """Where a run stands. All but `FINISHED` go on when the run is started again under its id."""

    RUNNING = "running"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Problem:
    """A prompt and what is needed to verify a response to it.

    `id` is `problem_id(prompt, reference)`. `level` is the stratum as the source names it, "" where there
    is none. `origin` says where it was read: strings such as file and line, for people and not for code.
    """

    id: str
    prompt: str
    reference: str
    level: str = ""
    source: str = ""
    parents: tuple[str, ...] = ()
    origin: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a chat; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


Prompt = tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """The form that a response must have: the text of a JSON Schema, a regular expression or a grammar."""

    kind: StructureKind
    text: str


@dataclass(frozen=True, slots=True)
class Draw:
    """The order for one response to one problem; `seed` is `draw_seed(run seed, problem id, number)`."""

    problem_id: str
    number: int
    seed: int


@dataclass(frozen=True, slots=True)
class Response:
    """What came back for a draw. `seconds` is the wall time of the request that brought it, without retries.

    `cumulative_logprob` is the sum of the tokens' natural-log probabilities, None unless it was asked for.
    """

    text: str
    finish_reason: FinishReason
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    model: str
    cumulative_logprob: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a verifier says of a response.

    `reason` is a slug of the documented set (`verifiers/reasons.py`). `answer` is what was taken for the
    answer and `span` where it stands in the text (start and end offset in characters), None where there is
    none. `seconds` is the time of the verification itself, without queueing. `candidates` are the
    instructions that the response proposes, in order, where it was asked for such.
    """

    outcome: Outcome
    reason: str
    verifier: str
    version: str
    detail: str = ""
    answer: str | None = None
    span: tuple[int, int] | None = None
    seconds: float = 0.0
    candidates: tuple["Candidate", ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """An instruction that a response proposes, as the problem that it would be, with a verdict of its own.

    `text` is what is proposed; the problem's prompt may hold more, such as the passage that it is about.
    """

    text: str
    problem: Problem
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Attempt:
    """Draw, response and verdict: a row."""

    draw: Draw
    response: Response
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Failure:
    """A request of a draw for which no response came. Not an attempt: the same draw is asked for again, but
    after one of kind `UNREADABLE`: that draw is lost.
    """

    draw: Draw
    kind: str
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one problem's attempts in a run; `tokens` are completion tokens."""

    accepted: int = 0
    rejected: int = 0
    undecided: int = 0
    tokens: int = 0

    @property
    def attempts(self) -> int:
        return self.accepted + self.rejected + self.undecided

    @property
    def decided(self) -> int:
        return self.accepted + self.rejected


@dataclass(frozen=True, slots=True)
class Progress:
    """What the store knows of a problem when a run starts or goes on.

    `lost` counts the draws that were given up as unreadable. `gaps` are the numbers below the highest known
    one that have no attempt and are not lost (they were in flight at a crash); `next_number` is one past the
    highest. `fail_rate` is known when an earlier run gave it.
    """

    tally: Tally = field(default_factory=Tally)
    gaps: tuple[int, ...] = ()
    next_number: int = 0
    fail_rate: float | None = None
    lost: int = 0


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a problem gets no more draws, with its quota and ceiling then (quota None: it has none).

    `reason` None says that it may be drawn for: it was opened again, or the session ended before it came to
    a stop.
    """

    problem_id: str
    reason: StopReason | None
    quota: int | None
    ceiling: int


def problem_id(prompt: str, reference: str) -> str:
    """32 hexadecimal digits of SHA-256 over prompt and reference; whitespace at their ends does not count."""
    content = f"{prompt.strip()}\x1f{reference.strip()}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def draw_seed(run_seed: int, problem: str, number: int) -> int:
    """A seed in [0, 2**31): the same for the same draw, different for every number of one problem."""
    digest = hashlib.sha256(f"{run_seed}\x1f{problem}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") + number * _SEED_STEP) % (1 << SEED_BITS)
