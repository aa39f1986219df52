"""The `sft` export: what a row becomes, that its bytes repeat, that a file appears whole or not at all."""

import asyncio
import errno
import hashlib
import json
import os
import resource
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exports import AcceptedRow
from flows.atomic import write_errors
from flows.export import FORMATS, Exported, export, export_sft
from sampling.errors import ConfigError, StoreError
from sampling.records import FinishReason, Outcome, Problem, Response, Verdict, problem_id

AWKWARD = [
    "",
    "two\nlines\r\n",
    "caf\u00e9 \u6570\u5b66 \U0001f600",
    'quotes " and \\boxed{1}',
    "nul \x00, bell \x07, escape \x1b, delete \x7f",
    "separators \u2028 \u2029 \x85 \x1e",
    "lone \ud83d surrogates \ude00",
    '{"json": [1, null]}',
    "right \u202e to left",
    "x" * 100_000,
]


def accepted(prompt: str = "What is 3 + 4?", text: str = "\\boxed{7}", number: int = 0) -> AcceptedRow:
    return AcceptedRow(
        run_id="run-1",
        problem=Problem(problem_id(prompt, "7"), prompt, "7", level="1 sum", source="demo"),
        number=number,
        seed=11,
        response=Response(text, FinishReason.STOP, 20, 9, 0.5, "SmolLM2"),
        verdict=Verdict(Outcome.ACCEPTED, "equal", "math", "1"),
    )


def records(path: Path) -> list[dict[str, object]]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def test_a_row_becomes_a_chat_with_what_explains_it(tmp_path: Path) -> None:
    exported = export_sft([accepted(number=3)], tmp_path / "sft.jsonl")
    assert records(exported.path) == [
        {
            "messages": [
                {"role": "user", "content": "What is 3 + 4?"},
                {"role": "assistant", "content": "\\boxed{7}"},
            ],
            "metadata": {
                "problem_id": problem_id("What is 3 + 4?", "7"),
                "run_id": "run-1",
                "number": 3,
                "model": "SmolLM2",
                "level": "1 sum",
                "source": "demo",
            },
        }
    ]


def test_rows_keep_their_order_and_the_checksum_is_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sft.jsonl"
    exported = export_sft((accepted(f"q{n}") for n in range(500)), path)
    assert exported == Exported(500, hashlib.sha256(path.read_bytes()).hexdigest(), path)
    chats = [record["messages"] for record in records(path)]
    assert [chat[0]["content"] for chat in chats if isinstance(chat, list)] == [f"q{n}" for n in range(500)]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = (
        export_sft([accepted(text, text) for text in AWKWARD], tmp_path / name) for name in ("one", "two")
    )
    assert one.path.read_bytes() == two.path.read_bytes()
    assert one.sha256 == two.sha256


@pytest.mark.parametrize(
    "text", AWKWARD, ids=[text[:12].encode("unicode_escape").decode() for text in AWKWARD]
)
def test_awkward_text_comes_back_equal_and_takes_one_line(tmp_path: Path, text: str) -> None:
    path = export_sft([accepted(text, text)], tmp_path / "sft.jsonl").path
    data = path.read_bytes()
    assert data.endswith(b"\n")
    assert len(data.decode("utf-8").splitlines()) == 1
    assert records(path)[0]["messages"] == [
        {"role": "user", "content": text},
        {"role": "assistant", "content": text},
    ]


