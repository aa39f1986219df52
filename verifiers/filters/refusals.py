"""Refusals: responses that open by declining the task, in thirteen languages, and do not go on to solve it.

What decides is the structure of the response, in this order:

1. Its opening. At most `MOST_LEADS` phrases that lead in (an apology, thanks, "as an AI", "I understand
   that") may stand before the phrase that declines. What comes after an assertion, or in quotation marks
   that a story goes on after, is nobody's refusal.
2. What is declined: the whole task ("help with that"), or a part of it or a means to it ("browse the web").
   A verb that also tells of working ("I can't solve ...") must decline the whole; one that fits any sentence
   ("I can't write 1/3 ...") needs an apology, or to be all that is said.
3. What follows. A declining that only holds back ("without first listing the givens: ..."), and a turn to an
   answer ("but as of 2023 it was ...") that is no offer of something else, make it a response.

A refusal that the prompt asks for, in quotation marks or as a letter, or that translates one in the prompt,
is an answer. Only the first characters of a response are looked at, one phrase after the other.
"""

import re

from gristmill.verifiers.filters.refusal_languages import LANGUAGES
from gristmill.verifiers.filters.refusal_phrases import ENGLISH, Phrases, folded
from gristmill.verifiers.reasons import Reason

MOST_LEADS = 6
_GLANCE = 240
_OPENING = 900
_LONGEST_BARE = 1000
"""Characters of a text that may be a refusal though it neither says sorry nor speaks as a machine."""

_LONGEST_PART = 400
"""The same, where what is declined may be a part of the task, or no task at all."""

_LEAST_WORKING = 4
_LEAST_ANSWER = 15
_LEAST_ANSWER_INSTEAD = 200
"""Characters after the turn to an answer: where a part was declined, and where the whole task was."""

_EACH = (ENGLISH, *LANGUAGES)


def _any_of(fragments: list[str]) -> str:
    return "|".join(f"(?:{fragment})" for fragment in fragments)


def _bounded(language: Phrases, fragment: str) -> str:
    return rf"(?:{fragment})\b" if language.spaced else fragment


def _start(fragments: list[str]) -> re.Pattern[str]:
    return re.compile(rf"[\s\"'“”«»„:,–—-]{{0,6}}(?:{_any_of(fragments)})")


_LEAD = re.compile(
    rf"(?:(?P<sorry>{_any_of([_bounded(each, each.sorry) for each in _EACH])})"
    rf"|(?P<machine>{_any_of([_bounded(each, each.machine) for each in _EACH])})"
    rf"|{_any_of([_bounded(each, each.leads) for each in _EACH])})[\s,.;:!?–—…、，。！।،-]{{0,12}}"
)
_DECLINE = re.compile(rf"{ENGLISH.declines}|(?P<other>{_any_of([each.declines for each in LANGUAGES])})")
_WHOLE = re.compile(ENGLISH.whole)
_OTHER_WHOLE = re.compile(_any_of([each.whole for each in LANGUAGES]))
_LIMITS = re.compile(rf"\b(?:{_any_of([each.limits for each in _EACH])})")
_TURNS = re.compile(
    rf"(?:[,;–—，、،]\s{{0,3}}|\s-\s"
    rf"|\A\s{{0,3}})(?:{_any_of([_bounded(each, each.turns) for each in _EACH])})"
)
_OFFERS = _start([each.offers for each in _EACH])
_SENTENCE_END = re.compile(r"(?:[.!?](?=\s|$)|[。！？।؟\n])\s{0,20}")
_COURTESY = re.compile(
    r"\W{0,5}(?:is there|can i|how (?:else )?(?:can|may)|would you|do you|thank|please|let me know"
    r"|feel free|if )"
)
_SPEECH = "\"'“”‘’«„「『"
_CLOSED_SPEECH = "\"'“”‘’»」』"
_ANSWERS = re.compile(
    r"\\boxed|```|\n\s{0,3}(?:\d{1,2}[.)]|[-*•])\s[^\n]{1,400}\n\s{0,3}(?:\d{1,2}[.)]|[-*•])\s"
)
_LETTER = re.compile(
    r"\A\W{0,5}(?:subject|betreff|asunto|objet|assunto|oggetto|subjek|тема|主题|件名|제목|dear|sehr geehrte"
    r"|lieber?|estimad|cher|chère|prezad|querid|gentile|уважаем|дорог|尊敬|亲爱)|\n\W{0,5}(?:(?:best|kind"
    r"|warm|many)? ?(?:regards|wishes|thanks)|best|sincerely|yours|cheers|love|warmly|atentamente|saludos"
    r"|cordialement|bien à|mit freundlichen|viele grüße|atenciosamente|cordiali|salam|hormat|с уважением"
    r"|此致|敬具|敬具|감사합니다)\b[^\n]{0,40}(?:\n[^\n]{0,60}){0,3}\Z"
)
_ASKED = re.compile(
    r"refus|declin|saying no|says? no\b|turn(?:s|ing)? (?:\w{1,20} ){0,3}down|reject|apolog|rechaz|negar"
    r"|negativa|absage|ablehn|отказ|отклон|拒绝|拒絕|婉拒|断[りる]|거절|رفض|اعتذار|menolak|penolakan|rifiut"
    r"|recus|मना|अस्वीकार"
)
_ASKED_WORDS = re.compile(
    _ASKED.pattern + r"|\bsay|\bsaid|quot|\blines?\b|dialog|sentence|respon[ds]|repl(?:y|ies)|message|phrase"
)
_QUOTED_PARTS = re.compile(r"(?:[\"“”«»„「」『』:：\n]|(?<!\w)'|'(?!\w))\s?")
_PROMPT_LOOKED_AT = 4000


