r"""Normalisation of answers: one spelling of layout, symbols and separators, the meaning left alone.

The idea: after `normalise`, text that differs only in how it is typeset is the same text, and the modules
after this one need to know one spelling of each thing (`\frac{1}{2}`, `%`, `°`, `,`). Nothing that could
matter is dropped: units, percent signs, currency and brackets stay, for those modules to judge. `skeleton`
then drops the blanks that do not matter, so that two answers with one skeleton are equal without more ado.
All substitutions take linear time.
"""

import re
import unicodedata

_SYMBOLS = str.maketrans(
    {
        "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "×": r"\times ", "·": r"\cdot ", "⋅": r"\cdot ",
        "∗": "*", "÷": "/", "⁄": "/", "π": r"\pi ", "∞": r"\infty ", "√": r"\sqrt ", "≤": r"\le ",
        "≥": r"\ge ", "≠": r"\ne ", "±": r"\pm ", "∓": r"\mp ", "∪": r"\cup ", "∩": r"\cap ", "∈": r"\in ",
        "∅": r"\emptyset ", "≈": r"\approx ", "θ": r"\theta ", "…": r"\ldots ",
        "½": r"\frac{1}{2}", "¼": r"\frac{1}{4}", "¾": r"\frac{3}{4}", "⅓": r"\frac{1}{3}",
        "⅔": r"\frac{2}{3}", "⅕": r"\frac{1}{5}", "⅖": r"\frac{2}{5}", "⅗": r"\frac{3}{5}",
        "⅘": r"\frac{4}{5}", "⅙": r"\frac{1}{6}", "⅚": r"\frac{5}{6}", "⅛": r"\frac{1}{8}",
        "⅜": r"\frac{3}{8}", "⅝": r"\frac{5}{8}", "⅞": r"\frac{7}{8}",
        "º": "°", "’": "'", "′": "'", "“": '"', "”": '"', "⟨": r"\langle ", "⟩": r"\rangle ",
        "、": ",", "。": ".", "｡": ".", "٫": ".", "٬": ",", "∧": r"\land ", "∨": r"\lor ",
        "\u00a0": " ", "\u202f": " ",
    }
    | {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
)  # fmt: skip
"""Symbols as commands; the full-width forms of ASCII characters as those."""

_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_SUNK = re.compile("[₀₁₂₃₄₅₆₇₈₉]+")
_LEVEL = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉", "0123456789+-0123456789")

_SUBSTITUTIONS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\\\\\s*\[\s*-?[\d.]{1,9}\s*(?:pt|em|ex|mm|cm|in|mu)\s*\]", r"\\\\ "),
        (r"(?<=[\w)}])\*\*(?=[\w({-])", "^"),
        (r"\*\*|`", ""),
        (r"\\(?:left|right|[bB]ig{1,2}[lrm]?)(?![A-Za-z])\s*\.?", ""),
        (r"\\lbrace(?![A-Za-z])", r"\\{"),
        (r"\\rbrace(?![A-Za-z])", r"\\}"),
        (r"\\(?:displaystyle|textstyle|limits|phantom\{\}|hfill|noindent)(?![A-Za-z])", " "),
        (r"(?<=\d)\s*(?:\{\s*,\s*\}|,\s*\\!|\\,|\\;|\\:)\s*(?=\d{3}(?!\d))", ","),
        (r"\\!", ""),
        (r"(?<![A-Za-z\d.])(\d+(?:\.\d+)?|\.\d+)[eE]([-+]?\d+)(?![\w.])", r"\1 \\times 10^{\2}"),
        (r"(?<!\\)\\[,;:> ]|\\q?quad(?![A-Za-z])|~|\\(?:hspace|mspace)\*?\{[^{}]*\}", " "),
        (r"\\(?:[dtc]|x)frac(?![A-Za-z])", r"\\frac"),
        (r"\\(?:mathrm|operatorname)\s*\{\s*([ei])\s*\}", r" \1"),
        (r"\\(?:text(?:bf|it|rm|normal|sf|tt)|mbox|mathrm|mathsf|mathtt|hbox|rm)(?=\s*\{)", r"\\text"),
        (r"\\(?:mathbf|boldsymbol|mathit|bm|pmb)\s*\{([^{}]*)\}", r"\1"),
        (r"\\(?:text)?color\s*\{\w+\}|\\underline(?=\s*\{)", ""),
        (r"\\(?:lvert|rvert|vert|mid)(?![A-Za-z])", "|"),
        (r"\\(?:leq|leqslant)(?![A-Za-z])|<=", r"\\le "),
        (r"\\(?:geq|geqslant)(?![A-Za-z])|>=", r"\\ge "),
        (r"\\neq(?![A-Za-z])", r"\\ne "),
        (r"\\(?:ast|star)(?![A-Za-z])", "*"),
        (r"\\(?:varnothing)(?![A-Za-z])|\\\{\s*\\\}", r"\\emptyset "),
        (r"\\(?:dots|cdots|dotsc|dotsb)(?![A-Za-z])|\.\.\.", r"\\ldots "),
        (r"(?<![A-Za-z\\])pi(?![A-Za-z])", r"\\pi "),
        (r"(?<![A-Za-z\\])(?:infinity|infty|inf|oo)(?![A-Za-z])", r"\\infty "),
        (r"(?<![A-Za-z\\])sqrt\s*\(([^()]*)\)", r"\\sqrt{\1}"),
        (r"(?<![A-Za-z\\])sqrt(?![A-Za-z])", r"\\sqrt "),
        (r"\\sqrt\s*(\d+(?![\d.]))", r"\\sqrt{\1}"),
        (r"\\sqrt\s*([A-Za-z])(?![A-Za-z])", r"\\sqrt{\1}"),
        (r"\\frac\s*(\\(?!sqrt|frac|text)[A-Za-z]+|\w)", r"\\frac{\1}"),
        (r"\\frac\s*\{([^{}]*)\}\s*(\\(?!sqrt|frac|text)[A-Za-z]+|\w)", r"\\frac{\1}{\2}"),
        (r"(?<![A-Za-z\\])((?:arc)?(?:sin|cos|tan)h?|cot|sec|csc|log|ln|exp)(?=\s?[(^])", r"\\\1"),
        (
            r"\^\s*\{?\s*\\?circ\s*\}?|\\degree(?![A-Za-z])|\\text\s*\{\s*degrees?\s*\}|(?<=\d)\s*degrees?\b",
            "°",
        ),
        (r"\\%|\\text\s*\{\s*\\?(?:percent|%)\s*\}|(?<=[\d}])\s*per\s?cent\b", "%"),
        (r"\bper\s?mille?\b|\\permil(?![A-Za-z])|\\text\s*\{\s*‰\s*\}", "‰"),
        (r"\\wedge(?![A-Za-z])", r"\\land "),
        (r"\\vee(?![A-Za-z])", r"\\lor "),
        (r"\\text\s*\{([-+\d.,/\s]*)\}", r" \1 "),
        (r"^\s*\\text\s*\{\s*([-+]?[\d.,]*\d[^\d\\{}:][^\\{}:]*)\}\s*$", r"\1"),
        (r"^\s*\{([^{}]*)\}\s*$", r"\1"),
        (r"\{\s*\}", ""),
        (r"\s+", " "),
    )
)