def paired(text: str) -> str:
    """The text with each high surrogate that a low one follows read as the character that they encode."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


@given(st.lists(st.text(st.characters()), max_size=5))
def test_any_text_comes_back_equal(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("export") / "sft.jsonl"
    export_sft((accepted("q", text) for text in texts), path)
    expected = [
        [{"role": "user", "content": "q"}, {"role": "assistant", "content": paired(text)}] for text in texts
    ]
    assert [record["messages"] for record in records(path)] == expected


def test_text_that_utf8_can_hold_is_not_escaped(tmp_path: Path) -> None:
    path = export_sft([accepted("caf\u00e9 \u6570\u5b66 \U0001f600")], tmp_path / "sft.jsonl").path
    assert "caf\u00e9 \u6570\u5b66 \U0001f600" in path.read_text(encoding="utf-8")


def test_no_rows_make_an_empty_file(tmp_path: Path) -> None:
    exported = export_sft([], tmp_path / "sft.jsonl")
    assert (exported.rows, exported.path.read_bytes()) == (0, b"")
    assert exported.sha256 == hashlib.sha256(b"").hexdigest()


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    tracemalloc.start()
    export_sft((accepted(text="x" * 5_000, number=n) for n in range(4_000)), tmp_path / "sft.jsonl")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (tmp_path / "sft.jsonl").stat().st_size > 20_000_000
    assert peak < 1_000_000


def breaking(error: BaseException) -> Iterator[AcceptedRow]:
    yield accepted()
    raise error


@pytest.mark.parametrize(
    "error", [RuntimeError("store gone"), KeyboardInterrupt(), asyncio.CancelledError(), OSError("not ours")]
)
@pytest.mark.parametrize("before", [None, b"what was there"])
def test_an_interrupted_export_leaves_nothing_and_keeps_what_was_there(
    tmp_path: Path, error: BaseException, before: bytes | None
) -> None:
    path = tmp_path / "sft.jsonl"
    if before is not None:
        path.write_bytes(before)
    with pytest.raises(type(error)) as caught:
        export_sft(breaking(error), path)
    assert caught.value is error
    assert [entry.name for entry in tmp_path.iterdir()] == ([] if before is None else ["sft.jsonl"])
    assert before is None or path.read_bytes() == before


def test_the_final_name_shows_nothing_until_the_export_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "sft.jsonl"

    def watched() -> Iterator[AcceptedRow]:
        yield accepted(text="x" * 1_000_000)
        assert not path.exists()
        assert [entry.suffix for entry in tmp_path.iterdir()] == [".part"]

    export_sft(watched(), path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["sft.jsonl"]


def test_an_existing_file_is_replaced_and_its_readers_keep_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "sft.jsonl"
    path.write_text("old")
    with path.open() as reader:
        export_sft([accepted()], path)
        assert reader.read() == "old"
    assert len(records(path)) == 1


def test_the_file_has_the_mode_that_other_new_files_have(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    path = export_sft([accepted()], tmp_path / "sft.jsonl").path
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link_to_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "latest.jsonl"
    link.symlink_to(tmp_path / "elsewhere" / "v1.jsonl")
    export_sft([accepted()], link)
    assert link.is_symlink()
    assert len(records(tmp_path / "elsewhere" / "v1.jsonl")) == 1


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/dev/null", "is not a file"), (".", "is not a file"), ("absent/x.jsonl", "no folder")],
)
def test_a_path_where_no_file_can_be_put_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, reason: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=reason):
        export_sft([accepted()], Path(path))
    assert list(tmp_path.iterdir()) == []
    assert Path("/dev/null").is_char_device()


def test_a_file_that_grows_past_its_limit_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"sft\.jsonl was not written: no space for it in .*: free some"):
            export_sft((accepted(text="x" * 100_000) for _ in range(20)), tmp_path / "sft.jsonl")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 KiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("a small disk can be mounted by root alone")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("size", "rows"), [(1_000, 50), (20_000, 2_000)], ids=["at the end", "on the way"])
def test_a_full_disk_is_told_and_keeps_what_was_there(small_disk: Path, size: int, rows: int) -> None:
    path = small_disk / "sft.jsonl"
    path.write_bytes(b"x" * 200_000 + b"\n")
    with pytest.raises(StoreError, match=r"No space left on device\): free some and run the command again"):
        export_sft((accepted(text="x" * size) for _ in range(rows)), path)
    assert [entry.name for entry in small_disk.iterdir()] == ["sft.jsonl"]
    assert path.stat().st_size == 200_001
    path.unlink()
    assert export_sft([accepted()], path).rows == 1


@pytest.mark.parametrize("code", [errno.EROFS, errno.EACCES, errno.EIO])
def test_what_the_system_says_of_a_write_is_told(code: int) -> None:
    with pytest.raises(StoreError, match=f"x was not written: {os.strerror(code)}$"), write_errors(Path("x")):
        raise OSError(code, os.strerror(code))


def test_an_unknown_format_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="format: 'sfx' is unknown; known are sft"):
        export("sfx", [], tmp_path / "x")
    assert "sft" in FORMATS


LOAD = """
import json, sys
import datasets

datasets.disable_progress_bars()
loaded = datasets.load_dataset("json", data_files=sys.argv[1], split="train")
print(json.dumps([loaded.column_names, loaded["messages"][:], loaded["metadata"][:]]))
"""


def test_the_datasets_library_loads_what_was_exported(tmp_path: Path) -> None:
    if find_spec("datasets") is None:
        pytest.skip("the `datasets` library is not installed (extra `dev`)")
    texts = [text for text in AWKWARD if "\ud83d" not in text]
    path = export_sft([accepted("q", text, n) for n, text in enumerate(texts)], tmp_path / "sft.jsonl").path
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(path)],
        check=True,
        capture_output=True,
        env={"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "home"), "PATH": "/usr/bin"},
        timeout=120,
    )
    columns, messages, metadata = json.loads(done.stdout)
    assert columns == ["messages", "metadata"]
    assert [chat[1]["content"] for chat in messages] == texts
    assert [entry["number"] for entry in metadata] == list(range(len(texts)))
