"""The pages over a store, asked for as a browser would: what they find, and what they refuse."""

import socket
from collections.abc import Iterator, Mapping

import httpx
import pytest

from gristmill.db.engine import open_engine
from gristmill.db.reports.browse_views import VIEWS
from gristmill.db.schema import prepare_schema
from tests.reports.web_requests import FOLLOWED_LINK, OF_OTHER_PAGES, OF_THE_USER, WebRequest
from tests.support.browsing import HARD, VIEW, browsing, fill, rows

pytest.importorskip("datasette", reason="pages are browsed with the extra `browse`")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    url = f"sqlite:///{tmp_path_factory.mktemp('browse') / 'store.db'}"
    engine = open_engine(url)
    prepare_schema(engine)
    fill(engine)
    engine.dispose()
    with browsing(url) as (_, client):
        yield client


FILTERS: list[tuple[dict[str, object], int]] = [
    ({}, 12),
    ({"outcome": "accepted"}, 3),
    ({"outcome": "rejected", "level": "easy"}, 3),
    ({"level": "hard"}, 6),
    ({"reason": "time-out"}, 6),
    ({"model": "another"}, 0),
    ({"response__contains": "try 3"}, 1),
    ({"number__gt": 3, "run": "one"}, 4),
]


@pytest.mark.parametrize(("query", "count"), FILTERS)
def test_attempts_are_filtered(pages: httpx.Client, query: Mapping[str, object], count: int) -> None:
    assert len(rows(pages, VIEW, **query)) == count


def test_attempts_are_paged(pages: httpx.Client) -> None:
    found: list[object] = []
    path: str | None = f"{VIEW}.json?_size=5&_shape=objects"
    lengths = []
    while path:
        page = pages.get(path).json()
        lengths.append(len(page["rows"]))
        found += [(row["problem"], row["number"]) for row in page["rows"]]
        path = page["next_url"]
    assert lengths == [5, 5, 2]
    assert len(set(map(str, found))) == 12


@pytest.mark.parametrize(("words", "count"), [("TRY 3", 1), ("what is 2", 6), ("%", 0), ("</pre>", 6)])
def test_prompts_and_responses_are_searched_for_words_as_they_stand(
    pages: httpx.Client, words: str, count: int
) -> None:
    assert len(rows(pages, "/store/search", words=words)) == count


def test_outcome_reason_level_and_model_are_facets(pages: httpx.Client) -> None:
    facets = pages.get(f"{VIEW}.json").json()["facet_results"]
    found = {name: {one["value"]: one["count"] for one in facet["results"]} for name, facet in facets.items()}
    assert found == {
        "outcome": {"undecided": 6, "accepted": 3, "rejected": 3},
        "reason": {"time-out": 6, "equal": 3, "not-equal": 3},
        "level": {"easy": 6, "hard": 6},
        "model": {"tiny-model": 12},
    }
    assert "facet-results" in pages.get(VIEW).text


def test_unsolved_problems_and_reasons_are_pages_of_their_own(pages: httpx.Client) -> None:
    [unsolved] = rows(pages, "/store/unsolved_problems")
    assert (unsolved["problem"], unsolved["attempts"], unsolved["undecided"]) == (HARD.id, 6, 6)
    assert {row["reason"]: row["attempts"] for row in rows(pages, "/store/reasons")} == {
        "equal": 3,
        "not-equal": 3,
        "time-out": 6,
    }
    listed = pages.get("/store").text
    assert all(f'href="/store/{name}"' in listed for name in [*VIEWS, "search", "verdicts_of_attempt"])


PAGES = [
    VIEW,
    f"{VIEW}?level=hard&response__contains=%3Cscript%3E",
    "/store/search?words=%3Cscript%3E",
    "/store/attempts",
    f"/store/attempts/one,{HARD.id},0",
    "/store?sql=select+text+from+attempts",
    "/store/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    f"{VIEW}?_sort=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_text_from_a_model_is_text_on_every_page(pages: httpx.Client, path: str) -> None:
    answer = pages.get(path, follow_redirects=True)
    assert "<script>alert" not in answer.text
    assert "<img src=x" not in answer.text
    assert "script&gt;" in answer.text or answer.status_code == 404
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unicode-bidi%3Aisolate" in answer.text or answer.status_code != 200
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_request_that_could_write_is_taken(pages: httpx.Client, method: str) -> None:
    assert pages.request(method, "/store/search", content=b"words=x").status_code == 405


@pytest.mark.parametrize(
    "statement",
    [
        "delete from verdicts",
        "with one as (select 1) delete from verdicts",
        "attach '/tmp/other.db' as other",
        "pragma query_only=off",
        "select load_extension('x')",
    ],
)
def test_no_statement_writes(pages: httpx.Client, statement: str) -> None:
    assert pages.get("/store", params={"sql": statement}).status_code == 400
    assert len(rows(pages, VIEW)) == 12


def test_a_statement_ends_at_its_time_limit(pages: httpx.Client) -> None:
    endless = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"
    answer = pages.get("/store", params={"sql": endless, "_timelimit": "100"})
    assert answer.status_code == 400
    assert "interrupted" in answer.text.lower()
    assert pages.get("/-/settings.json").json()["sql_time_limit_ms"] == 5000


def test_a_page_of_the_web_cannot_ask_by_another_name(pages: httpx.Client) -> None:
    port = pages.base_url.port
    for host in ("evil.example", f"evil.example:{port}", "localhost.evil.example", "", "[", "127.0.0.1@evil"):
        assert pages.get("/store", headers={"Host": host}).status_code in (400, 421), host
    for host in (f"localhost:{port}", "127.0.0.1", "[::1]:80"):
        assert pages.get("/store", headers={"Host": host}).status_code == 200, host


@pytest.mark.parametrize("request_", [*OF_OTHER_PAGES, FOLLOWED_LINK], ids=lambda request: request.kind)
def test_another_sites_page_reads_no_attempt(pages: httpx.Client, request_: WebRequest) -> None:
    """A link either: by the time that an answer takes, a page could read."""
    headers = request_.headers_to(pages.base_url.port)
    answer = pages.request(request_.method, f"{VIEW}.json", headers=headers)
    assert answer.status_code in (400, 403, 405, 421)
    assert "rows" not in answer.text
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "request_",
    [one for one in OF_THE_USER if one.headers.get("Sec-Fetch-Site") != "cross-site"],
    ids=lambda request: request.kind,
)
def test_the_user_reads_attempts(pages: httpx.Client, request_: WebRequest) -> None:
    answer = pages.get(f"{VIEW}.json", headers=request_.headers_to(pages.base_url.port))
    assert len(answer.json()["rows"]) == 12


def test_there_are_no_plugins_and_no_way_to_the_file(pages: httpx.Client) -> None:
    assert pages.get("/-/plugins.json").json() == []
    assert list(pages.get("/.json").json()) == ["store"]
    assert pages.get("/store.db").status_code in (403, 404)


def test_it_listens_on_this_address_alone(pages: httpx.Client) -> None:
    port = pages.base_url.port
    assert port is not None
    socket.create_connection(("127.0.0.1", port)).close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port))
