"""Push a published export to a dataset repository of the Hugging Face hub, as one commit.

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
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from gristmill.exports.hub_errors import hub_errors
from gristmill.exports.manifest import MANIFEST, read_manifest
from gristmill.sampling.errors import ConfigError, DataError
from gristmill.text.file_hash import file_sha256

if TYPE_CHECKING:
    from huggingface_hub import CommitOperationDelete, HfApi

_CARD = "README.md"
_NAME = re.compile(r"(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?(?<!\.git)")
_MADE_BY_THE_HUB = frozenset({".gitattributes", _CARD})
"""What a repository may hold that nothing was pushed to yet."""


def check_hub(repo_id: str, *, token_env: str = "HF_TOKEN") -> None:  # noqa: S107 - the name of a variable
    """What can be known before an export is made: library, token and name. No request. Raises ConfigError."""
    try:
        import huggingface_hub  # noqa: F401 - whether it is there
    except ImportError as exc:
        missing = "huggingface_hub is not installed, which pushing to the hub needs"
        raise ConfigError(f"{missing}: pip install 'gristmill[hub]'") from exc
    _token(token_env)
    names = repo_id.split("/")
    if len(names) != 2 or not all(_NAME.fullmatch(name) for name in names):
        raise ConfigError(f"repository {repo_id[:120]!r}: give it as OWNER/NAME, as the hub names data sets")


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
    check_hub(repo_id, token_env=token_env)
    paths = _exported(folder)
    token = _token(token_env)
    from huggingface_hub import CommitOperationAdd, HfApi, constants
    from huggingface_hub.utils.tqdm import disable_progress_bars

    constants.HF_HUB_DISABLE_TELEMETRY = True  # the variable of this name is read at import, perhaps long ago
    unseen = not sys.stderr.isatty() and constants.HF_HUB_DISABLE_PROGRESS_BARS is None
    with hub_errors(repo_id, token, token_env), disable_progress_bars() if unseen else nullcontext():
        api = HfApi(token=token)
        api.create_repo(repo_id, repo_type="dataset", private=private, exist_ok=True)
        head, stale = _remote(api, repo_id, revision, private, set(paths))
        operations: list[CommitOperationAdd | CommitOperationDelete] = list(stale)
        operations += [CommitOperationAdd(path, folder / path) for path in paths]
        commit = api.create_commit(
            repo_id,
            operations,
            commit_message=message,
            repo_type="dataset",
            revision=revision,
            parent_commit=head,
        )
    return str(commit.commit_url)


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


def _remote(
    api: "HfApi", repo_id: str, revision: str | None, private: bool, sent: set[str]
) -> tuple[str | None, Iterator["CommitOperationDelete"]]:
    """The commit that the branch is at, so that two pushes at a time do not mix, and what is to go."""
    from huggingface_hub import CommitOperationDelete

    info = api.dataset_info(repo_id, revision=revision)
    if private and info.private is False:
        raise ConfigError(f"repository {repo_id}: it is public; say so (--public) to publish the export")
    held = {sibling.rfilename for sibling in info.siblings or ()}
    if held - _MADE_BY_THE_HUB and MANIFEST not in held:
        raise ConfigError(
            f"repository {repo_id}: it holds files and no {MANIFEST}: not an export; name another"
        )
    stale = sorted(held - sent - _MADE_BY_THE_HUB)
    return info.sha, (CommitOperationDelete(path) for path in stale)
