"""Diversity report as tables on the console, and as rows of an artifact's table."""

from collections.abc import Iterator

from rich.console import Group

from gristmill.reports.console import plain, table
from gristmill.verifiers.diversity.distinct_ngrams import WINDOW_WORDS
from gristmill.verifiers.diversity.report import Diversity

_MOST_SOURCES = 20


def diversity_table(report: Diversity) -> Group:
    """All parts of the report, those that have something to say."""
    verbs = "Verbs and their objects"
    if report.verbs:
        verbs += f": {report.with_verb:,} of {report.sampled:,} sampled texts have a verb"
    parts = [
        table("Diversity", ("measure", "value"), _measures(report)),
        table(verbs, ("verb", "texts"), _verbs(report)),
    ]
    for title, counts in (("Sources", report.sources), ("Origins", report.origin_kinds)):
        if len(counts) > 1 or any(name for name, _ in counts):
            parts.append(table(title, (title.lower()[:-1], "texts", "share"), _mix(counts, report.texts)))
    spaced = [part for one in parts for part in (one, "")]
    return Group(*spaced[:-1])


def diversity_rows(report: Diversity) -> list[dict[str, str]]:
    """The same as one table of three columns, for an artifact."""
    rows = [("measure", name, value) for name, value in _measures(report)]
    rows += [("verb", name, count) for name, count in _verbs(report)]
    for part, counts in (("source", report.sources), ("origin", report.origin_kinds)):
        rows += [(part, name, f"{count} ({share})") for name, count, share in _mix(counts, report.texts)]
    return [{"part": part, "name": plain(name).plain, "value": value} for part, name, value in rows]


def _measures(report: Diversity) -> Iterator[tuple[str, str]]:
    sample = f"sample of {report.sampled:,}"
    yield "texts", f"{report.texts:,}"
    yield "words", f"{report.words:,}"
    for share in report.ngrams:
        name = f"distinct-{share.size}"
        yield name, f"{'' if share.exact else 'about '}{share.share:.3f}"
        yield f"{name}, windows of {WINDOW_WORDS:,} words", _decimal(share.in_windows)
    yield f"unigram entropy, nats, {sample}", f"{report.unigram_entropy:.2f}"
    yield f"bigram entropy, nats, {sample}", f"{report.bigram_entropy:.2f}"
    yield f"mean ROUGE-L of pairs, {sample}", _decimal(report.rouge)
    yield "mean cosine distance of embeddings", _decimal(report.embedding_distance)
    if found := report.duplicates:
        counts = f"{found.exact:,} exact, {found.near:,} near, of {found.candidates:,}"
        yield "duplicates among candidates", f"{found.rate:.1%} ({counts})"


def _decimal(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _verbs(report: Diversity) -> Iterator[tuple[str, str]]:
    """Where they could not be counted one row says what is missing."""
    if report.verbs is None:
        yield report.verbs_missing, "-"
    for row in report.verbs or ():
        objects = ", ".join(f"{noun} {count:,}" for noun, count in row.nouns)
        yield f"{row.verb} ({objects})" if objects else row.verb, f"{row.count:,}"


def _mix(counts: tuple[tuple[str, int], ...], texts: int) -> list[tuple[str, str, str]]:
    """The most frequent, and the rest as one row; the shares add up to 1."""
    rest = sum(count for _, count in counts[_MOST_SOURCES:])
    shown = [*counts[:_MOST_SOURCES], *([(f"{len(counts) - _MOST_SOURCES:,} others", rest)] if rest else [])]
    return [(name or "-", f"{count:,}", f"{count / texts:.1%}") for name, count in shown]
