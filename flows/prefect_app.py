"""Prefect's server as Gristmill starts it: for programs of this machine and its own pages alone.

Prefect's answers every host name and, unless told otherwise, every origin, and takes what any page sends. Its
settings turn on the tokens against forged requests, which its client and its UI know, and name the origins
that may read; `own_origin` refuses the rest in front of it, web sockets too.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

FACTORY = "gristmill.flows.prefect_app:create_app"
"""For `uvicorn --factory`."""

_HEADERS = {
    "Content-Security-Policy": "frame-ancestors 'self'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def settings(port: int) -> dict[str, str]:
    """Variables of the server's environment, which nothing in the caller's overrides."""
    return {
        "PREFECT_SERVER_API_PORT": str(port),  # without it and the next two, the UI would ask port 4200
        "PREFECT_SERVER_UI_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_UI_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_CSRF_PROTECTION_ENABLED": "true",
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": f"http://127.0.0.1:{port},http://localhost:{port}",
    }


def create_app() -> "ASGIApp":
    from prefect.server.api.server import create_app as prefect_app

    from gristmill.reports.own_origin import LOOPBACK, guarded

    return guarded(prefect_app(), _HEADERS, LOOPBACK)
