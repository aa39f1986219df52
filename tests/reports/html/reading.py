"""A page read as a browser would read it: its elements, its text, and all that could act or load."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "br", "link", "img", "input", "hr"}
_ELEMENT_NAMES = """
    html head meta title style body header main nav section article h1 h2 h3 p a dl dt dd div span small b i
    bdi pre mark table thead tbody tr th td figure figcaption details summary ol li
    svg g path defs use text clippath rect
"""
_ATTRIBUTE_NAMES = """
    lang charset name content http-equiv id class style href scope open role aria-label viewbox d x y width
    height transform clip-path text-anchor
"""
_ELEMENTS = frozenset(_ELEMENT_NAMES.split())
_ATTRIBUTES = frozenset(_ATTRIBUTE_NAMES.split())
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass
class Page(HTMLParser):
    """`errors` are what must never be; `words` is the text, with a space after each cell, `preformatted` that
    of each `pre`.
    """

    words: str = ""
    elements: Counter[str] = field(default_factory=Counter)
    preformatted: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)
    boxed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, str]] = []
        self._ids: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        if tag not in _ELEMENTS:
            self.errors.append(f"<{tag}>")
        for name, value in attrs:
            self._attribute(tag, name, value or "")
        if tag not in _VOID:
            self._open.append((tag, dict(attrs).get("class") or ""))
        for lists, name in ((self.preformatted, "pre"), (self.marked, "mark")):
            if tag == name:
                lists.append("")
        if dict(attrs).get("class") == "x":
            self.boxed.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "dt", "dd"}:
            self.words += " "
        if not self._open or self._open[-1][0] != tag:
            self.errors.append(f"</{tag}> out of place")
        else:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        inside = {tag for tag, _ in self._open}
        self.words += "" if "style" in inside else data
        if "pre" in inside:
            self.preformatted[-1] += data
        if "mark" in inside:
            self.marked[-1] += data
        if self._open and self._open[-1][1] == "x":
            self.boxed[-1] += data

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name not in _ATTRIBUTES:
            self.errors.append(f"<{tag} {name}>")
        if name == "id":
            self._ids.append(value)
        if name == "href":
            self._links.append(value)
        if "://" in value or "url(" in value.replace("url(#", ""):
            self.errors.append(f"<{tag} {name}={value}>")

    def finish(self) -> None:
        self.close()
        self.errors += [f"<{tag}> left open" for tag, _ in self._open]
        self.errors += [f"id {name} twice" for name, count in Counter(self._ids).items() if count > 1]
        self.errors += [
            f"no #{link}" for link in self._links if not link.startswith("#") or link[1:] not in self._ids
        ]


def read_page(html: str) -> Page:
    """Raises AssertionError where anything in it could act, load, or change how the text reads."""
    html.encode()
    unseen = {character for character in html if unicodedata.category(character) in _UNSEEN} - {"\n", "\t"}
    assert not unseen, unseen
    assert "@import" not in html
    page = Page()
    page.feed(html)
    page.finish()
    assert not page.errors, page.errors[:5]
    return page
