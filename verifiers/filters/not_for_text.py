r"""Filter of instructions that a text-only model cannot follow: see, draw, play, click, fetch a file.

The idea: Self-Instruct turns away whatever holds one of a dozen words ("image", "graph", "file", "map",
"plot", "go to", ...), and so a question on a graph's edges, the plot of a novel and a file-naming policy.
Here such a word must be the *object of a request*: a verb that opens a sentence ("draw ...", "please open
...", "can you play ...") with its object close behind, or a thing that is said to be there and cannot be
("the attached image", "the photo above", "the picture" where the text has none).

Choices, each with its cases in the test: what is inside quotation marks is material and not a request; after
a first sentence that says what to do with a text ("Translate ...", "Rewrite ...") neither are the sentences
that follow; a drawing asked for as text (ASCII art, SVG, LaTeX, Mermaid, code) in the same sentence, or in
one beside it that says how, can be made; a clear picture of how things are is words; an e-mail to "send" can
be drafted. Limits: English only; a request in the middle of a sentence is not seen. A filter must rather let
through than turn away what is good.
"""

import re
from bisect import bisect_right
from functools import cache

from gristmill.text.words import folded
from gristmill.verifiers.filters.terms import without_quotations

LONGEST = 20_000
"""Characters that are looked at."""

_SEEN = (
    r"(?:images?|photos?|photographs?|pictures?|pics?|drawings?|illustrations?|paintings?|screenshots?"
    r"|selfies?)"
)
_HEARD = r"(?:videos?|video clips?|audio|audio clips?|recordings?|songs?|music|podcasts?|sound effects?)"
_SHOWN = r"(?:graphs?|bar graphs?|charts?|diagrams?|flowcharts?|maps?)"
_MADE = (
    rf"(?:{_SEEN}|{_SHOWN}|videos?|animations?|gifs?|logos?|infographics?|posters?|collages?|icons?|mp3s?"
    r"|podcasts?|cartoons?|portraits?|3d models?|powerpoints?|slideshows?)"
)
_PICTURED = r"(?:images?|photos?|photographs?|pictures?|pics?|screenshots?|selfies?)"
_STOP = r"(?=\s*(?:$|[.,;:!?\n]))"
_FILES = r"(?:files?|pdfs?|folders?|attachments?|spreadsheets?|zip|apps?)"
_PLOTTED = (
    r"(?:functions?|data|points?|lines?|curves?|equations?|graphs?|results|values|inequalit(?:y|ies)"
    r"|parabola|y|f\(x\))"
)
_ENDS = (
    r"(?=\s*(?:$|[.,;:!?\n])|\s\S{1,60}\.[a-z]{2,4}\b|\s(?:of|that|which|with|showing|depicting|from|for|in|on"
    r"|to|using|based|and|or|about|where|called|named|by|into|as|above|below|attached|here|i|you|we)\b)"
)
"""What may follow an object that is the object: in "a picture frame" and "a file-naming policy" it is not."""

_START = (
    r"(?:(?:please|kindly|now|then|next|first|finally|also)[, ]+|(?:can|could|would|will) you (?:please )?"
    r"|(?:i want|i need|i'd like|i would like) you to |your task is to |you (?:should|must|need to) )*"
)
_AGENT = r"(?:(?:me|us|for me|for us) )?"
_A = r"(?:(?:an?|the|this|that|these|those|your|my|some|one|two|three|\d+|any|each) )?"
_FEW = r"(?:(?!(?:of|for|from|about|in|on|to|that|which|with|how|what|why) )[^\s.,;:!?()]+ ){0,4}?"

