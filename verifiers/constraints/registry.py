"""Registry of the kinds of constraint by slug, and constraints read from and written to JSON (references).

To add a kind: a class in the module of its family, a line here, four cases or more in the tests, a row in
`docs/instructions.md`.
"""

import json
from collections.abc import Mapping, Sequence

from pydantic import ValidationError

from gristmill.verifiers.constraints import (
    characters,
    keywords,
    language,
    layout,
    lengths,
    sentence_lengths,
    start_end,
    whole_response,
)
from gristmill.verifiers.constraints.kind import Constraint
from gristmill.verifiers.structure.json_document import read_document

CONSTRAINTS: dict[str, type[Constraint]] = {
    "words-at-least": lengths.WordsAtLeast,
    "words-at-most": lengths.WordsAtMost,
    "words-between": lengths.WordsBetween,
    "words-exactly": lengths.WordsExactly,
    "sentences-at-least": sentence_lengths.SentencesAtLeast,
    "sentences-at-most": sentence_lengths.SentencesAtMost,
    "sentence-words-at-most": sentence_lengths.SentenceWordsAtMost,
    "sentence-words-at-least": sentence_lengths.SentenceWordsAtLeast,
    "paragraphs-exactly": lengths.ParagraphsExactly,
    "paragraphs-starred": lengths.ParagraphsStarred,
    "lines-exactly": lengths.LinesExactly,
    "keywords-included": keywords.KeywordsIncluded,
    "words-forbidden": keywords.WordsForbidden,
    "keyword-at-least": keywords.KeywordAtLeast,
    "keyword-at-most": keywords.KeywordAtMost,
    "letter-at-least": characters.LetterAtLeast,
    "letter-at-most": characters.LetterAtMost,
    "capital-words-at-least": characters.CapitalWordsAtLeast,
    "capital-words-at-most": characters.CapitalWordsAtMost,
    "all-lowercase": characters.AllLowercase,
    "all-uppercase": characters.AllUppercase,
    "no-commas": characters.NoCommas,
    "no-digits": characters.NoDigits,
    "language": language.Language,
    "title": layout.Title,
    "bullets-exactly": layout.BulletsExactly,
    "sections-exactly": layout.SectionsExactly,
    "highlights-at-least": layout.HighlightsAtLeast,
    "placeholders-at-least": layout.PlaceholdersAtLeast,
    "postscript": layout.Postscript,
    "starts-with": start_end.StartsWith,
    "ends-with": start_end.EndsWith,
    "ends-with-question": start_end.EndsWithQuestion,
    "questions-exactly": start_end.QuestionsExactly,
    "paragraph-starts-with": start_end.ParagraphStartsWith,
    "json-only": whole_response.JsonOnly,
    "quoted": whole_response.Quoted,
    "two-responses": whole_response.TwoResponses,
    "choice": whole_response.Choice,
    "repeat-prompt": whole_response.RepeatPrompt,
}

MOST_CONSTRAINTS = 8
LONGEST_REFERENCE = 200_000


def constraint(kind: str, args: Mapping[str, object]) -> Constraint:
    """Raises ValueError that names the kind, the argument and what is wrong with it. Nothing is converted:
    "5" is no number.
    """
    if kind not in CONSTRAINTS:
        raise ValueError(f"unknown kind {kind[:60]!r}; known are {', '.join(CONSTRAINTS)}")
    try:
        return CONSTRAINTS[kind].model_validate_json(json.dumps(args))
    except ValidationError as exc:
        faults = [f"{'.'.join(map(str, fault['loc'])) or 'args'}: {fault['msg']}" for fault in exc.errors()]
        raise ValueError(f"{kind}: {'; '.join(faults)[:500]}") from exc


def read_constraints(reference: str) -> tuple[Constraint, ...]:
    """1 to `MOST_CONSTRAINTS` from `[{"kind": ..., "args": {...}}]`; `args` may be left out where a kind has
    none. Raises ValueError that says which entry is wrong, counted from 1, and how.
    """
    if len(reference) > LONGEST_REFERENCE:
        raise ValueError(f"{len(reference)} characters, at most {LONGEST_REFERENCE} are read")
    entries = read_document(reference)
    if not isinstance(entries, list) or not 1 <= len(entries) <= MOST_CONSTRAINTS:
        raise ValueError(f"not a list of 1 to {MOST_CONSTRAINTS} constraints")
    return tuple(_read(number, entry) for number, entry in enumerate(entries, 1))


def _read(number: int, entry: object) -> Constraint:
    if not isinstance(entry, dict) or not {"kind"} <= entry.keys() <= {"kind", "args"}:
        raise ValueError(f'constraint {number}: not an object of "kind" and "args"')
    kind, args = entry["kind"], entry.get("args", {})
    if not isinstance(kind, str) or not isinstance(args, dict):
        raise ValueError(f'constraint {number}: "kind" is no text, or "args" is no object')
    try:
        return constraint(kind, args)
    except ValueError as exc:
        raise ValueError(f"constraint {number}: {exc}") from exc


def written(constraints: Sequence[Constraint]) -> str:
    """What `read_constraints` reads; the same constraints in the same order give the same text."""
    entries = [{"kind": each.kind, "args": each.model_dump(mode="json")} for each in constraints]
    return json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
