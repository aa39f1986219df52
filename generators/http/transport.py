"""HTTP transport for the OpenAI SDK on aiohttp: bounded in time and size, lighter on the CPU than its own.

One clock runs over a whole request, so that a server which sends a byte now and then does not hold it for
ever; a body is read up to a limit, also one that is compressed; redirects are not followed; cookies are not
kept; no header is sent but those that are needed. What goes wrong below HTTP becomes an UnavailableError
here, since the SDK's own mapping takes a refused connection for a time-out. What is quoted here is as the
other side said it: whoever raises the final error redacts it (`redact`).
"""

import os
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx2
from aiohttp.http_exceptions import ContentEncodingError

from gristmill.sampling.errors import UnavailableError, UnreadableError

MAX_BODY_BYTES = 16 << 20
"""Room for a text of over two million escaped characters, or for the log probabilities of 150,000 tokens."""

CUT = "cut"
"""In the extensions of a reply whose body goes on: no more of it was read."""

_SENT_HEADERS = frozenset({b"authorization", b"content-type"})
_KEPT_HEADERS = ("location", "retry-after", "retry-after-ms")
"""Without the type: the SDK would decode errors by any charset that it names, such as `hex`."""

_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

_KINDS: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timeout"),
    (aiohttp.ClientSSLError, "tls"),
    (aiohttp.ClientHttpProxyError, "proxy"),
    (aiohttp.ClientError, "connection"),
    (OSError, "connection"),
)
"""The first row that fits decides."""


class BoundedTransport(httpx2.AsyncBaseTransport):
    """Made inside a running loop, closed by the client that owns it."""

    def __init__(self, url: str, *, connections: int, timeout_seconds: float) -> None:
        self._host = urlsplit(url).netloc
        self._timeout_seconds = timeout_seconds
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=aiohttp.ClientTimeout(total=timeout_seconds),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": "gristmill", "Accept": "application/json", "Accept-Encoding": "identity"},
            proxy=environment_proxy(url),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        headers = [
            (name.decode("ascii"), value.decode("latin-1"))
            for name, value in request.headers.raw
            if name.lower() in _SENT_HEADERS
        ]
        try:
            async with self._session.request(
                request.method,
                str(request.url),
                data=request.content or None,
                headers=headers,
                allow_redirects=False,
            ) as reply:
                body, extensions = await _body(reply)
                return httpx2.Response(
                    reply.status, headers=_headers(reply), content=body, extensions=extensions
                )
        except (aiohttp.ClientError, OSError) as exc:  # TimeoutError is an OSError
            if isinstance(exc.__cause__, ContentEncodingError):
                raise UnreadableError(f"{self._host}: the body is not compressed as its head says") from exc
            kind = next(kind for error, kind in _KINDS if isinstance(exc, error))
            raise UnavailableError(f"{self._host}: {self._reason(exc)}", kind=kind) from exc

    async def aclose(self) -> None:
        await self._session.close()

    def _reason(self, exc: Exception) -> str:
        if isinstance(exc, TimeoutError):
            return f"no whole reply within {self._timeout_seconds:g} s"
        if isinstance(exc, aiohttp.ClientSSLError):
            return _tls_reason(exc)
        if isinstance(exc, aiohttp.ClientConnectorError):
            cause = exc.os_error  # resolvers number their errors below nought
            return (
                os.strerror(cause.errno)
                if cause.errno and cause.errno > 0
                else str(cause.strerror or cause) or type(cause).__name__
            )
        if isinstance(exc, aiohttp.ClientHttpProxyError):
            return f"the proxy answers with status {exc.status}: {exc.message}"
        if isinstance(exc, aiohttp.ClientResponseError):  # its str() tells the URL, which may be the proxy's
            return f"not HTTP: {exc.message}"
        return str(exc) or type(exc).__name__


async def _body(reply: aiohttp.ClientResponse) -> tuple[bytes, dict[str, bool]]:
    """With the extension `CUT` where it goes on after MAX_BODY_BYTES: the rest is left unread."""
    body = bytearray()
    async for chunk in reply.content.iter_any():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            reply.close()
            del body[MAX_BODY_BYTES:]
            return bytes(body), {CUT: True}
    return bytes(body), {}


def _headers(reply: aiohttp.ClientResponse) -> list[tuple[str, str]]:
    """A header may hold bytes that are not UTF-8; these are replaced."""
    kept = ((name, reply.headers[name]) for name in _KEPT_HEADERS if name in reply.headers)
    return [(name, value.encode("ascii", "replace").decode("ascii")) for name, value in kept]


def _tls_reason(exc: aiohttp.ClientSSLError) -> str:
    """Why no secure connection came about, and what helps."""
    cause = exc.os_error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"its certificate is not trusted ({cause.verify_message}); where it is the right one, have "
            "SSL_CERT_FILE name a file that holds it, or the authority that signed it, in PEM"
        )
    return f"no secure connection ({getattr(cause, 'reason', None) or cause}): does it speak TLS?"


def environment_proxy(url: str) -> str | None:
    """The proxy that the environment names for `url`; never one for this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _LOOPBACK or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)
