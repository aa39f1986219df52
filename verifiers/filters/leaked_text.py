r"""Text of a chat template that leaked into a response: control tokens, and turns that the model made up.

A response with either is bad to learn from, whatever it answers: generation should have ended there, or the
server gave special tokens as text. So every verifier of text asks, and a right answer before it is no
excuse.

- `leaked-token`: a control token of a known chat template stands in the text. In code (a closed fence, or
  between backticks), in quotation marks, or where the prompt has it too or is about such tokens, it is
  mentioned, not leaked. Tokens that are also HTML or words of the trade (`<s>`, `<pad>`) leak only where
  they open or end a response, or close what was never opened.
- `leaked-turn`: a line begins with the label of the user's turn ("User:", "### Instruction:") after text of
  the response, or the response begins with a label of either side. A dialogue that the prompt asks for or
  the response announces, labels that the prompt has too, and lists with other labels beside it, are none.

The tokens are those of the tokenizer configurations of Llama 2 to 4, Mistral, Gemma, Qwen and others with
ChatML, Phi, gpt-oss, DeepSeek, Command R, GLM, InternLM and GPT-2; the labels are those of the templates of
Alpaca and Vicuna, and what chats are printed with in thirteen languages. All of it takes time linear in the
text.
"""

import re

from gristmill.verifiers.filters.text_outside_code import without_code
from gristmill.verifiers.reasons import Reason

_TOKEN = re.compile(
    r"<\|[A-Za-z][A-Za-z0-9_]{2,40}\|>|<｜[^｜>\n]{2,40}｜>|\[/?INST\]|<</?SYS>>|</?(?:start|end)_of_turn>"
    r"|\[(?:/?AVAILABLE_TOOLS|/?TOOL_RESULTS|TOOL_CALLS|/?SYSTEM_PROMPT|gMASK|UNUSED_TOKEN_\d{1,4})\]"
    r"|<eo[hat]>|<TOKENS_UNUSED_\d{1,3}>|<unused\d{1,4}>"
)
_AT_EDGE = r"(?:<(?:eos|bos|pad|unk|sop)>|\[(?:PAD|SEP|EOS|BOS|CLS)\])"
_AT_START = re.compile(rf"\s{{0,100}}(?:{_AT_EDGE}|<s>(?!.{{0,2000}}?</s>\s{{0,100}}\S))", re.DOTALL)
_AT_END = re.compile(rf"(?:{_AT_EDGE}|<s>)\Z")
_STRIKE = re.compile(r"<(/?)s(?:\s[^<>\n]{0,200})?>")
_MAY_BE_TOKEN = re.compile(
    r"[<\[](?:[|｜]|/?s[> ]|/?INST|</?SYS|/?(?:start|end)_of|eo[hats]|bos>|pad>|unk>|sop>|TOKENS_|unused"
    r"|/?AVAIL|/?TOOL_|/?SYSTEM_P|gMASK|UNUSED_|PAD|SEP|EOS|BOS|CLS)"
)
_QUOTES = frozenset(('""', "''", "“”", "‘’", "«»", "「」", "『』", "„“"))
_ABOUT_TOKENS = re.compile(
    r"\b(?:special|control|chat|stop|eos|bos|padding|separator)[- ](?:tokens?|templates?|symbols?)"
    r"|tokeni[sz]|chatml|(?:prompt|chat) (?:format|template)|strike-?through|\bhtml\b",
    re.IGNORECASE,
)
_PROMPT_LOOKED_AT = 4000

