"""A workspace is whole or it is not there."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kitaran.foundation import disk
from kitaran.foundation.disk import filled_folder, write_whole
from kitaran.foundation.errors import WorkspaceError
from kitaran.foundation.lock import sole_server
from kitaran.foundation.workspace import FORMAT, Workspace


def refuse(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """From here on the disk refuses to make a written file last."""

    def fsync(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fsync)


def test_a_new_workspace_has_its_folders_and_its_format(tmp_path: Path) -> None:
    made = Workspace.make(tmp_path / "country" / "kitaran-data")
    assert made.version_file.read_text().startswith(f"{FORMAT}\n")
    assert {entry.name for entry in made.root.iterdir()} == {"VERSION", "runs", "overrides", "uploads"}


def test_making_it_again_changes_nothing(tmp_path: Path) -> None:
    made = Workspace.make(tmp_path / "w")
    (made.overrides / "ev_sales.csv").write_text("economy\n")
    assert Workspace.make(tmp_path / "w") == made == Workspace.open(tmp_path / "w")
    assert (made.overrides / "ev_sales.csv").read_text() == "economy\n"


def test_an_empty_folder_becomes_a_workspace(tmp_path: Path) -> None:
    assert Workspace.make(tmp_path).version_file.is_file()


def test_a_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(WorkspaceError, match=r"thesis\.docx"):
        Workspace.make(tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.docx"]


def test_opening_what_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError) as error:
        Workspace.open(tmp_path / "w")
    assert "kitaran up" in error.value.remedy


def test_a_workspace_of_a_newer_kitaran_is_refused(workspace: Workspace) -> None:
    workspace.version_file.write_text(f"{FORMAT + 1}\nmade by a later Kitaran\n")
    with pytest.raises(WorkspaceError, match=f"format {FORMAT + 1}") as error:
        Workspace.make(workspace.root)
    assert "newer Kitaran" in error.value.remedy


@pytest.mark.parametrize("text", ["one", "", "0", "\u00b2", "9" * 5000])
def test_a_version_that_is_no_number_is_refused(workspace: Workspace, text: str) -> None:
    workspace.version_file.write_text(f"{text}\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=f"reads '{text[:40]}"):
        Workspace.open(workspace.root)


def test_a_file_in_the_way_is_told_and_kept(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("a file")
    for place in (tmp_path / "w", tmp_path / "w" / "deeper"):
        with pytest.raises(WorkspaceError, match="A file stands where a folder is needed") as error:
            Workspace.make(place)
        assert error.value.remedy
    assert (tmp_path / "w").read_text() == "a file"


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written"), (errno.EIO, "refused")],
)
def test_a_workspace_that_cannot_be_finished_is_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    refuse(monkeypatch, code)
    with pytest.raises(WorkspaceError, match=words) as error:
        Workspace.make(tmp_path / "country" / "w")
    assert error.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_workspace_that_turned_read_only_is_told(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write_bytes(self: Path, _: bytes) -> int:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(self))

    monkeypatch.setattr(Path, "write_bytes", write_bytes)
    with pytest.raises(WorkspaceError, match="cannot be written") as error:
        Workspace.make(workspace.root)
    assert "--workspace" in error.value.remedy


def test_a_folder_that_a_killed_process_left_without_version_is_completed(workspace: Workspace) -> None:
    workspace.version_file.unlink()
    (workspace.root / ".part-77-VERSION").touch()
    assert Workspace.make(workspace.root).version_file.is_file()


def test_a_folder_that_someone_deleted_is_made_again(workspace: Workspace) -> None:
    workspace.uploads.rmdir()
    (workspace.runs / "notes.txt").touch()
    with sole_server(Workspace.make(workspace.root)):
        assert workspace.uploads.is_dir()


def test_a_file_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a.csv", b"old")
    refuse(monkeypatch, errno.ENOSPC)
    with pytest.raises(WorkspaceError, match="disk is full"):
        write_whole(tmp_path / "a.csv", b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"old"


def test_a_filled_folder_keeps_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").touch()
    with filled_folder(tmp_path / "out", last="manifest.json") as part:
        (part / "manifest.json").touch()
        (part / "headline.parquet").touch()
        assert not (tmp_path / "out" / "manifest.json").exists()
    assert {e.name for e in (tmp_path / "out").iterdir()} == {
        "headline.parquet",
        "letter.txt",
        "manifest.json",
    }


def test_the_last_file_moves_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[str] = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved.append(self.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    with filled_folder(tmp_path / "out", last="manifest.json") as part:
        for name in ("z.parquet", "manifest.json", "a.parquet"):
            (part / name).touch()
    assert moved == ["a.parquet", "z.parquet", "manifest.json"]


def test_a_run_on_a_full_disk_leaves_no_folder(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkspaceError, match="disk is full"),
        filled_folder(tmp_path / "runs" / "a", last="manifest.json") as part,
    ):
        (part / "headline.parquet").write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(resource, "RLIMIT_FSIZE"), reason="this system cannot limit the size of files"
)
def test_a_limit_on_file_size_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    program = f"""
import resource
from pathlib import Path
from kitaran.foundation.disk import filled_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
with filled_folder(Path({str(tmp_path / "run")!r}), last="manifest.json") as part:
    (part / "headline.parquet").write_bytes(bytes(10_000))
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "WorkspaceError" in ended.stderr
    assert "limit on file size" in ended.stderr
    assert list(tmp_path.iterdir()) == []


def test_two_servers_on_one_workspace_do_not_clash(workspace: Workspace) -> None:
    with sole_server(workspace) as lock:
        lock.say("process 12 serves it at http://127.0.0.1:8474")
        with pytest.raises(WorkspaceError, match=r"http://127\.0\.0\.1:8474"), sole_server(workspace):
            pass
    with sole_server(workspace):
        pass


def test_what_a_killed_process_left_is_swept_and_work_in_progress_is_not(workspace: Workspace) -> None:
    run = workspace.runs / "asia-pacific-1"
    for name in (".part-left", ".part-at-work"):
        (run / name).mkdir(parents=True)
        (run / name / "headline.parquet").touch()
    (workspace.overrides / ".part-9-ev_sales.csv").touch()
    for left in (run / ".part-left", workspace.overrides / ".part-9-ev_sales.csv"):
        os.utime(left, (0, 0))
    with sole_server(workspace):
        assert [entry.name for entry in run.iterdir()] == [".part-at-work"]
        assert list(workspace.overrides.iterdir()) == []


def test_the_words_for_a_full_disk_name_a_remedy() -> None:
    fault = disk.explain(OSError(errno.EDQUOT, "quota"), Path("runs")).faults[0]
    assert "Free some space" in fault.remedy
