"""Settings of the filters on generated instructions, validated where they come in.

Every description is the help of a command line flag and the label of a field in a form, so each is one
plain line. A filter that compares by a share from 0 to 1 turns away what is *above* it, so 1 turns the filter
off.
"""

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from gristmill.verifiers.language import LANGUAGES

ANY_LANGUAGE = "any"


class FilterSettings(BaseModel):
    """The filters on candidates. Self-Instruct's defaults: 4 to 150 words, ROUGE-L at most 0.7."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    min_words: int = Field(
        default=4, ge=1, le=1000, description="Fewest words that a generated instruction may have"
    )
    max_words: int = Field(
        default=150, ge=1, le=10_000, description="Most words that a generated instruction may have"
    )
    max_instruction_characters: int = Field(
        default=4000, ge=1, le=100_000, description="Most characters that a generated instruction may have"
    )
    instruction_language: str = Field(
        default="en",
        pattern=r"^([a-z]{2}|any)$",
        description="Language of the instructions, by its ISO 639-1 code; any: whichever",
    )
    blocklist: str | None = Field(
        default=None,
        min_length=1,
        max_length=4096,
        description="File of words and phrases that no instruction may hold: one a line, comments after #",
    )
    benchmark: tuple[str, ...] = Field(
        default=(),
        max_length=100,
        description="Benchmark file that no instruction may share text with: .jsonl, or .txt with an item a "
        "line; several",
    )
    benchmark_field: str = Field(
        default="question,problem,prompt,instruction,Body",
        min_length=1,
        max_length=500,
        description="Field of a benchmark's .jsonl that holds the text; with commas: names tried in turn",
    )
    contamination_ngram: int = Field(
        default=10,
        ge=3,
        le=100,
        description="Words in a row that an instruction may not share with a benchmark",
    )
    contamination_cosine: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="Cosine of embeddings above which an instruction is taken for a benchmark's; off unless "
        "given",
    )
    near_duplicate_jaccard: float = Field(
        default=0.8,
        gt=0,
        le=1,
        description="Share of letter sequences in common above which one is a near-duplicate of another; 1: "
        "off",
    )
    rouge_limit: float = Field(
        default=0.7,
        gt=0,
        le=1,
        description="ROUGE-L to any accepted instruction above which one is a near-duplicate; 1: off",
    )

    def benchmark_fields(self) -> tuple[str, ...]:
        """Names in the order in which they are tried."""
        return tuple(name.strip() for name in self.benchmark_field.split(",") if name.strip())

    @field_validator("instruction_language")
    @classmethod
    def _can_be_told(cls, code: str) -> str:
        if code != ANY_LANGUAGE and code not in LANGUAGES:
            raise ValueError(
                f"'{code}' cannot be told; known: {ANY_LANGUAGE}, {', '.join(sorted(LANGUAGES))}"
            )
        return code

    @model_validator(mode="after")
    def _leaves_something_to_accept(self) -> "FilterSettings":
        if self.min_words > self.max_words:
            raise ValueError(f"min_words: {self.min_words} is more than max_words, which is {self.max_words}")
        if not self.benchmark_fields():
            raise ValueError("benchmark_field: no name is given")
        if self.contamination_cosine is not None and not self.benchmark:
            raise ValueError("contamination_cosine: of use together with benchmark alone")
        return self
