r"""Placeholders: a response that is, or leaves, a blank for somebody else to fill in.

- The whole response is one: "[Your answer here]", "<your code here>", "TODO", or code of which nothing but
  such a comment is written.
- A response leaves a blank where its text should be: "[Insert name]", a line "TODO: ...", filler text
  ("lorem ipsum"). Letters, forms and whatever else is written to be filled in may have blanks ("Dear
  [Name],") where the prompt asks for such a text, and so may a response whose prompt has them, too.

Code is not looked into, but where it is all there is: comments such as TODO are usual in it. Links,
citations, intervals and lists in brackets are no placeholders: what stands between the brackets must ask to
be filled in. The phrases are the usual ones of English and, for the whole of an answer, of twelve more
languages.
"""

import re

from gristmill.verifiers.filters.text_outside_code import without_code
from gristmill.verifiers.reasons import Reason

_BRACKETS = (
    r"(?:\[(?P<square>[^\[\]<>{}\n]{2,70})\](?![(\[:])|<(?P<angle>[^\[\]<>{}\n]{2,70})>"
    r"|\{{1,2}(?P<curly>[^\[\]<>{}\n]{2,70})\}{1,2})"
)
_BRACKETED = re.compile(_BRACKETS)
_IN_BRACKETS = re.compile(rf"\W{{0,5}}(?:{_BRACKETS}|\((?P<round>[^()\n]{{2,70}})\))\W{{0,5}}")
_CONTENT = r"(?:answer|response|output|solution|result|text|content|code|explanation|summary|essay|story)"
_FIELD = r"(?:name|date|address|city|company|e-?mail|phone|title|position|signature|topic|location|recipient)"
_TO_BE_FILLED_IN = re.compile(
    rf"(?:please )?(?:insert|enter|type|fill(?: in)?|put|add|write|provide|paste) [^\n]{{2,60}}|(?:your|the"
    rf"|an?) (?:\w{{1,20}} )?{_CONTENT}(?: (?:goes|is|to go) here| here)?|[\w' ]{{1,50}} (?:goes )?here"
    rf"|your (?:[\w']{{1,20}} )?{_FIELD}(?: \w{{1,20}})?|(?:to be|not yet) (?:filled|added|written"
    rf"|completed|determined)"
    r"|(?:inserte|ingrese|escrib[ae]|tu|su|insérez|saisissez|votre|hier|ihre?|deine?|insira|digite|sua?"
    r"|masukkan|isi|inserisci|la tua|вставьте|введите|ваш|اكتب|أدخل|यहाँ|在此|在这里|请在|您的|你的|ここに"
    r"|여기에)[^\n]{0,20}(?:respuesta|respuestas|texto|réponse|texte|antwort|text|resposta|jawaban|risposta"
    r"|testo|ответ|текст|إجابت|نص|उत्तर|答案|回答|内容|答え|解答|답|내용)[^\n]{0,30}",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?:the )?(?:{_CONTENT}|placeholder|todo|tbd)(?: text)?[.:!…]{{0,3}}", re.IGNORECASE)
_CAPITAL_FIELD = re.compile(
    r"(?:[A-Z][\w']{1,20} ){0,2}(?:Name|Date|City|Company|Address|Email|Phone Number|Topic)"
)
_NOT_DONE = re.compile(
    rf"\W{{0,5}}(?:todo|tbd|fixme|your {_CONTENT} (?:goes )?here)\b[^\n]{{0,60}}", re.IGNORECASE
)
_TODO_LINE = re.compile(r"\n[ \t]{0,3}(?:\*\*)?(?:TODO|TBD|FIXME)\b(?! ?list)[^\n]{0,60}")
_FILLER = re.compile(r"(?<![\"'“‘«(])\blorem ipsum dolor", re.IGNORECASE)
_MAY_LEAVE_A_BLANK = re.compile(r"[\[<{]{1,2}\w|TODO|TBD|FIXME|orem ipsum|OREM IPSUM")

