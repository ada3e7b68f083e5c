"""Kept runs: found by what went into them, so that the same name always means the same figures."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kitaran.api import runs as module
from kitaran.api.runs import Request, StoredRun, StoredRuns
from kitaran.foundation.errors import NotFoundError, WorkspaceError
from kitaran.foundation.workspace import Workspace
from kitaran.planning.scenario import names

SMALL = "name: small\ntitle: Two islands\neconomies: [NRU, TUV]\n"


@pytest.fixture
def small(tmp_path: Path) -> Request:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return Request(str(file), samples=10, seed=1)


@pytest.fixture
def runs(workspace: Workspace) -> StoredRuns:
    return StoredRuns(workspace)


def finished(workspace: Workspace, run_id: str) -> StoredRun:
    """A folder that looks like a finished run; what it holds is not asked here."""
    folder = workspace.runs / run_id
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    return StoredRun(run_id, folder)


def test_a_run_is_found_again_by_its_inputs(runs: StoredRuns, small: Request) -> None:
    assert runs.find(small) is None
    made = runs.make(small)
    assert runs.find(small) == made == runs.get(made.id)
    assert made.manifest["samples"] == 10
    assert made.id.startswith("small-")


def test_every_input_of_a_run_is_part_of_its_name(
    runs: StoredRuns, small: Request, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [
        runs.id_of(small),
        runs.id_of(Request(small.scenario, 11, 1)),
        runs.id_of(Request(small.scenario, 10, 2)),
    ]
    Path(small.scenario).write_text(SMALL.replace("Two islands", "Two small islands"))
    ids.append(runs.id_of(small))
    (workspace.overrides / "ev_sales.csv").write_text("economy\n")
    ids.append(runs.id_of(small))
    (workspace.overrides / "ev_sales.csv").write_text("economy,note\n")
    ids.append(runs.id_of(small))
    monkeypatch.setattr(module, "packaged_digest", lambda: "another table or another line of code")
    ids.append(runs.id_of(small))
    assert len(set(ids)) == len(ids)


def test_packaged_scenarios_have_names_of_their_own(runs: StoredRuns) -> None:
    ids = {runs.id_of(Request(name)) for name in names()}
    assert {run_id.rpartition("-")[0] for run_id in ids} == set(names())
    assert len({run_id.rpartition("-")[2] for run_id in ids}) == len(names())


def test_a_packaged_run_is_looked_up_without_the_planning_library(workspace: Workspace) -> None:
    program = f"""
import sys
from pathlib import Path
from kitaran.api.runs import Request, StoredRuns
from kitaran.foundation.workspace import Workspace
StoredRuns(Workspace.open(Path({str(workspace.root)!r}))).find(Request())
print([name for name in ("scipy", "duckdb", "kitaran.planning.scenario") if name in sys.modules])
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"


def test_the_run_made_or_chosen_last_stands_first(runs: StoredRuns, workspace: Workspace) -> None:
    first, second = finished(workspace, "a-1"), finished(workspace, "a-2")
    assert [run.id for run in runs.finished()] == ["a-2", "a-1"]
    runs.choose(first)
    assert [run.id for run in runs.finished()] == ["a-1", "a-2"]
    runs.choose(second)
    assert runs.finished()[0].id == "a-2"


def test_a_folder_without_manifest_is_no_run(runs: StoredRuns, workspace: Workspace) -> None:
    (workspace.runs / "a-1").mkdir()
    assert runs.finished() == []
    with pytest.raises(NotFoundError):
        runs.get("a-1")


def test_what_duckdb_says_of_a_full_disk_is_told_with_a_remedy(tmp_path: Path) -> None:
    import duckdb

    with (
        pytest.raises(WorkspaceError, match="The disk is full") as error,
        module.duckdb_on_a_full_disk(tmp_path),
    ):
        raise duckdb.IOException("Could not write file: No space left on device\nat byte 7")
    assert "Free some space" in error.value.remedy
    with (
        pytest.raises(WorkspaceError, match="could not be written: Broken disk") as error,
        module.duckdb_on_a_full_disk(tmp_path),
    ):
        raise duckdb.IOException("Broken disk\nat byte 7")
    assert "at byte 7" not in error.value.cause


def test_a_kept_run_is_read_without_scipy(workspace: Workspace) -> None:
    program = """
import sys
from kitaran.planning.scenario import read_run
print([name for name in ("scipy", "kitaran.planning.fleet") if name in sys.modules])
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
