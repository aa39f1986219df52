"""The folder of reports over HTTP: what is shown of it, and what is not."""

import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from gristmill.reports.site import report_site
from gristmill.sampling.errors import ConfigError
from tests.reports.web_requests import FOLLOWED_LINK, OF_OTHER_PAGES, OF_THE_USER, WebRequest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "a-report.html").write_text("<p>A</p>", "utf-8")
    (folder / "<b>&.html").write_text("<p>B</p>", "utf-8")
    (folder / "plot.png").write_bytes(b"\x89PNG")
    (folder / "store.db").write_text("secret", "utf-8")
    (folder / ".hidden.html").write_text("secret", "utf-8")
    (folder / "inner").mkdir()
    (folder / "inner" / "c.html").write_text("secret", "utf-8")
    (tmp_path / "outside.html").write_text("secret", "utf-8")
    (folder / "link.html").symlink_to(tmp_path / "outside.html")
    return folder


@pytest.fixture
def site(folder: Path) -> Iterator[httpx.Client]:
    with report_site(folder, 0) as url, httpx.Client(base_url=url) as client:
        yield client


def test_a_report_is_shown_with_a_policy_that_runs_nothing(site: httpx.Client) -> None:
    reply = site.get("/a-report.html")
    assert reply.text == "<p>A</p>"
    assert reply.headers["content-type"].startswith("text/html")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in reply.headers["content-security-policy"]
    assert "script-src" not in reply.headers["content-security-policy"]
    assert site.get("/plot.png").status_code == 200


def test_the_index_lists_reports_alone_and_escapes_their_names(site: httpx.Client) -> None:
    page = site.get("/").text
    assert "a-report.html" in page
    assert "&lt;b&gt;&amp;.html" in page
    assert "<b>" not in page
    assert not any(name in page for name in ("store.db", ".hidden", "inner", "link", "plot.png"))
    assert site.get("/%3Cb%3E%26.html").text == "<p>B</p>"


@pytest.mark.parametrize(
    "path",
    [
        "/store.db",
        "/.hidden.html",
        "/inner/c.html",
        "/inner",
        "/link.html",
        "/../outside.html",
        "/%2e%2e/outside.html",
        "/..%2foutside.html",
        "/%00.html",
    ],
)
def test_nothing_else_is_shown(site: httpx.Client, path: str) -> None:
    with socket.create_connection((site.base_url.host, site.base_url.port or 80)) as raw:  # as it stands
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        reply = b"".join(iter(lambda: raw.recv(65536), b""))
    assert b" 404 " in reply.split(b"\r\n", 1)[0]
    assert b"secret" not in reply


@pytest.mark.parametrize("host", ["evil.example", "evil.example:4280", "127.0.0.1.evil.example", ""])
def test_a_request_under_another_name_is_refused(site: httpx.Client, host: str) -> None:
    assert site.get("/a-report.html", headers={"host": host}).status_code in (400, 421)


@pytest.mark.parametrize("request_", OF_OTHER_PAGES, ids=lambda request: request.kind)
def test_another_sites_page_reads_no_report(site: httpx.Client, request_: WebRequest) -> None:
    headers = request_.headers_to(site.base_url.port)
    answer = site.request(request_.method, "/a-report.html", headers=headers)
    assert answer.status_code in (400, 403, 421)
    assert "<p>A</p>" not in answer.text
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("request_", [*OF_THE_USER, FOLLOWED_LINK], ids=lambda request: request.kind)
def test_the_user_reads_reports(site: httpx.Client, request_: WebRequest) -> None:
    answer = site.get("/a-report.html", headers=request_.headers_to(site.base_url.port))
    assert answer.text == "<p>A</p>"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_nothing_is_written(site: httpx.Client, folder: Path, method: str) -> None:
    assert site.request(method, "/a-report.html", content=b"x").status_code == 405
    assert (folder / "a-report.html").read_text("utf-8") == "<p>A</p>"


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    with report_site(tmp_path / "new" / "reports", 0) as url:
        assert "None yet" in httpx.get(url).text


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    with report_site(tmp_path, 0) as url:
        port = int(url.rsplit(":", 1)[1])
        with pytest.raises(ConfigError, match="--reports-port"), report_site(tmp_path, port):
            pass
