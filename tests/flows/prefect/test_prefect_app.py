"""Prefect's server as it is started here, asked with the headers that a browser sends and by programs."""

import httpx
import pytest

from tests.flows.prefect.api import CsrfTokens
from tests.flows.prefect.prefect_servers import PrefectServer
from tests.reports.web_requests import FOLLOWED_LINK, OF_OTHER_PAGES, OF_THE_USER

pytestmark = [pytest.mark.prefect, pytest.mark.full]

PATHS = ["/api/flow_runs/filter", "/api/variables/", "/api/csrf-token?client=x", "/api/health", "/", "/v2/"]


@pytest.mark.parametrize("path", PATHS)
def test_another_page_gets_nothing(server: PrefectServer, path: str) -> None:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        for request in OF_OTHER_PAGES:
            headers = request.headers_to(client.base_url.port)
            answer = client.request(request.method, path, headers=headers, content=b"{}")
            assert answer.status_code in (400, 403, 421), request.kind
            assert "access-control-allow-origin" not in answer.headers, request.kind
            assert len(answer.text) < 100, request.kind


def test_the_user_and_programs_are_answered(server: PrefectServer) -> None:
    with httpx.Client(base_url=server.url, timeout=60, trust_env=False) as client:
        for request in [*OF_THE_USER, FOLLOWED_LINK]:
            answer = client.get("/api/health", headers=request.headers_to(client.base_url.port))
            assert answer.json() is True, request.kind
            origin = answer.headers.get("access-control-allow-origin")
            assert origin in (None, answer.request.headers.get("origin")), request.kind
            assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"


@pytest.mark.parametrize(
    ("headers", "says"),
    [
        ({}, "Missing CSRF token."),
        ({"Prefect-Csrf-Token": "x"}, "Missing client identifier."),
        ({"Prefect-Csrf-Token": "x", "Prefect-Csrf-Client": "y"}, "Invalid CSRF token or client identifier."),
    ],
)
def test_nothing_is_changed_without_a_token(
    server: PrefectServer, headers: dict[str, str], says: str
) -> None:
    with httpx.Client(base_url=server.api, timeout=60, trust_env=False) as client:
        answer = client.post("/variables/", json={"name": "evil", "value": 1}, headers=headers)
        assert (answer.status_code, answer.json()["detail"]) == (403, says)
        assert "access-control-allow-origin" not in answer.headers
        assert client.post("/variables/filter", json={}, auth=CsrfTokens()).json() == []