_USER = (
    "User|Human|Usuario|Usuário|Utilisateur|Benutzer|Nutzer|Pengguna|Utente|Пользователь|用户|用戶"
    "|ユーザー|사용자"
    "|المستخدم|उपयोगकर्ता|Humano|Humain|Mensch|Человек|人类|人間"
)
_OWN = "Assistant|Asistente|Assistente|Assistent|Asisten|Ассистент|助手|アシスタント|어시스턴트|المساعد|सहायक"
_TURN = re.compile(
    rf"\n[ \t]{{0,3}}(?:(?P<heading>\#{{2,4}}[ ]?(?:Instruction|Human|User))|(?:\#{{1,4}}[ ]?)?(?:\*\*|__)?"
    rf"(?:(?P<user>{_USER})|(?P<own>{_OWN}|\#\#\#[ ]?Response)))(?:\*\*|__)?[ ]?[:：]",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    rf"\n[ \t]{{0,3}}(?:\*\*|__)?(?!(?:{_USER}|{_OWN}|answer|final answer|note|solution|explanation|question"
    r"|response|output|step \d)\b)[^\W\d_][\w ]{1,20}(?:\*\*|__)?:",
    re.IGNORECASE,
)
_DIALOGUE = re.compile(
    r"dialog|diálogo|conversation|conversa[cçz ]|conversa\b|\bchat|interview|entrevista|intervista"
    r"|transcript|\bscripts?\b|role-?play|\bskit|\bscenes?\b|screenplay|\bplay\b|exchange|\bdebate"
    r"|few-?shot|prompts?\b|gespräch|unterhaltung|диалог|разговор|беседа|интервью|对话|對話|会话|采访|访谈"
    r"|会話|対話|インタビュー|대화|인터뷰|percakapan|wawancara|حوار|محادثة|مقابلة|बातचीत|संवाद|साक्षात्कार"
    r"|use case|user stor",
    re.IGNORECASE,
)
_MOST_TURNS = 200


def leaked(text: str, prompt: str = "") -> Reason | None:
    """Either of the two, for verifiers that ask nothing else of a response's form."""
    return leaked_token(text, prompt) or leaked_turn(text, prompt)


def leaked_token(text: str, prompt: str = "") -> Reason | None:
    if _MAY_BE_TOKEN.search(text) is None:
        return None
    plain = without_code(text)
    found = [token[0] for token in _TOKEN.finditer(plain) if not _is_quoted(plain, token)]
    edges = _AT_START.match(plain), _AT_END.search(text[-200:].rstrip())
    found += [edge[0].strip() for edge in edges if edge] + _closed_unopened(plain)
    mentioned = all(token in prompt for token in found) or _ABOUT_TOKENS.search(prompt[:_PROMPT_LOOKED_AT])
    return None if mentioned else Reason.LEAKED_TOKEN


def leaked_turn(text: str, prompt: str = "") -> Reason | None:
    lines = f"\n{text}"
    if _TURN.search(lines) is None:
        return None
    plain = without_code(lines)
    turns = [turn for turn, _ in zip(_TURN.finditer(plain), range(_MOST_TURNS), strict=False)]
    if not turns or _DIALOGUE.search(prompt[:_PROMPT_LOOKED_AT]) or _TURN.search(f"\n{prompt}"):
        return None
    before = plain[: turns[0].start()].strip()
    if _DIALOGUE.search(before[-300:]):
        return None
    return Reason.LEAKED_TURN if _is_made_up(plain, turns, before) else None


def _is_quoted(text: str, token: re.Match[str]) -> bool:
    return text[token.start() - 1 : token.start()] + text[token.end() : token.end() + 1] in _QUOTES


def _closed_unopened(text: str) -> list[str]:
    """Closing tags of a strikethrough that none opens: the first of them."""
    open_tags = 0
    for tag in _STRIKE.finditer(text):
        if _is_quoted(text, tag):
            continue
        open_tags += -1 if tag[1] else 1
        if open_tags < 0:
            return [tag[0]]
    return []


def _is_made_up(text: str, turns: list[re.Match[str]], before: str) -> bool:
    """Whether the labels are turns of a chat: both sides speak, or no other label stands in the text and the
    user's opens the response or a paragraph, or ends the response with a question.
    """
    users = [turn for turn in turns if turn["user"] or turn["heading"]]
    if any(turn["heading"] for turn in turns) or (users and len(users) < len(turns)):
        return True
    if _OTHER_LABEL.search(text):
        return False
    if not before:
        return True
    if not users:
        return False
    last = text[users[-1].end() :].strip()
    return any(text[: turn.start()].endswith("\n") for turn in users) or (
        last.endswith(("?", "？", "؟")) and "\n" not in last
    )