_NOT_DRAWN = (
    r"(?:(?:up|on|upon|from|out|lots|attention|inspiration)\b|(?:\w+ ){0,3}?(?:conclusions?|comparisons?"
    r"|parallels?|distinctions?|inferences?|lessons?|connections?|analog(?:y|ies)|contrasts?|cards?|balls?"
    r"|marbles?|samples?|numbers?|names?|tickets?|line between|correlations?|links?|insights?"
    r"|boundar(?:y|ies)|crowds?|strength|morals?|straws|implications?|consequences|benefits|customers|funds|wages|hands?)\b)"
)
_REQUESTS = (
    rf"(?:draw|sketch|doodle) {_AGENT}(?!{_NOT_DRAWN})(?:an?|the|this|your|my|some|one|two|three|\d+) \w+",
    rf"(?:draw|doodle) {_AGENT}(?!{_NOT_DRAWN})(?:\w+ )?\w+s(?=\s*(?:$|[.,;!?\n])| (?:in|on|with|and) )",
    rf"(?:illustrate|paint|photograph|film) {_AGENT}{_A}{_FEW}(?:{_SEEN}|portrait|landscape|scene){_ENDS}",
    rf"(?:plot|graph) {_A}{_FEW}{_PLOTTED}(?!\w)",
    r"(?:create|make|generate|design|produce|render|construct|build|show|give|send|upload|attach|provide"
    rf"|find|insert|edit|crop|colou?r|print|display) {_AGENT}{_A}{_FEW}{_MADE}{_ENDS}",
    rf"(?:take|snap|shoot|capture) {_A}{_FEW}(?:{_SEEN}|videos?){_ENDS}",
    rf"play {_AGENT}{_A}{_FEW}(?:{_HEARD}|piano|guitar|film|movie)\b",
    rf"(?:sing|hum|record|listen to|watch) {_AGENT}{_A}{_FEW}(?:{_HEARD}|film|movie|clip|yourself){_ENDS}",
    r"(?:open|download|upload|save|attach|edit|delete|remove|rename|print|read|convert|send|export|import"
    rf"|create|make|move|copy|install|scan|share|access) {_AGENT}{_A}{_FEW}{_FILES}{_ENDS}",
    rf"(?:describe|caption|transcribe|analy[sz]e|interpret|label) the (?:\w+ )?{_PICTURED}{_STOP}",
    r"(?:what|who|where|which|how many|how much|is there|are there|identify|list|name|count|describe|find"
    rf"|tell|explain|spot)\b[^.!?\n]{{0,80}} (?:in|from|on) the {_PICTURED}{_STOP}",
    r"(?:look at|view|see|examine|describe|caption|transcribe|analy[sz]e|identify) (?:this|these"
    rf"|the following|the given) (?:\w+ )?(?:{_SEEN}|{_HEARD}){_ENDS}",
    rf"(?:look at|view|caption|transcribe|listen to|watch) the (?:\w+ )?(?:{_SEEN}|{_HEARD}){_ENDS}",
    r"(?:go to|navigate to|browse|visit) (?:\S{1,60}\.(?:com|org|net)\b|https?:|(?:the|this|that|an?|your|my)"
    r" (?:\w+ )?(?:websites?|sites?|web|internet|page|links?|urls?|stores?|shops?|homepage|supermarket"
    r"|kitchen|library|settings|menu|park|gym)\b)",
    r"(?:click|tap|double-click|scroll|log in|sign in|swipe) (?:on |to |through |into |up|down|the )",
    r"(?:search|browse|surf) (?:the |on the )?(?:web|internet|online|google)\b",
    r"google (?:the|a|for|it|this|your)\b",
    r"(?:set|start) (?:me )?(?:an?|my|the) (?:\w+ )?(?:alarm|timer|reminder)\b",
    r"(?:turn|switch) (?:on|off|up|down) (?:the|my|your|all)\b",
    r"(?:phone|dial|text) (?:me|my|mom|dad|\+?\d)",
    r"call (?:my|mom|dad|\+?\d|me(?=\s*(?:$|[.,;!?\n])| (?:at|on|back|when|if|now|today|tomorrow|later)\b))",
    r"(?:book|order|buy|reserve) me\b",
)
_THERE = (
    r"\b(?:the|this|these|an?|your|my) (?:attached|enclosed|uploaded|embedded|linked) (?:\w+ )?"
    rf"(?:{_SEEN}|{_HEARD}|{_FILES}|{_SHOWN}|documents?)\b",
    rf"\b(?:the|this|these) (?:\w+ )?(?:{_SEEN}|{_HEARD}|{_SHOWN}) (?:above|below|shown|attached|provided"
    r"|pictured|displayed)\b(?! (?:as|in) (?:text|words|ascii))",
    rf"\b(?:in|of|from|to|about|at|on) (?:this|the given|the following) (?:{_SEEN}|video|audio){_ENDS}",
)
_AS_TEXT = re.compile(
    r"\b(?:ascii|svg|latex|tikz|asy|asymptote|mermaid|graphviz|dot language|plantuml|matplotlib|plotly"
    r"|ggplot2?|html|css|python|javascript|java|sql|bash|code|program|in words|using words|in text|as text"
    r"|using text|text-based|emojis?|markdown|react(?: native)?|vue|angular|svelte|flutter|typescript|swift"
    r"|kotlin|django|flask|node(?:\.js)?|rust|ruby|php|rails|golang|matlab|latex)\b|\bc(?:\+\+|#)"
)
_HOW = re.compile(
    r"(?:please )?(?:use|using|with|by means of|do (?:it|this|so)|output|return|answer|respond|reply|give"
    r"|format|(?:make|write|draw) it|your answer|the output)\b"
)
"""How a sentence begins that says in what form the request of the one beside it is to be met."""
_IN_WORDS = re.compile(
    r"\b(?:(?:clear|clearer|full|fuller|complete|vivid|better|big|bigger|overall|general|accurate|balanced|rosy|bleak)"
    r" picture|pictures? of (?:how|why|what|where|when|whether|life)|charts? of accounts"
    r"|(?:continuous|linear|bilinear|bijective|injective|surjective|smooth|conformal|affine|quotient|covering"
    r"|contraction|isometric|identity|inverse) maps?"
    r"|maps? (?:from|between) \S{1,3} (?:(?:in|on)?to|and) \S{1,3}"
    r"(?=\s*(?:$|[.,;!?\n])| (?:that|which|such|whose|with)\b)|maps? (?:[a-z]:|that (?:is|are) (?:not )?"
    r"(?:continuous|linear|injective|surjective|bijective|smooth)))"
)
"""Pictures that are painted in words, maps of mathematics, charts that are lists."""
_WORKS_ON_TEXT = re.compile(
    r"\W{0,5}(?:translate|rewrite|rephrase|paraphrase|summari[sz]e|classify|categori[sz]e|correct|proofread"
    r"|edit the following|fix|punctuate|identify|determine|detect|convert the following|given (?:a|the|an)\b"
    r"|read the (?:following )?(?:passage|paragraph|story|text))"
)
_SENTENCE_END = re.compile(r"[.!?:]\s|\n")
_STOP_SIGN = re.compile(r"[.!?]\s+|\n\s*")
_OF_THE_PICTURE = re.compile(rf"\bthe (?:\w+ )?{_PICTURED}$")


