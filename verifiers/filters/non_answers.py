"""Non-answers: a word for nothing ("N/A", "<nooutput>"), or a question for material in place of an answer.

- `no-response`: the whole response is such a word, or dots and dashes. "N/A" in a table or a sentence is
  none, nor is a short answer ("No.", "42", "None"), nor one that the prompt names or may well ask for (what
  a program prints, a sign, an abbreviation).
- `asks-for-input`: the whole response asks for the text, passage or details that it would need, and says
  that they are missing. One that goes on to answer is none, nor one that the prompt asks for (a clerk's
  question).
"""

import re

from gristmill.verifiers.filters.refusal_phrases import folded
from gristmill.verifiers.reasons import Reason

_NOTHING = re.compile(
    r"[\[<({]{0,2}(?:n/a|n\.a\.?|#n/a|not applicable|(?:no|none|empty|blank)[ _-]?(?:outputs?|responses?"
    r"|answers?|inputs?|content|text)(?: (?:was |is )?(?:provided|given|available|needed|required|found"
    r"|necessary|generated))?|empty|blank|null|undefined|nan|nil|no hay respuesta|sin respuesta"
    r"|pas de réponse|keine antwort|sem resposta|nessuna risposta|tidak ada jawaban|нет ответа|لا يوجد"
    r"|لا إجابة|无|無|暂无|无答案|なし|回答なし|該当なし|없음|해당 없음|लागू नहीं)[\])>}]{0,2}[.!。]?"
    r"|[.…]{2,}|…|[-—–_]{2,}|<[/ ]{0,2}>|\[\s?\]|\{\s?\}"
)
_LONGEST_NOTHING = 60
_SIGNS_ASKED = re.compile(
    r"n/a|output|print|display|return|value|program|code|python|java|\bsql\b|json|\blist\b|\bset\b|array"
    r"|symbol|sign\b|abbreviat|acronym|punctuation|morse|ellips|dash|empty|blank|null|undefined|\bnan\b"
    r"|not applicable|classif|categor|missing|unknown|unanswerable|if (?:there|none|no|not|it|you)\b|if not"
    r"|otherwise|translat|无|無|なし|없음"
)
_MATERIAL = (
    r"(?:(?:full|actual|specific|necessary|relevant|original|complete|additional|further|more|missing"
    r"|following|source|input|entire|exact|required|given|news|research) ){0,2}(?:texts?|passages?"
    r"|articles?|sentences?|paragraphs?|inputs?|context|codes?|questions?|content|poems?|essays?|lists?"
    r"|data(?:set)?|details|information|documents?|images?|stor(?:y|ies)|materials?|problems?|equations?"
    r"|reviews?|tweets?|e-?mails?|transcripts?|excerpts?|words?|prompts?|instructions?|numbers?|options"
    r"|topic|task|recipe|lyrics|description|background)"
)
_ASK = (
    r"(?:(?:could|can|would|will) you (?:please |kindly |be so kind as to )?|please |kindly |i(?:'ll"
    r"| will)? need you to )(?:provide|share|send|paste|give|supply|enter|input|include|specify|submit|type"
    r"|upload|tell|clarify)(?: me| us| with){0,2}"
    rf" (?:with )?(?:the |your |a |an |some |any |me |more |which |what ){{0,4}}{_MATERIAL}\b"
)
_NEED_MORE = (
    r"(?:i|we)(?:'d| would|'ll| will)? (?:first |also |still )?(?:need|require) (?:some |a (?:bit"
    r"|little) )?(?:more|additional|further) (?:information|context|details?|data|input)\b"
)
_MISSING = (
    rf"(?:it (?:seems|looks like|appears)(?: like| that)? )?(?:(?:i (?:do not|don't|cannot|can't|didn't) "
    rf"(?:see|find|have|receive)|you (?:haven't|have not|did not|didn't|forgot to)(?: \w{{1,20}})?|there "
    rf"(?:is|are|was|were)(?: no|n't)(?= [^.]{0, 40}"
    r"(?:provided|given|included|attached|in your))) "
    rf"(?:any |an? |the |your |to include ){{0,3}}{_MATERIAL}\b|(?:no|the|your) {_MATERIAL} (?:was|were|is"
    rf"|are|has been|seems? to be)"
    r"(?: not)? (?:provided|missing|included|given|attached|empty|incomplete|supplied))"
)
_OTHER_ASK = (
    r"(?:por favor,? )?(?:proporcion[ae]|comparte|comparta|envía|envíe|facilita|pega|indica)(?:me|nos)? "
    r"(?:el|la|los|las|tu|su|más|un|una) (?:texto|pasaje|artículo|oración|párrafo|contexto|información"
    r"|código|pregunta|detalles|contenido)|(?:veuillez|pouvez-vous|pourriez-vous"
    r"|merci de)(?: me)? (?:fournir|partager|donner|envoyer|coller|préciser|indiquer) (?:le|la|les|l'|votre"
    r"|plus d[e'] ?|un) ?(?:texte|passage|article|phrase|paragraphe|contexte|informations?|code|question"
    r"|détails)|(?:bitte )?(?:geben|stellen|senden|teilen|fügen|nennen|schicken) sie (?:mir "
    r"|uns )?(?:bitte )?(?:den|die|das|ihren|mehr|weitere) (?:text|passage|artikel|satz|absatz|kontext"
    r"|informationen|code|frage|abschnitt|details)|(?:por favor,? )?(?:forneça|envie|compartilhe|cole"
    r"|informe)(?:-me)? (?:o|a|os|as|mais|seu) (?:texto|passagem|trecho|artigo|frase|parágrafo|contexto"
    r"|informaç\w{1,5}|código|pergunta|detalhes)|(?:per favore,? )?(?:fornisci|fornisca|inserisci|condividi"
    r"|invia)(?:mi)? (?:il|la|lo|più|l') ?(?:testo|brano|articolo|frase|paragrafo|contesto|informazioni"
    r"|codice)|(?:mohon|silakan|tolong|harap) (?:berikan|kirimkan|sertakan|bagikan|masukkan) (?:\w{1,20} )?"
    r"(?:teks|bacaan|artikel|kalimat|paragraf|konteks|informasi|kode)|(?:пожалуйста,? )?(?:предоставьте"
    r"|пришлите|укажите|вставьте|отправьте)(?: мне)? (?:\w{1,20} )?(?:текст|отрывок|статью|предложение"
    r"|абзац|контекст|информацию|код|вопрос)|(?:请|請)(?:您|你)?(?:提供|给出|發送|发送|輸入|输入|分享|粘贴"
    r"|补充)[^。！？\n]{0,15}(?:文本|段落|文章|句子|内容|內容|原文|信息|資訊|资料|上下文|代码|问题|材料)|"
    r"(?:(?:文章|テキスト|文|本文|情報|内容|コード|質問|段落|詳細)を[^。\n]{0,10}(?:提供|共有|教え|入力|送"
    r"|貼り)[^。\n]{0,8}(?:ください|いただけ|お願い))|[^.\n]{0,20}(?:텍스트|지문|글|문장|내용|정보|본문"
    r"|기사|코드)(?:를|을) (?:제공|입력|공유|알려|보내)[^.\n]{0,8}(?:주세요|주십시오|주시)|(?:يرجى|من فضلك"
    r"|الرجاء)،? (?:تقديم|تزويدي ب|ارسال|توفير|ادخال|مشاركة|يرجي)? ?(?:ال)?(?:نص|مقطع|مقال|جملة|فقرة"
    r"|معلومات|سياق|كود)|कृपया [^।\n]{0,20}(?:पाठ|अनुच्छेद|लेख|वाक्य|जानकारी|गद्यांश|सामग्री)[^।\n]{0,12}"
    r"(?:प्रदान|दें|साझा|भेज)"
)
_ASKED = re.compile(rf"{_ASK}|{_MISSING}|{_OTHER_ASK}|{_NEED_MORE}")
_BESIDE = re.compile(
    r"(?:sure|please|of course|certainly|absolutely|okay|ok|yes|great|hello|hi|thank|sorry|apologies"
    r"|unfortunately|however|happy|i(?:'d| would| will|'ll| can| could|'m| am| apologi[sz]e| understand"
    r"| see| need| require)\b|once|then|when|without|it (?:seems|looks|appears)|if |in order|to |so |let me"
    r"|feel free|as soon|this will|that (?:way|will)|what |which |you can|just )"
)
_FOR_OTHERS = re.compile(
    r"\bask(?:s|ing)?\b|request(?:s|ing)? (?:for|that|more|the)|clarif|customer|receptionist|role-?play"
    r"|act as|pretend|dialog|chatbot|polite|reminder|missing information|follow-up"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।؟])|\n+")
