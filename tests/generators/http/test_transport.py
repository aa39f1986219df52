import pytest

from gristmill.generators.http.transport import environment_proxy


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://models.example/v1", "http://proxy.example:3128"),
        ("https://models.example/v1", None),
        ("http://inside.example/v1", None),
        ("http://127.0.0.1:8000/v1", None),
        ("http://localhost:8000/v1", None),
        ("http://[::1]:8000/v1", None),
    ],
)
def test_the_environment_s_proxy_is_taken_but_for_this_machine(
    url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", "inside.example")
    assert environment_proxy(url) == proxy
