"""Pushes a published export to a dataset repository of the Hugging Face hub, as one commit.

Afterwards the branch holds the export and nothing else: files of the export that was there before are deleted
in the same commit, since a loader would read them along with the new ones. What is sent is what the manifest
lists, each file checked against its SHA-256 first, with `manifest.json` and the card; whatever else lies in
the folder stays there. Built on `huggingface_hub` (extra `hub`): https://huggingface.co/docs/huggingface_hub.

Limits: files that the hub takes as ordinary ones (small texts) are held in memory while they are sent; the
larger ones go to its large-file storage first, and stay there unreferenced if the commit fails. Its
client tries for minutes before it gives up. The library sets no time-out, so that a hub which accepts a
connection and then says nothing is waited for.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from json import JSONDecodeError
from pathlib import Path

from gristmill.exports.manifest import MANIFEST, read_manifest
from gristmill.sampling.errors import ConfigError, DataError, GristmillError, RefusedError, UnavailableError
from gristmill.text.file_hash import file_sha256
from gristmill.text.visible import visible

_CARD = "README.md"
_SHOWN = 300
_NAME = re.compile(r"(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?(?<!\.git)")
_MADE_BY_THE_HUB = frozenset({".gitattributes", _CARD})
"""What a repository may hold that nothing was pushed to yet."""


def check_hub(repo_id: str, *, token_env: str = "HF_TOKEN") -> str:  # noqa: S107 - the name of a variable
    """The token. Checks library, token and name, without a request: an export may be made first. Raises
    ConfigError.
    """
    try:
        import huggingface_hub  # noqa: F401 - whether it is there
    except ImportError as exc:
        missing = "huggingface_hub is not installed, which pushing to the hub needs"
        raise ConfigError(f"{missing}: pip install 'gristmill[hub]'") from exc
    token = _token(token_env)
    names = repo_id.split("/")
    if len(names) != 2 or not all(_NAME.fullmatch(name) for name in names):
        raise ConfigError(f"repository {repo_id[:120]!r}: give it as OWNER/NAME, as the hub names data sets")
    return token


def push(
    folder: Path,
    repo_id: str,
    *,
    private: bool = True,
    token_env: str = "HF_TOKEN",  # noqa: S107 - the name of a variable
    revision: str | None = None,
    message: str = "Export by Gristmill",
) -> str:
    """The URL of the commit; of the latest one where the branch holds these very files already.

    The repository is made where there is none, at the hub that HF_ENDPOINT names. One that is there keeps its
    visibility: pushing to a public one wants `private=False`. The branch `revision` must exist. Raises
    ConfigError (token, name, repository), DataError (the folder is not the export that its manifest tells of,
    or the hub refuses the card), RefusedError and UnavailableError; no message holds the token.
    """
    token = check_hub(repo_id, token_env=token_env)
    paths = _exported(folder)
    from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, constants
    from huggingface_hub.utils.tqdm import disable_progress_bars

    constants.HF_HUB_DISABLE_TELEMETRY = True  # the variable of this name is read at import, perhaps long ago
    unseen = not sys.stderr.isatty() and constants.HF_HUB_DISABLE_PROGRESS_BARS is None
    with _hub_errors(repo_id, token, token_env), disable_progress_bars() if unseen else nullcontext():
        api = HfApi(token=token)
        api.create_repo(repo_id, repo_type="dataset", private=private, exist_ok=True)
        info = api.dataset_info(repo_id, revision=revision)
        held = {file.rfilename for file in info.siblings or ()}
        _check_repository(repo_id, held, info.private is False, not private)
        operations: list[CommitOperationAdd | CommitOperationDelete] = []
        operations += [CommitOperationDelete(path) for path in sorted(held - {*paths} - _MADE_BY_THE_HUB)]
        operations += [CommitOperationAdd(path, folder / path) for path in paths]
        return api.create_commit(
            repo_id,
            operations,
            commit_message=message,
            repo_type="dataset",
            revision=revision,
            parent_commit=info.sha,  # so that two pushes at a time do not mix
        ).commit_url


def _token(variable: str) -> str:
    token = os.environ.get(variable, "").strip()
    if not token:
        raise ConfigError(f"{variable}: set it to a token of the hub that may write")
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ConfigError(
            f"{variable}: what it holds cannot be a token: spaces or other than plain characters"
        )
    return token


def _exported(folder: Path) -> list[str]:
    """The files to send, relative to the folder, with slashes. The card may have been edited since."""
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no folder is there; an export is pushed once it is published")
    entries = {entry.path: entry.sha256 for entry in read_manifest(folder).files}
    for path, sha256 in entries.items():
        file = folder / path
        if Path(path).is_absolute() or not file.resolve().is_relative_to(folder.resolve()):
            raise DataError(f"{folder / MANIFEST}: it lists {path[:120]!r}, which is not in the folder")
        if _sha256(file) != sha256 and path != _CARD:
            raise DataError(f"{file}: the file is not the one that {MANIFEST} tells of; export it again")
    card = [_CARD] if (folder / _CARD).is_file() else []
    return sorted({*entries, MANIFEST, *card})


def _sha256(file: Path) -> str:
    try:
        return file_sha256(file)
    except OSError as error:
        raise DataError(f"{file}: {MANIFEST} lists it, and it cannot be read: {error.strerror}") from error


def _check_repository(repo_id: str, held: set[str], public: bool, may_be_public: bool) -> None:
    """Raises ConfigError where it is more public than was asked for, or holds something else."""
    if public and not may_be_public:
        raise ConfigError(f"repository {repo_id}: it is public; say so (--public) to publish the export")
    if held - _MADE_BY_THE_HUB and MANIFEST not in held:
        raise ConfigError(
            f"repository {repo_id}: it holds files and no {MANIFEST}: not an export; name another"
        )


@contextmanager
def _hub_errors(repo_id: str, token: str, token_env: str) -> Iterator[None]:
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
    if status == 401:
        return ConfigError(f"{token_env}: the token is not accepted for repository {repo_id}; {said}")
    if status == 404:
        return ConfigError(f"repository {repo_id}: it or its branch is not there for this token; {said}")
    if status == 403:
        return RefusedError(f"repository {repo_id}: the token in {token_env} may not write there; {said}")
    if status in (409, 412):
        return UnavailableError(f"repository {repo_id}: changed meanwhile; push again; {said}", kind="moved")
    if status in (408, 425, 429) or status >= 500:
        now = "the hub fails" if status >= 500 else "not now"
        return UnavailableError(f"repository {repo_id}: {now}; {said}", kind=f"http-{status}")
    return RefusedError(f"repository {repo_id}: the hub refuses the push; {said}")


def _of_library(error: OSError | RuntimeError | ValueError, token: str) -> GristmillError:
    """For what the library raises itself: no network allowed, a card that is refused, a failed upload."""
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
