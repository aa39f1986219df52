"""Checks of the servers before the first draw: that they answer, their model, and its context length."""

import asyncio
import logging
from collections.abc import Sequence
from time import monotonic

from gristmill.generators.http.client import ServerClient
from gristmill.generators.http.replies import ServedModel
from gristmill.generators.settings import GeneratorSettings
from gristmill.sampling.errors import ConfigError, RefusedError, UnavailableError

_OPENING_SECONDS = 30.0
_AGAIN_SECONDS = 5.0
_LISTED = 20

_log = logging.getLogger(__name__)


async def find_models(
    clients: Sequence[ServerClient], settings: GeneratorSettings
) -> dict[str, ServedModel | UnavailableError]:
    """Per URL the model that will be drawn from, or why the server is not there.

    At least one is there. Raises ConfigError or RefusedError for what is wrong with one, and the
    UnavailableError of the first when none is there.
    """
    listed = await _first_answers(clients, settings)
    found: dict[str, ServedModel | UnavailableError] = {}
    for client, models in zip(clients, listed, strict=True):
        found[client.url] = (
            models if isinstance(models, UnavailableError) else _chosen(client, models, settings)
        )
    there = {served.id: url for url, served in found.items() if isinstance(served, ServedModel)}
    if not there:
        raise next(error for error in found.values() if isinstance(error, UnavailableError))
    if len(there) > 1:
        clean = clients[0].redactor.redact
        told = ", ".join(f"{clean(model)!r} at {url}" for model, url in there.items())
        raise ConfigError(f"model: the servers serve different ones ({told}); name the one to draw from")
    return found


async def _first_answers(
    clients: Sequence[ServerClient], settings: GeneratorSettings
) -> list[list[ServedModel] | UnavailableError]:
    """Waits for servers that say that they are coming up, as long as none is there yet."""
    until = monotonic() + settings.outage_seconds
    while True:
        listed = await asyncio.gather(*(_listed(client, settings) for client in clients))
        down = [each for each in listed if isinstance(each, UnavailableError)]
        loading = any(error.kind == "http-503" for error in down)
        if not loading or len(down) < len(listed) or monotonic() >= until:
            return listed
        _log.warning("no server is ready yet, asking again: %s", down[0])
        await asyncio.sleep(min(_AGAIN_SECONDS, max(0.0, until - monotonic())))


async def _listed(client: ServerClient, settings: GeneratorSettings) -> list[ServedModel] | UnavailableError:
    try:
        async with asyncio.timeout(_OPENING_SECONDS):
            return await client.models()
    except TimeoutError:
        return UnavailableError(
            f"server: {client.url} did not answer in {_OPENING_SECONDS:g} s", kind="timeout"
        )
    except UnavailableError as exc:
        advice = "" if exc.kind == "tls" else "; start it, or give the base URL of one that runs"
        return UnavailableError(f"server: {client.url} cannot be used ({exc}){advice}", kind=exc.kind)
    except RefusedError as exc:
        if exc.kind == "auth":
            advice = f"put a valid key into the environment variable {settings.api_key_env}"
            raise RefusedError(
                f"server: {client.url} refuses the key ({exc}); {advice}", kind="auth"
            ) from exc
        raise ConfigError(
            f"server: {client.url} does not list its models ({exc}); a base URL mostly ends in /v1"
        ) from exc


def _chosen(client: ServerClient, served: Sequence[ServedModel], settings: GeneratorSettings) -> ServedModel:
    known = ", ".join(client.redactor.redact(model.id) for model in served[:_LISTED]) or "none"
    if settings.model is None and len(served) != 1:
        raise ConfigError(f"model: {client.url} serves {len(served)} models, say which; known: {known}")
    chosen = next((model for model in served if settings.model in (None, model.id)), None)
    if chosen is not None and client.redactor.holds_secret(chosen.id):
        raise ConfigError(
            f"model: {client.url} gives a name that holds the key, and it would be stored: {known}"
        )
    if chosen is None:
        raise ConfigError(f"model: {settings.model!r} is not served by {client.url}; known: {known}")
    if chosen.max_model_len is not None and settings.max_tokens >= chosen.max_model_len:
        raise ConfigError(
            f"max_tokens: {settings.max_tokens} leaves no room for a prompt in the context of "
            f"{chosen.max_model_len} tokens that {client.url} has"
        )
    return chosen
