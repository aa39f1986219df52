"""What is refused, before a request or by the hub: in one clear line, which never holds the token."""

import hashlib
import socket
import sys
import traceback
from pathlib import Path

import pytest

from gristmill.exports.hub import check_hub, push
from gristmill.exports.manifest import MANIFEST, FileEntry
from gristmill.sampling.errors import ConfigError, DataError, GristmillError, RefusedError, UnavailableError
from tests.exports.hub.exported import FILES, TOKEN, Push, written
from tests.exports.hub.server import Answer, Hub, told

pytest.importorskip("huggingface_hub", reason="the extra `hub` is not installed")


def test_data_that_was_changed_since_is_not_pushed(hub: Hub, folder: Path, pushed: Push) -> None:
    (folder / "data/train.jsonl").write_bytes(b"{}\n")
    with pytest.raises(DataError, match=r"train\.jsonl: the file is not the one"):
        pushed()
    assert hub.asked == []


def test_a_listed_file_that_is_gone_is_told(hub: Hub, folder: Path, pushed: Push) -> None:
    (folder / "data/train.jsonl").unlink()
    with pytest.raises(DataError, match=r"train\.jsonl: manifest\.json lists it, and it cannot be read"):
        pushed()
    assert hub.asked == []


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "data/../../secret", "link/secret"])
def test_a_manifest_cannot_name_files_outside_of_its_folder(hub: Hub, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret").write_bytes(b"key")
    entry = FileEntry(path=path, bytes=3, sha256=hashlib.sha256(b"key").hexdigest())
    folder = written(tmp_path / "set", {}, [entry])
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(DataError, match="which is not in the folder"):
        push(folder, "owner/name")
    assert hub.asked == []


def test_a_folder_without_a_manifest_is_refused(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no manifest can be read"):
        push(tmp_path, "owner/name")
    with pytest.raises(ConfigError, match="no folder is there"):
        push(tmp_path / "nowhere", "owner/name")
    assert hub.asked == []


def test_a_push_into_the_middle_of_another_is_told_to_push_again(hub: Hub, pushed: Push) -> None:
    hub.instead["/commit/"] = told({"error": "A commit has happened since."}, 412)
    with pytest.raises(UnavailableError, match="changed meanwhile; push again") as caught:
        pushed()
    assert caught.value.kind == "moved"


STATUSES = [
    (401, ConfigError, "HF_TOKEN: the token is not accepted for repository owner/name"),
    (402, RefusedError, "refuses the push; the hub says 402"),
    (403, RefusedError, "the token in HF_TOKEN may not write there"),
    (404, ConfigError, "it or its branch is not there"),
    (400, RefusedError, "refuses the push; the hub says 400"),
    (429, UnavailableError, "not now; the hub says 429"),
    (500, UnavailableError, "the hub fails; the hub says 500"),
]


@pytest.mark.parametrize("part", ["/repos/create", "/datasets/owner/name"])
@pytest.mark.parametrize(("status", "error", "message"), STATUSES)
def test_each_refusal_is_one_clear_line_without_the_token(
    hub: Hub, pushed: Push, part: str, status: int, error: type[GristmillError], message: str
) -> None:
    hub.instead[part] = told({"error": f"Sorry,\n {TOKEN} is no good\x1b[31m"}, status, X_Request_Id="r1")
    with pytest.raises(error, match=message) as caught:
        pushed()
    text = str(caught.value)
    assert "\n" not in text
    assert "Sorry, *** is no good\\x1b[31m" in text
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert hub.commits == []


def test_large_files_that_cannot_be_stored_are_told(hub: Hub, pushed: Push) -> None:
    pytest.importorskip("hf_xet", reason="the client of the hub's large-file storage is not installed")
    modes = {name: "lfs" if name == "data/train.jsonl" else "regular" for name in (*FILES, MANIFEST)}
    files = [{"path": name, "uploadMode": mode, "shouldIgnore": False} for name, mode in modes.items()]
    hub.instead["/preupload/"] = told({"files": files})
    hub.instead["/xet-write-token/"] = told({"error": f"{TOKEN} may not"}, 403)
    with pytest.raises(UnavailableError, match=r"the upload failed: .*403") as caught:
        pushed()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))
    assert hub.commits == []


def test_a_card_that_the_hub_refuses_is_told(hub: Hub, pushed: Push) -> None:
    hub.instead["/validate-yaml"] = told({"errors": [{"message": '"license" must be known'}]}, 400)
    with pytest.raises(
        DataError, match=r'does not take the export: Invalid metadata.*"license" must be known'
    ):
        pushed()
    assert hub.commits == []


@pytest.mark.parametrize("answer", [Answer(200, b"<html>Log in to the network</html>"), told({"ok": True})])
def test_a_server_that_is_no_hub_is_told(hub: Hub, pushed: Push, answer: Answer) -> None:
    hub.instead["/api/"] = answer
    with pytest.raises(UnavailableError, match="not one of a hub"):
        pushed()


def test_where_no_network_is_allowed_the_message_says_by_what(
    pushed: Push, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="HF_HUB_OFFLINE is set"):
        pushed()
    assert hub.asked == []


def test_a_hub_that_cannot_be_reached_is_told(pushed: Push, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{held.getsockname()[1]}")
        with pytest.raises(UnavailableError, match="cannot be reached") as caught:
            pushed()
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("held", [None, "", " ", "hf_a\nX: y", "hf_\u00e9", "hf a"])
def test_a_token_that_is_missing_or_cannot_be_one_is_told(
    held: str | None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    if held is not None:
        monkeypatch.setenv("HF_TOKEN", held)
    with pytest.raises(ConfigError, match=r"^HF_TOKEN: ") as caught:
        push(folder, "owner/name")
    assert not held or not held.strip() or held not in str(caught.value)


NAMES = [
    "",
    "name",
    "owner/",
    "/name",
    "a/b/c",
    "owner/na me",
    "owner/..",
    "o/-x",
    "o/x.",
    "o/a--b",
    "o/x.git",
]


@pytest.mark.parametrize("name", [*NAMES, "o/" + "x" * 97, "o/x\n", "../../etc", "o/x?y=1", "\ud800/x"])
def test_a_name_that_is_no_repository_is_told(name: str) -> None:
    with pytest.raises(ConfigError, match="give it as OWNER/NAME"):
        check_hub(name)


@pytest.mark.parametrize("name", ["o/n", "some-one/a.set_2", "O/" + "x" * 96, "_o/1"])
def test_a_name_that_is_one_passes(name: str) -> None:
    check_hub(name)


def test_without_the_library_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(ConfigError, match=r"pip install 'gristmill\[hub\]'"):
        check_hub("owner/name")
