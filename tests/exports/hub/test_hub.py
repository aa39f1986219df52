"""What arrives when an export is pushed, and that the token goes where it belongs."""

from pathlib import Path

import pytest

from gristmill.exports.hub import push
from gristmill.exports.manifest import MANIFEST
from gristmill.sampling.errors import ConfigError
from tests.exports.hub.exported import FILES, TOKEN, Push, an_export, on_disk
from tests.exports.hub.server import Hub, told

pytest.importorskip("huggingface_hub", reason="the extra `hub` is not installed")


def without_the_hubs(hub: Hub) -> dict[str, bytes]:
    return {name: content for name, content in (hub.files or {}).items() if name != ".gitattributes"}


def test_the_files_arrive_as_they_are_in_one_commit(hub: Hub, folder: Path, pushed: Push) -> None:
    assert pushed(message="Cut of May") == f"{hub.url}/datasets/owner/name/commit/{1:040x}"
    assert without_the_hubs(hub) == on_disk(folder)
    assert [commit["summary"] for commit in hub.commits] == ["Cut of May"]


@pytest.mark.parametrize("private", [True, False])
def test_a_repository_is_private_unless_it_is_to_be_public(hub: Hub, pushed: Push, private: bool) -> None:
    pushed(private=private) if not private else pushed()
    assert hub.private is private


def test_the_token_is_sent_in_the_authorization_header_alone(hub: Hub, pushed: Push) -> None:
    pushed()
    for asked in hub.asked:
        assert asked.headers.pop("authorization") == f"Bearer {TOKEN}"
        assert TOKEN not in asked.path + repr(asked.headers) + repr(asked.body)


def test_the_token_is_read_from_the_variable_named(
    hub: Hub, pushed: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_TOKEN", "hf_other\n")
    pushed(token_env="OTHER_TOKEN")
    assert {asked.headers["authorization"] for asked in hub.asked} == {"Bearer hf_other"}


def test_nothing_is_told_of_the_machine_but_two_versions(
    hub: Hub, pushed: Push, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {"standardEnvVars": ["AI_AGENT"], "harnesses": {}}
    monkeypatch.setattr("huggingface_hub.utils._detect_agent._registry", known, raising=False)
    monkeypatch.setenv("AI_AGENT", "some")  # which the library tells of where its telemetry is on
    pushed()
    agents = {asked.headers["user-agent"] for asked in hub.asked}
    assert [[part.split("/")[0] for part in agent.split("; ")] for agent in agents] == [
        ["unknown", "hf_hub", "python"]
    ]


def test_a_branch_is_written_when_it_is_named(hub: Hub, pushed: Push) -> None:
    pushed(revision="may/first")
    paths = {asked.path for asked in hub.asked if "owner/name" in asked.path}
    repository = "/api/datasets/owner/name"
    assert paths == {f"{repository}/{verb}/may%2Ffirst" for verb in ("revision", "preupload", "commit")}


def test_a_new_export_takes_the_place_of_the_old_one(hub: Hub, pushed: Push, tmp_path: Path) -> None:
    pushed()
    newer = an_export(tmp_path / "newer", {"README.md": b"# New\n", "data/train.parquet": b"PAR1"})
    push(newer, "owner/name")
    assert without_the_hubs(hub) == on_disk(newer)
    assert len(hub.commits) == 2


def test_what_the_manifest_does_not_list_stays_on_the_machine(hub: Hub, folder: Path, pushed: Push) -> None:
    (folder / ".env").write_text("SECRET=1")
    (folder / "notes.txt").write_text("mine")
    pushed()
    assert set(without_the_hubs(hub)) == {*FILES, MANIFEST}


def test_a_card_may_be_edited_before_it_is_pushed(hub: Hub, folder: Path, pushed: Push) -> None:
    (folder / "README.md").write_text("# By hand\n", "utf-8")
    pushed()
    assert without_the_hubs(hub)["README.md"] == b"# By hand\n"


def test_a_repository_that_is_public_takes_nothing_unasked(hub: Hub, pushed: Push) -> None:
    hub.files, hub.private = {".gitattributes": b""}, False
    with pytest.raises(ConfigError, match="it is public"):
        pushed()
    assert hub.commits == []
    pushed(private=False)
    assert len(hub.commits) == 1


def test_a_repository_of_other_things_is_left_alone(hub: Hub, pushed: Push) -> None:
    hub.files, hub.private = {"README.md": b"", "model.safetensors": b"weights"}, True
    with pytest.raises(ConfigError, match=r"it holds files and no manifest\.json"):
        pushed()
    assert hub.files["model.safetensors"] == b"weights"


def test_a_token_that_may_write_and_not_create_does_for_a_repository_that_is_there(
    hub: Hub, pushed: Push
) -> None:
    hub.files, hub.private = {".gitattributes": b""}, True
    hub.instead["/repos/create"] = told({"error": "You may not create"}, 403)
    pushed()
    assert len(hub.commits) == 1