_COMMENT = re.compile(
    r"[ \t]*(?:#|//|--|/\*|<!--|%)[ \t]?(?:todo\b|fixme\b|(?:write |add |put |insert )?(?:your|the) "
    r"(?:\w{1,20} )?(?:code|solution|implementation|answer|logic)\b[^\n]{0,30}\b(?:here|below)\b"
    r"|implement\w{0,6} [^\n]{0,30}here\b)[^\n]{0,100}",
    re.IGNORECASE,
)
_SCAFFOLD = re.compile(
    r"[ \t]*(?:(?:async )?(?:def|class|function|public|private|static|import|from|using|func|fn"
    r"|#include)\b[^\n]{0,200}|pass|\.\.\.|return(?: none| null)?;?|raise notimplementederror[^\n]{0,80}"
    r"|throw [^\n]{0,80}|[{}()\[\];]{0,6}|[`~]{3,5}\w{0,20})[ \t]*",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"template|letter|e-?mail|\bmails?\b|\bforms?\b|contract|agreement|r[ée]sum[ée]|\bcv\b|invitation"
    r"|message|speech|announcement|\bposts?\b|tweet|memo|press release|script|outline|\bcards?\b|\bbio\b"
    r"|profile|proposal|invoice|receipt|agenda|report|certificate|notice|advert|\bads?\b|fill[- ]in|blank"
    r"|mad ?libs?|flyer|toast|obituary|statement|apolog|application|worksheet|questionnaire|survey|prompt"
    r"|introduc|greeting|recommendation|thank|plantilla|carta|correo|formulario|modèle|lettre|courriel"
    r"|formulaire|vorlage|brief|formular|anschreiben|modelo|lettera|modulo|modello|surat|шаблон|письм|анкет"
    r"|договор|قالب|رسالة|نموذج|पत्र|ईमेल|模板|信|邮件|郵件|表格|合同|テンプレート|手紙|メール|템플릿|편지"
    r"|이메일|양식|address",
    re.IGNORECASE,
)
_PLACEHOLDER_ASKED = re.compile(
    r"placeholder|skeleton|boilerplate|starter|\bstub|scaffold|to-?do\b|\btbd\b|dummy|mock-?up|lorem"
    r"|typeset|filler|square brackets",
    re.IGNORECASE,
)
_PROMPT_LOOKED_AT = 4000
_LONGEST_UNWRITTEN = 2000


def placeholder(text: str, prompt: str = "") -> Reason | None:
    """Linear in the text."""
    if (
        _MAY_LEAVE_A_BLANK.search(text) is None
        and _NOT_DONE.match(text) is None
        and not _may_be_unwritten(text)
    ):
        return None
    plain, asked = text.strip(), prompt[:_PROMPT_LOOKED_AT]
    if _PLACEHOLDER_ASKED.search(asked):
        return None
    if _is_placeholder(plain) and plain not in prompt:
        return Reason.PLACEHOLDER
    if _FORM.search(asked) or all(blank in prompt for blank in _blanks(plain)):
        return None
    return Reason.PLACEHOLDER


def _may_be_unwritten(text: str) -> bool:
    return len(text) <= _LONGEST_UNWRITTEN and " here" in text


def _is_placeholder(plain: str) -> bool:
    if _NOT_DONE.fullmatch(plain):
        return True
    if bracketed := _IN_BRACKETS.fullmatch(plain):
        content = next(filter(None, bracketed.groups())).strip()
        return _NAMED.fullmatch(content) is not None or _TO_BE_FILLED_IN.fullmatch(content) is not None
    return len(plain) <= _LONGEST_UNWRITTEN and _is_unwritten(plain.splitlines())


def _is_unwritten(lines: list[str]) -> bool:
    """Whether all that is written is a comment that the code is still to be."""
    rest = [line for line in lines if not _SCAFFOLD.fullmatch(line)]
    return bool(rest) and all(_COMMENT.fullmatch(line) for line in rest)


def _blanks(plain: str) -> list[str]:
    prose = "\n" + without_code(plain)
    found = [match[0] for match in _BRACKETED.finditer(prose) if _asks(match)]
    return found + [
        match[0].strip() for pattern in (_TODO_LINE, _FILLER) for match in pattern.finditer(prose)
    ]


def _asks(blank: re.Match[str]) -> bool:
    content = next(filter(None, blank.groups())).strip()
    if _TO_BE_FILLED_IN.fullmatch(content):
        return True
    return blank["square"] is not None and _CAPITAL_FIELD.fullmatch(content) is not None