def refusal(text: str, prompt: str = "") -> Reason | None:
    """Ask verifiers of answers only where the response gives no explicit one."""
    plain = text.strip()
    quoted = plain[:1] in _SPEECH
    if not plain or (quoted and plain[-1] not in _CLOSED_SPEECH):
        return None
    if not _may_decline(plain):
        return None
    opening = _opening(plain[:_OPENING])
    declined = _declined(opening)
    if declined is None or not _stands(*declined, opening, len(plain)):
        return None
    return None if _was_asked_for(plain, folded(prompt[:_PROMPT_LOOKED_AT]), quoted) else Reason.REFUSAL


def _opening(text: str) -> str:
    return folded(text).lstrip(" \t\n.,;:!¡¿-–—|()[]\"'“”‘’«»„「『…")


def _may_decline(plain: str) -> bool:
    """A glance, which is all that most responses take: whether the first words are those of a refusal."""
    glance = _opening(plain[:_GLANCE])
    return _LEAD.match(glance) is not None or _DECLINE.match(glance) is not None


def _declined(opening: str) -> tuple[re.Match[str], bool] | None:
    """The phrase that declines, and whether an apology or a machine's word for itself leads in to it."""
    position, led_in = 0, False
    for _ in range(MOST_LEADS):
        if found := _DECLINE.match(opening, position):
            return found, led_in
        lead = _LEAD.match(opening, position)
        if lead is None or lead.end() == position:
            return None
        position, led_in = lead.end(), led_in or lead.lastgroup in ("sorry", "machine")
    return None


def _stands(found: re.Match[str], led_in: bool, opening: str, length: int) -> bool:
    """Whether what is declined is the task, and no answer follows."""
    clause, after = _first_sentence(opening[found.end() :])
    whole = found.lastgroup == "firm" or _is_whole(found, clause)
    if _goes_on(clause, after, whole, length - found.end()):
        return False
    if led_in:
        return True
    if found.lastgroup == "lacks" or (found.lastgroup == "task" and not whole):
        return False
    if whole or found.lastgroup in ("help", "assist"):
        return length <= _LONGEST_BARE
    return length <= _LONGEST_PART and not re.search(r"[\d=:]", clause) and not _ANSWERS.search(opening)


def _is_whole(found: re.Match[str], clause: str) -> bool:
    if found.lastgroup == "other":
        return _OTHER_WHOLE.search(found[0] + clause) is not None
    return _WHOLE.search(clause) is not None


def _goes_on(clause: str, after: str, whole: bool, rest: int) -> bool:
    """Whether the response turns to an answer, after a limit of what is declined or a word such as but."""
    if limit := _LIMITS.search(clause[:160]):
        _, *given = re.split("[:;]", clause[limit.end() :], maxsplit=1)
        follows = given[0] if given else after
        if len(follows.strip()) >= _LEAST_WORKING and not _OFFERS.match(follows):
            return True
    turned = _turned(clause, after, whole)
    if turned is None:
        return not whole and _ANSWERS.search(after) is not None and not _OFFERS.match(after)
    offered = _OFFERS.match(turned) is not None
    written = max(len(turned.strip()), rest - len(clause))
    if whole:
        return not offered and written >= _LEAST_ANSWER_INSTEAD
    return written >= (_LEAST_ANSWER_INSTEAD if offered else _LEAST_ANSWER)


def _turned(clause: str, after: str, whole: bool) -> str | None:
    """What stands after a word that turns to an answer: in the clause, or at the start of one of the next two
    sentences. After the whole task was declined "here is" brings what is offered instead of it.
    """
    if turn := _TURNS.search(clause):
        turned = clause[turn.end() :].lstrip()
        return None if _DECLINE.match(turned) else f"{turned} {after}"
    for _ in range(2):
        if (turn := _TURNS.match(after)) and not (whole and "here" in turn[0]):
            return after[turn.end() :]
        _, after = _first_sentence(after)
    return None


def _first_sentence(text: str) -> tuple[str, str]:
    end = _SENTENCE_END.search(text)
    return (text, "") if end is None else (text[: end.start()], text[end.end() :])


def _was_asked_for(plain: str, prompt: str, quoted: bool) -> bool:
    """Whether the prompt asks for the words of a refusal, or holds one to be translated or quoted."""
    if not prompt:
        return False
    if _ASKED.search(prompt) and _LETTER.search(folded(plain[:200] + plain[-200:])):
        return True
    if quoted and _ASKED_WORDS.search(prompt):
        return True
    return any(_declined(part) for part in _QUOTED_PARTS.split(prompt)[1:])
