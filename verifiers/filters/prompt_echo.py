"""Echo of the prompt: a response that says the prompt again, once or more, and nothing else.

Words alone are compared: case, punctuation and Markdown do not count, nor do labels and openings beside the
echo ("Question:", "Sure, here is your question:"). A response that holds one more word, such as an answer, a
filled gap or a corrected spelling, is no echo; one that leaves out a few of the prompt's words between its
first and its last ones still is.

Not an echo: a greeting returned, and whatever a prompt that asks for repetition gets.
"""

import re

from gristmill.text.words import IDEOGRAPHS
from gristmill.verifiers.reasons import Reason

_WORD = re.compile(rf"[{IDEOGRAPHS}]|[^\W_{IDEOGRAPHS}]+")
_LABEL_WORDS = """
    a an answer ask asked assistant certainly course following for here human input instruction instructions
    is it me my of ok okay output please problem prompt q question repeat rephrase request response said
    sentence sure system task text that the to user you your
    pregunta respuesta frage antwort antworten réponse domanda risposta resposta вопрос ответ soal pertanyaan
    jawaban usuario utilisateur benutzer السؤال الجواب सवाल उत्तर 问 题 答 案 質 問 回 질문 답변
"""
_LABELS = frozenset(_LABEL_WORDS.split())
_REPETITION_ASKED = re.compile(
    r"repeat|verbatim|word for word|\becho|\bcopy|recite|quote|reproduce|say (?:this|the following"
    r"|after me)|as is\b"
    r"|unchanged|repite|répét|wiederhol|abschreiben|repita|ripet|ulangi|повтор|كرر|दोहरा|重复|重複|复述"
    r"|繰り返|反復|반복",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[?？؟]\s*\Z")
_FEWEST_WORDS = 5
_FEWEST_WORDS_OF_QUESTION = 2
_LEAST_SHARE = 0.9
_ENDS = 3
"""Words at each end of the prompt that an echo with gaps has: an instruction stands at either end."""

_LONGEST = 20_000
"""Characters of a prompt from which its echo is not looked for."""


def prompt_echo(text: str, prompt: str) -> Reason | None:
    """Linear in both texts."""
    if not prompt or len(prompt) > _LONGEST or 2 * len(text) < len(prompt):
        return None
    asked = _words(prompt)
    fewest = _FEWEST_WORDS_OF_QUESTION if _QUESTION.search(prompt[-50:]) else _FEWEST_WORDS
    if len(asked) < fewest or _REPETITION_ASKED.search(prompt):
        return None
    said = _words(text)
    return Reason.PROMPT_ECHO if _is_repeated(asked, said) or _is_thinned(asked, said) else None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _is_repeated(asked: list[str], said: list[str]) -> bool:
    """Whether the prompt stands among the words, and beside it nothing but labels."""
    echo, whole = ("".join(f" {word} " for word in words) for words in (asked, said))
    return echo in whole and _LABELS.issuperset(whole.replace(echo, "").split())


def _is_thinned(asked: list[str], said: list[str]) -> bool:
    """Whether the words are the prompt's, in its order, and nearly all of them."""
    if not _LEAST_SHARE * len(asked) <= len(said) < len(asked):
        return False
    if said[:_ENDS] != asked[:_ENDS] or said[-_ENDS:] != asked[-_ENDS:]:
        return False
    remaining = iter(asked)
    return all(word in remaining for word in said)
