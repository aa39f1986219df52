"""How responses are verified: what a recipe may set, read once and checked where it comes in.

Every description is the help of a command line flag and the label of a field in a form, so each is one plain
line.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Extraction(StrEnum):
    """How far the search for the answer goes; each setting takes in the one before it."""

    BOXED_ONLY = "boxed-only"
    PHRASES = "phrases"
    LENIENT = "lenient"


class VerifierSettings(BaseModel):
    """Which verifier decides, what counts as an answer, and what one verification may cost."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    verifier: Literal["math"] = Field(default="math", description="The verifier that decides")
    extraction: Extraction = Field(
        default=Extraction.PHRASES,
        description="Where an answer may stand: boxed-only, phrases (also #### and 'the answer is'), "
        "lenient (also the last formula or number)",
    )
    verify_timeout_seconds: float = Field(
        default=5.0, gt=0, le=600, description="Seconds of work after which a verification is undecided"
    )
    verify_workers: int = Field(
        default=0, ge=0, le=512, description="Verification processes; 0 is one per core, never under 2"
    )
    verify_memory_mb: int = Field(
        default=1024, ge=128, description="Megabytes a verification process may add to what it starts with"
    )