_LONGEST_ASKING = 500
_LONGEST_ASKING_FOREIGN = 200
_PROMPT_LOOKED_AT = 4000


def no_response(text: str, prompt: str = "") -> Reason | None:
    plain = text.strip()
    if len(plain) > _LONGEST_NOTHING:
        return None
    said = folded(plain).strip() or plain
    if _NOTHING.fullmatch(said) is None and _NOTHING.fullmatch(plain.lower()) is None:
        return None
    named = said in folded(prompt) or _SIGNS_ASKED.search(prompt[:_PROMPT_LOOKED_AT].lower())
    return None if named and not said.startswith("<") else Reason.NO_RESPONSE


def asks_for_input(text: str, prompt: str = "") -> Reason | None:
    plain = text.strip()
    if len(plain) > _LONGEST_ASKING:
        return None
    said = folded(plain).strip()
    if _ASKED.search(said) is None or not _only_asks(said):
        return None
    asked = folded(prompt[:_PROMPT_LOOKED_AT])
    return None if _FOR_OTHERS.search(asked) or _ASKED.search(asked) else Reason.ASKS_FOR_INPUT


def _only_asks(said: str) -> bool:
    """Whether each sentence asks, or says what goes with that. In other languages than English a short text
    is taken to say nothing beside it.
    """
    if re.match(rf"\W{{0,5}}(?:{_OTHER_ASK})", said):
        return len(said) <= _LONGEST_ASKING_FOREIGN
    return all(_ASKED.search(part) or _BESIDE.match(part) for part in _SENTENCE_END.split(said) if part)
