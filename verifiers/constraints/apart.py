"""Which parts of a response get in each other's way: where both could be written, but what is meant by them
together is not certain, they are kept apart, too (two responses, and the bullets of which?).
"""

from gristmill.verifiers.constraints.demands import Part

APART: dict[Part, frozenset[Part]] = {
    Part.BEGINNING: frozenset({Part.BEGINNING}),
    Part.ENDING: frozenset({Part.ENDING}),
    Part.JSON: frozenset(
        {
            Part.TITLE,
            Part.BULLETS,
            Part.SECTIONS,
            Part.HIGHLIGHTS,
            Part.PLACEHOLDERS,
            Part.PARAGRAPHS,
            Part.STARS,
            Part.LINES,
            Part.SENTENCES,
            Part.QUESTIONS,
            Part.NO_COMMAS,
        }
    ),
    Part.TWO: frozenset(
        {Part.PARAGRAPHS, Part.STARS, Part.BEGINNING, Part.ENDING, Part.BULLETS, Part.SECTIONS}
    ),
    Part.STARS: frozenset({Part.PARAGRAPHS, Part.STARS, Part.PROMPT}),
    Part.PROMPT: frozenset({Part.SECTIONS, Part.WORD_OF_PARAGRAPH, Part.LANGUAGE}),
    Part.SECTIONS: frozenset({Part.SECTIONS}),
    Part.WORD_OF_PARAGRAPH: frozenset({Part.WORD_OF_PARAGRAPH}),
    Part.LONG_SENTENCES: frozenset(
        {
            Part.BEGINNING,
            Part.ENDING,
            Part.TITLE,
            Part.BULLETS,
            Part.SECTIONS,
            Part.QUESTIONS,
        }
    ),
    Part.LANGUAGE: frozenset({Part.LETTERS}),
    Part.ALL_CAPITALS: frozenset({Part.FEW_CAPITALS}),
}
"""What one response should not have together, each pair once; twice the same part for one that is taken."""
