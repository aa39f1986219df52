"""Check of a text against a grammar in Lark's syntax, from its rule `start`.

The idea: the grammar speaks of characters, as it does where a server holds a model to it, so that the parser
is Earley's, which takes every context-free grammar, and tries every way to cut the text into terminals.
White space counts unless the grammar says `%ignore`. A grammar stands by itself: of Lark's `%import`, only
`common` can be used. Parsing may take time in the cube of the length: verify in a `VerifierPool`.

Lark's syntax and no other, since vLLM takes it, too, and tells it from EBNF by the absence of `::=`.

Source: the package `lark`.
"""

import re
from functools import lru_cache

from lark import Lark
from lark.exceptions import LarkError, UnexpectedCharacters, UnexpectedInput
from lark.lexer import TerminalDef

from gristmill.verifiers.reasons import Reason
from gristmill.verifiers.verdict_text import shortened

_SHOWN = 40
_OTHER_IMPORT = re.compile(r"^[ \t]*%import[ \t]+(?!common\b|[ \t])(\S*)", re.MULTILINE)
_DECLARE = re.compile(r"^[ \t]*%declare\b", re.MULTILINE)


def check_grammar(text: str) -> None:
    """Raises ValueError that says what is wrong with the grammar."""
    _parser(text)


def grammar_mismatch(grammar: str, text: str) -> tuple[Reason, str] | None:
    """The reason and the place from where on the text cannot be of the grammar; None where all of it is."""
    try:
        _parser(grammar).parse(text)
    except UnexpectedCharacters as exc:
        start = exc.pos_in_stream or 0
        there = text[start : start + _SHOWN]
        return Reason.GRAMMAR_MISMATCH, f"line {exc.line}, column {exc.column}: {there!r} does not fit"
    except UnexpectedInput:
        return Reason.GRAMMAR_MISMATCH, "the text ends where the grammar asks for more"
    return None


def _check_terminal(terminal: TerminalDef) -> None:
    """Raises `re.error`: what Lark itself would raise depends on what else is installed."""
    re.compile(terminal.pattern.to_regexp())


@lru_cache(maxsize=8)
def _parser(text: str) -> Lark:
    if "::=" in text:
        raise ValueError("expected Lark's syntax (`start: ...`); `::=` is that of another")
    if other := _OTHER_IMPORT.search(text):
        raise ValueError(f"%import {shortened(other[1])}: only %import common can be used")
    if _DECLARE.search(text):
        raise ValueError("%declare names terminals that no text can have: define them")
    try:
        return Lark(
            text,
            start="start",
            parser="earley",
            lexer="dynamic_complete",
            ambiguity="forest",  # no tree is built of it: that it parses is all that matters
            edit_terminals=_check_terminal,
        )
    except (LarkError, re.error, ValueError, RecursionError) as exc:
        said = " ".join(str(exc).split())
        raise ValueError(f"not a grammar in Lark's syntax: {shortened(said)}") from exc