@cache
def _request() -> re.Pattern[str]:
    """Compiled at first use: it takes 0.1 s."""
    start = rf"(?:^|[.!?]\s+|\n\s*(?:[-*•]|\d+[.)])?\s*){_START}"
    return re.compile(f"{start}(?P<request>{'|'.join(_REQUESTS)})")


@cache
def _present() -> re.Pattern[str]:
    return re.compile(f"(?P<request>{'|'.join(_THERE)})")


def beyond_text(text: str) -> str | None:
    """The request that cannot be met, in folded case; None where there is none."""
    plain = without_quotations(folded(text[:LONGEST])).strip()
    if _WORKS_ON_TEXT.match(plain):
        plain = _SENTENCE_END.split(plain, maxsplit=1)[0]
    plain = re.sub(r"[ \t]+", " ", plain)
    if match := _request().search(plain):
        met = _is_met_in_text(plain, match.start("request")) or _was_shown(plain, match)
    elif match := _present().search(plain):
        met = _AS_TEXT.search(plain) is not None  # the diagram may stand in the text as code, wherever
    return None if match is None or met else match["request"].strip()


def _is_met_in_text(plain: str, place: int) -> bool:
    """Whether the sentence of the request, or one beside it that says how, asks for words or code."""
    starts = [0, *(end.end() for end in _STOP_SIGN.finditer(plain)), len(plain)]
    own = bisect_right(starts, place, hi=len(starts) - 1) - 1
    sentence = plain[starts[own] : starts[own + 1]]
    if _AS_TEXT.search(sentence) or _IN_WORDS.search(plain[place : starts[own + 1]]):
        return True
    beside = [plain[starts[own + 1] : starts[min(own + 2, len(starts) - 1)]]]
    beside += [plain[starts[own - 1] : starts[own]]] if own else []
    return any(_HOW.match(other) and _AS_TEXT.search(other) for other in beside)


def _was_shown(plain: str, match: re.Match[str]) -> bool:
    """Whether "the picture" is one that the text speaks of before, or holds between quotation marks."""
    if not _OF_THE_PICTURE.search(match["request"]):
        return False
    return '""' in plain or re.search(rf"\b{_SEEN}\b", plain[: match.start("request")]) is not None
