"""The folder of an export: whole or not at all, and never in the place of a user's own."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from gristmill.exports.publish.folder import StagedFile, published_folder
from gristmill.sampling.errors import ConfigError, StoreError
from gristmill.text.private_files import SHARED_VARIABLE
from tests.exports.disks import mounted_disk
from tests.exports.folders import contents, export_of, names, publish


def test_what_was_written_is_published_and_listed_by_path(tmp_path: Path) -> None:
    with published_folder(tmp_path / "out") as folder:
        for path, text in (("z.txt", b"z"), ("data/b/x", b""), ("data/a", b"one")):
            with folder.file(path) as stream:
                assert stream.write(text) == len(text)
                assert stream.tell() == len(text)
        files = folder.files
    assert files == [
        StagedFile("data/a", 3, hashlib.sha256(b"one").hexdigest()),
        StagedFile("data/b/x", 0, hashlib.sha256(b"").hexdigest()),
        StagedFile("z.txt", 1, hashlib.sha256(b"z").hexdigest()),
    ]
    assert contents(tmp_path / "out") == {"z.txt": b"z", "data/b/x": b"", "data/a": b"one"}
    assert names(tmp_path) == ["out"]


def test_only_files_that_are_whole_are_listed(tmp_path: Path) -> None:
    with published_folder(tmp_path / "out") as folder, folder.file("one") as stream:
        stream.write(b"half")
        assert folder.files == []


def test_the_final_name_shows_nothing_until_the_folder_is_whole(tmp_path: Path) -> None:
    with published_folder(tmp_path / "out") as folder:
        with folder.file("x") as stream:
            stream.write(b"x" * 1_000_000)
        (hidden,) = tmp_path.iterdir()
        assert (hidden.name[:5], hidden.suffix) == (".out.", ".part")
    assert names(tmp_path) == ["out"]


def test_a_shared_folder_has_the_mode_that_other_new_folders_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").mkdir()
    monkeypatch.setenv(SHARED_VARIABLE, "1")
    publish(tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_long_name_is_taken(tmp_path: Path) -> None:
    publish(tmp_path / ("\u00e9" * 127))
    assert names(tmp_path) == ["\u00e9" * 127]


def make_file(path: Path) -> None:
    path.write_text("mine")


def make_user_folder(path: Path) -> None:
    path.mkdir()
    (path / "notes.txt").write_text("mine")


def make_folder_with(manifest: str) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        make_user_folder(path)
        (path / "manifest.json").write_text(manifest)

    return make


def make_folder_with_a_folder_of_that_name(path: Path) -> None:
    (path / "manifest.json" / "x").mkdir(parents=True)


def make_link_to_user_folder(path: Path) -> None:
    make_user_folder(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


USERS = {
    "a file": make_file,
    "a folder": make_user_folder,
    "a link to a folder": make_link_to_user_folder,
    "a browser extension": make_folder_with('{"manifest_version": 3, "name": "x"}'),
    "a manifest that is no object": make_folder_with("[1]"),
    "a manifest that is no JSON": make_folder_with("\x00"),
    "a manifest that is too deep": make_folder_with("[" * 100_000),
    "a folder for a manifest": make_folder_with_a_folder_of_that_name,
}


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("make", USERS.values(), ids=USERS)
def test_what_a_user_has_there_is_never_replaced(
    tmp_path: Path, make: Callable[[Path], None], replace: bool
) -> None:
    make(tmp_path / "out")
    before = names(tmp_path), contents(tmp_path)
    with pytest.raises(ConfigError, match="out is") as caught:
        publish(tmp_path / "out", replace=replace)
    assert "\n" not in str(caught.value)
    assert (names(tmp_path), contents(tmp_path)) == before


@pytest.mark.parametrize("old", ["export", "empty folder"])
def test_a_folder_that_is_there_is_replaced_only_when_that_is_asked_for(tmp_path: Path, old: str) -> None:
    path = tmp_path / "out"
    if old == "export":
        publish(path, "old")
    else:
        path.mkdir()
    before = contents(tmp_path)
    with pytest.raises(ConfigError, match="out is there already: name another folder or give --replace"):
        publish(path)
    assert contents(tmp_path) == before
    publish(path, replace=True)
    assert contents(path) == export_of("new")
    assert names(tmp_path) == ["out"]


def test_replacing_takes_every_old_file_away_and_readers_keep_theirs(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")
    (tmp_path / "out" / "cache").mkdir()
    with (tmp_path / "out" / "data" / "train.jsonl").open() as reader:
        publish(tmp_path / "out", replace=True)
        assert reader.read() == "old"
    assert names(tmp_path / "out") == ["data", "manifest.json"]


def test_replacing_where_nothing_is_publishes(tmp_path: Path) -> None:
    publish(tmp_path / "out", replace=True)
    assert contents(tmp_path / "out") == export_of("new")


@pytest.mark.parametrize("there", [False, True])
def test_a_link_stays_a_link_to_the_new_folder(tmp_path: Path, there: bool) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "latest"
    link.symlink_to(Path("elsewhere", "v1"))
    if there:
        publish(tmp_path / "elsewhere" / "v1", "old")
    publish(link, replace=there)
    assert link.is_symlink()
    assert contents(tmp_path / "elsewhere" / "v1") == export_of("new")
    assert names(tmp_path / "elsewhere") == ["v1"]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to("out")
    with pytest.raises(ConfigError, match="out"):
        publish(tmp_path / "out", replace=True)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("absent/out", "cannot be written: there is no folder .*absent"),
        ("file/out", "cannot be written: there is no folder .*file"),
        ("x" * 300, "cannot be written: File name too long"),
        ("/dev/null", "is not a folder: name another path"),
        ("/", "is where a disk is mounted: name a folder in it"),
        ("/proc/out", "/proc/out cannot be written: .*: /proc"),
    ],
)
def test_a_place_where_no_folder_can_be_put_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    with pytest.raises(ConfigError, match=reason) as caught:
        publish(Path(path), replace=True)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == ["file"]


def test_a_parent_that_cannot_be_written_to_is_refused(tmp_path: Path) -> None:
    with (
        mounted_disk(tmp_path / "disk", "ro") as disk,
        pytest.raises(ConfigError, match="out cannot be written: Read-only file system"),
    ):
        publish(disk / "out")


def test_an_empty_disk_that_is_mounted_there_is_refused(tmp_path: Path) -> None:
    with (
        mounted_disk(tmp_path / "disk", "size=64k") as disk,
        pytest.raises(ConfigError, match="a disk is mounted"),
    ):
        publish(disk, replace=True)


def test_what_appears_while_the_folder_is_written_is_kept(tmp_path: Path) -> None:
    with (
        pytest.raises(StoreError, match="out was not written: Directory not empty"),
        published_folder(tmp_path / "out"),
    ):
        make_user_folder(tmp_path / "out")
    assert names(tmp_path) == ["out"]
    assert names(tmp_path / "out") == ["notes.txt"]


def test_what_a_user_puts_in_an_empty_folder_meanwhile_is_kept(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ConfigError, match="not empty"), published_folder(tmp_path / "out", replace=True):
        (tmp_path / "out" / "notes.txt").touch()
    assert names(tmp_path / "out") == ["notes.txt"]
    assert names(tmp_path) == ["out"]
