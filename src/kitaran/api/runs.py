"""Scenario runs that a workspace keeps: found again by what went into them, made when they are missing.

A run is kept under `runs/NAME-DIGEST`. The digest covers the scenario, samples, seed, the user's overrides,
the packaged tables and the planning code, so that the same name always means the same figures.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kitaran import __version__
from kitaran.foundation.disk import explain
from kitaran.foundation.errors import NotFoundError, WorkspaceError
from kitaran.foundation.progress import NO_PROGRESS, Progress
from kitaran.foundation.workspace import Workspace

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Request:
    """What a run is asked to be: a packaged scenario's name or a file, samples, seed."""

    scenario: str = "asia-pacific"
    samples: int = 200
    seed: int = 1


@dataclass(frozen=True)
class StoredRun:
    """A finished run in the workspace."""

    id: str
    folder: Path

    @property
    def manifest_path(self) -> Path:
        return self.folder / MANIFEST

    @cached_property
    def manifest(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.manifest_path.read_bytes())
        return content


class StoredRuns:
    """The runs of one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def finished(self) -> list[StoredRun]:
        """All finished runs, the one made or chosen last first."""
        manifests = sorted(
            self._workspace.runs.glob(f"*/{MANIFEST}"), key=lambda path: path.stat().st_mtime_ns, reverse=True
        )
        return [StoredRun(path.parent.name, path.parent) for path in manifests]

    def get(self, run_id: str) -> StoredRun:
        """Raises NotFoundError if no finished run has this id."""
        for run in self.finished():
            if run.id == run_id:
                return run
        raise NotFoundError("There is no such run.", f"run {run_id}", "Look at the list of runs.")

    def find(self, request: Request) -> StoredRun | None:
        """The finished run of exactly these inputs and the present overrides, if there is one."""
        run_id = self.id_of(request)
        folder = self._workspace.runs / run_id
        return StoredRun(run_id, folder) if (folder / MANIFEST).is_file() else None

    def choose(self, run: StoredRun) -> StoredRun:
        """Put a kept run first in `finished`, as if it was made just now: pages show the first."""
        now = time.time_ns()  # not `touch`, whose clock stands still for milliseconds
        os.utime(run.manifest_path, ns=(now, now))
        return run

    def make(self, request: Request, progress: Progress = NO_PROGRESS) -> StoredRun:
        """Run the scenario into the workspace, whole or not at all."""
        run_id = self.id_of(request)
        folder = self._workspace.runs / run_id
        run_into(folder, request, progress, self._workspace.overrides)
        return StoredRun(run_id, folder)

    def id_of(self, request: Request) -> str:
        """Name and digest of a run of the request with the present overrides."""
        name, definition = _named(request.scenario)
        digest = hashlib.sha256(packaged_digest().encode())
        for part in (name, definition, str(request.samples), str(request.seed)):
            digest.update(f"{len(part)}:{part}".encode())
        for path in sorted(self._workspace.overrides.glob("*.csv")):
            digest.update(f"{path.name}:".encode() + hashlib.sha256(path.read_bytes()).digest())
        return f"{name}-{digest.hexdigest()[:12]}"


def _named(scenario: str) -> tuple[str, str]:
    """Name and definition of a scenario.

    A packaged one is part of `packaged_digest` and needs no reading: the planning library is slow to import.
    """
    packaged = files("kitaran.planning") / "scenario" / "packaged"
    if (packaged / f"{scenario}.yaml").is_file():
        return scenario, ""
    from kitaran.planning.scenario import load

    definition = load(scenario)
    return definition.name, definition.model_dump_json()


def run_into(folder: Path, request: Request, progress: Progress, overrides: Path | None) -> None:
    """Run a scenario into `folder`, whole or not at all.

    Raises InputError for a scenario that cannot be run, WorkspaceError if the disk is full or refuses.
    """
    from kitaran.planning import scenario

    definition = scenario.load(request.scenario)
    with duckdb_on_a_full_disk(folder):
        scenario.run(definition, folder, request.samples, request.seed, progress, overrides)


@contextmanager
def duckdb_on_a_full_disk(folder: Path) -> Iterator[None]:
    """Tells as WorkspaceError what DuckDB, which writes the files of a run, says of a disk that refuses."""
    try:
        yield
    except Exception as error:
        duckdb = sys.modules.get("duckdb")
        if duckdb is None or not isinstance(error, duckdb.IOException):
            raise
        said = str(error)
        if any(os.strerror(number) in said for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)):
            raise explain(OSError(errno.ENOSPC, said), folder) from error
        raise WorkspaceError(
            f"The results could not be written: {said.splitlines()[0]}",
            str(folder),
            "Free some space (a whole-region run needs about 100 MB), or name a folder on another disk.",
        ) from error


@lru_cache(maxsize=1)
def packaged_digest() -> str:
    """SHA-256 over the version, the packaged tables and the planning code: what every run stands on."""
    digest = hashlib.sha256(__version__.encode())
    for package in ("kitaran.reference", "kitaran.planning"):
        for name, file in sorted(_files(files(package), package)):
            digest.update(f"{name}:".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _files(entry, name)
        else:
            yield name, entry