_PLAIN_NUMBER = re.compile(r"-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
"""What most answers are, and what there is nothing to do with."""

_INEQUALITY = re.compile(r"[<>]|\\(?:le|ge|ne|lt|gt)(?![A-Za-z])")
_JOINT = re.compile(
    r",?(?<!hundred)(?<!thousand)(?<!million)(?:\s+|\s*\\text\s*\{\s*)(and|or)(?:\s*\}\s*|\s+)"
    r"(?!(?:an?|one|two|three|four|five|seven|nine)[ -](?:hal|third|quarter|fourth|fifth|sixth|eighth|tenth))"
)
"""The words between two answers; not those of "one hundred and five" and of "one and a half"."""

_REVERSED = re.compile(r"([\[(\]])([^][(){},;]+[,;][^][(){},;]+)([\])\[])")
_SET_OPERATION = re.compile(r"(\\(?:cup|cap|setminus)(?![A-Za-z]))")
_ENDS = re.compile(r"^[\s:=]+|[\s.,;:?]+$|(?<!\\)\\+$")
_MATH_MARKS = re.compile(r"(?<!\\)\\\(|(?<!\\)\\\)|(?<!\\)\\\[(?!\d+(?:pt|em|ex))|(?<!\\)\\\]")
_IDLE_BLANK = re.compile(r"(?<![0-9])(?<![0-9],) |(?<=[0-9],) (?!\d{3}(?!\d))|(?<=[0-9]) (?![0-9])")


def normalise(text: str) -> str:
    r"""The one spelling. Keeps the words of `\text{}` as they are; "" where nothing is left."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    if not text.isascii():
        text = _ascii_forms(text)
    text = _without_marks(without_invisible(text))
    for pattern, replacement in _SUBSTITUTIONS:
        text = pattern.sub(replacement, text)
    text = _ENDS.sub("", _ENDS.sub("", _with_joints(text)))
    return _with_forward_brackets(text).strip()


def _ascii_forms(text: str) -> str:
    """Symbols, raised and lowered digits and the digits of other scripts, as they are written in LaTeX."""
    text = text.translate(_SYMBOLS)
    text = _RAISED.sub(lambda raised: f"^{{{raised[0].translate(_LEVEL)}}}", text)
    text = _SUNK.sub(lambda sunk: f"_{{{sunk[0].translate(_LEVEL)}}}", text)
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def _with_joints(text: str) -> str:
    """With `and` and `or` as commas, and between inequalities, where the difference counts, as commands."""
    if "and" not in text and "or" not in text:
        return text
    if _INEQUALITY.search(text):
        return _JOINT.sub(lambda joint: r" \land " if joint[1] == "and" else r" \lor ", text)
    return _JOINT.sub(", ", text)


def _with_forward_brackets(text: str) -> str:
    r"""With `]1,2[` as `(1,2)`, where nothing but intervals stands in the text."""
    if text[:1] != "]" and text[-1:] != "[":
        return text
    pieces = [piece.strip() for piece in _SET_OPERATION.split(text)]
    intervals = [_REVERSED.fullmatch(piece) for piece in pieces[::2]]
    if not all(intervals):
        return text
    turned = [
        f"{'(' if each[1] == ']' else each[1]}{each[2]}{')' if each[3] == '[' else each[3]}"
        for each in intervals
        if each
    ]
    return " ".join(piece for pair in zip(turned, [*pieces[1::2], ""], strict=True) for piece in pair)


def skeleton(normalised: str) -> str:
    """The text without idle blanks. One between digits stays: 1 1/2 is not 11/2, and 1, 234 is not 1,234."""
    return _IDLE_BLANK.sub("", normalised)


def without_invisible(text: str) -> str:
    """Without control, format (bidirectional marks, zero-width) and surrogate characters; blanks become
    spaces.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if char.isspace() else char
        for char in text
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )


def _without_marks(text: str) -> str:
    r"""Without the marks of formulas. Dollar signs that cannot be marks (an odd number of them) are money:
    `\$`.
    """
    text = _MATH_MARKS.sub(" ", text)
    bare = text.replace(r"\$", "")
    if bare.count("$") % 2:
        return text.replace(r"\$", "$").replace("$", r"\$")
    return text.replace(r"\$", "\0").replace("$", "").replace("\0", r"\$")
