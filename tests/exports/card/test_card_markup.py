"""No name in a data card becomes markup or metadata, and no row of a table falls apart."""

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from gristmill.db.text import escaped
from gristmill.exports.card.markdown import block, table
from gristmill.exports.manifest import FileEntry
from tests.exports.card.cards import HEADINGS, card, metadata, settings
from tests.exports.manifests import a_manifest, a_run
from tests.exports.samples import HOSTILE

ATTACKS = (
    "a|b\n| c | d |",
    "``` </code> <script>alert(1)</script>",
    "`<img src=x onerror=alert(1)>`",
    "[x](javascript:alert(1)) ![y](http://z)",
    "# heading\n---\nlicense: evil",
    "\n---\n",
    "a\\",
    "\\|",
    "http://example.org <b>",
    "x" * 100_000,
    "' \" : {} [] & * ! % @ \t",
    "\u202eright to left \u2028 \x85 \ufeff",
)


def tokens(text: str) -> list[Token]:
    """What Markdown with tables and raw HTML makes of the text after the metadata, blocks and inlines."""
    body = text.split("\n---\n", 1)[1]
    blocks = MarkdownIt("commonmark", {"html": True}).enable("table").parse(body)
    return [token for block in blocks for token in (block, *(block.children or ()))]


@given(st.text() | st.sampled_from(ATTACKS))
def test_a_block_is_code_whatever_it_holds(text: str) -> None:
    found = MarkdownIt("commonmark", {"html": True}).parse(f"Before:\n\n{block(text)}\n\nAfter.\n")
    kinds = [token.type for token in found if token.type not in ("paragraph_open", "paragraph_close")]
    assert kinds in (["inline", "code_block", "inline"], ["inline", "inline"])


@given(names=st.lists(HOSTILE | st.sampled_from(ATTACKS), min_size=7, max_size=7))
def test_no_name_becomes_markup_or_metadata(names: list[str]) -> None:
    title, level, source, model, run, reason, marker = map(escaped, names)
    drawn = {"template": source, "question": level, "system": reason, run: model}
    manifest = a_manifest(
        settings=settings(card={"title": title[:200]}, filter={"runs": [run], "levels": [marker]}),
        counts={
            "split": {"train": 6},
            "source": {source: 6},
            "level": {level: 6},
            "run": {run: 6},
            "model": {model: 6},
            "reason": {reason: 6},
        },
        runs={run: a_run(models=[model], recipe=source, attempts={reason: 3}, generation=drawn)},
        files=[FileEntry(path=level, bytes=10, sha256=model)],
        left_out={reason: 1},
    )
    text = card(manifest)
    assert text == card(manifest)
    text.encode()
    assert len(text) < 20_000
    plain = card(a_manifest(settings=settings(filter={"runs": ["r"], "levels": ["l"]}), left_out={"x": 1}))
    assert metadata(text).keys() == metadata(plain).keys()
    assert metadata(text)["configs"] == [
        {"config_name": "default", "data_files": [{"split": "train", "path": "data/train.jsonl"}]}
    ]
    kinds = {token.type for token in tokens(text)}
    assert kinds <= {token.type for token in tokens(plain)} | {"text_special", "html_entity"}
    headings = [token.content for token in tokens(text) if token.type == "inline" and token.level == 1]
    assert [heading for heading in headings if heading in HEADINGS] == list(HEADINGS)


@given(st.lists(st.tuples(HOSTILE | st.sampled_from(ATTACKS), st.integers(0, 9)), max_size=5))
def test_every_row_of_a_table_stays_one_row_with_its_cells(rows: list[tuple[str, int]]) -> None:
    text = table(("level", "rows"), rows)
    found = MarkdownIt("commonmark").enable("table").parse(text)
    assert sum(token.type == "tr_open" for token in found) == len(rows) + 1
    cells = [token.content for token in found if token.type == "inline"]
    assert cells[3::2] == [str(count) for _, count in rows]
