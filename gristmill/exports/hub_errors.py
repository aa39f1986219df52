"""What goes wrong with the hub, as errors of ours in one line that never holds the token."""

from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError

from gristmill.sampling.errors import ConfigError, DataError, GristmillError, RefusedError, UnavailableError
from gristmill.text.visible import visible

_SHOWN = 300


@contextmanager
def hub_errors(repo_id: str, token: str, token_env: str) -> Iterator[None]:
    """Maps what `huggingface_hub` raises. The cause is not chained: its text may tell the token."""
    import httpx2
    from huggingface_hub.errors import HfHubHTTPError

    try:
        yield
    except HfHubHTTPError as error:
        told = _line(error.server_message or error.response.reason_phrase, token)
        raise _of_status(error.response.status_code, repo_id, token_env, told) from None
    except httpx2.TransportError as error:
        told = _line(str(error) or type(error).__name__, token)
        raise UnavailableError(f"the hub cannot be reached: {told}", kind="no-connection") from None
    except (JSONDecodeError, KeyError):
        raise UnavailableError("the hub's reply is not one of a hub: is its address right?") from None
    except (OSError, RuntimeError, ValueError) as error:
        raise _of_library(error, token) from None


def _of_status(status: int, repo_id: str, token_env: str, told: str) -> GristmillError:
    said = f"the hub says {status}: {told}"
    match status:
        case 401:
            return ConfigError(f"{token_env}: the token is not accepted for repository {repo_id}; {said}")
        case 404:
            return ConfigError(f"repository {repo_id}: it or its branch is not there for this token; {said}")
        case 403:
            return RefusedError(f"repository {repo_id}: the token in {token_env} may not write there; {said}")
        case 409 | 412:
            return UnavailableError(
                f"repository {repo_id}: changed meanwhile; push again; {said}", kind="moved"
            )
        case 408 | 425 | 429:
            return UnavailableError(f"repository {repo_id}: not now; {said}", kind=f"http-{status}")
    if status >= 500:
        return UnavailableError(f"repository {repo_id}: the hub fails; {said}", kind=f"http-{status}")
    return RefusedError(f"repository {repo_id}: the hub refuses the push; {said}")


def _of_library(error: OSError | RuntimeError | ValueError, token: str) -> GristmillError:
    """What the library finds: no network allowed, a card that the hub refuses, an upload that failed."""
    from huggingface_hub.errors import OfflineModeIsEnabled

    told = _line(str(error), token)
    if isinstance(error, OfflineModeIsEnabled):
        return ConfigError(f"HF_HUB_OFFLINE is set, so that nothing can be pushed: {told}")
    if isinstance(error, ValueError):
        return DataError(f"the hub does not take the export: {told}")
    return UnavailableError(f"the upload failed: {told}", kind="upload")


def _line(text: str, token: str) -> str:
    """Printable, without the token even where the hub repeats it."""
    plain = " ".join(text.replace(token, "***").split())
    return visible(plain)[:_SHOWN]
