"""`kitaran doctor`: is everything in place that Kitaran needs, and if not, what to do."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module, metadata
from pathlib import Path
from typing import Annotated

import typer

from kitaran import __version__
from kitaran.cli.output import AsJson, WorkspaceOption, print_json, print_table
from kitaran.foundation.errors import KitaranError
from kitaran.foundation.workspace import DEFAULT, Workspace

_NEEDED_SPACE_BYTES = 200_000_000
_OLDEST_SQLITE = (3, 35, 0)
_LOADED = (
    "numpy",
    "scipy",
    "duckdb",
    "pydantic",
    "sqlalchemy",
    "alembic",
    "huey",
    "fastapi",
    "uvicorn",
    "altair",
    "cryptography",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. good : it is as it should be; seen : what was found; remedy : empty if good."""

    what: str
    good: bool
    seen: str
    remedy: str = ""


def doctor(
    workspace: WorkspaceOption = None,
    as_json: AsJson = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 unless all is well.")] = False,
) -> None:
    """Look at Python, packages, workspace, disk and facts, and say what to mend."""
    findings = examine(workspace or DEFAULT)
    good = all(finding.good for finding in findings)
    if as_json:
        print_json(
            {"version": __version__, "ok": good, "findings": [asdict(finding) for finding in findings]}
        )
    else:
        rows = [["ok" if f.good else "MEND", f.what, f.seen, f.remedy] for f in findings]
        print_table(f"Kitaran {__version__}", ["", "what", "found", "remedy"], rows)
    if exit_code and not good:
        raise typer.Exit(1)


def examine(folder: Path) -> list[Finding]:
    """Everything that is looked at, in order."""
    return [
        _python(),
        _packages(),
        _sqlite(),
        _space(folder),
        _workspace(folder),
        _settings(folder),
        _facts(folder),
    ]


def _python() -> Finding:
    good = sys.version_info >= (3, 11)
    return Finding("Python", good, platform.python_version(), "" if good else "Install Python 3.11 or newer.")


def _packages() -> Finding:
    missing = [name for name in _LOADED if not _loads(name)]
    if missing:
        return Finding(
            "packages", False, f"{', '.join(missing)} cannot be loaded", "Run: pip install kitaran"
        )
    return Finding("packages", True, ", ".join(f"{name} {metadata.version(name)}" for name in _LOADED))


def _loads(name: str) -> bool:
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def _sqlite() -> Finding:
    good = sqlite3.sqlite_version_info >= _OLDEST_SQLITE
    remedy = "" if good else f"Use a Python with SQLite {'.'.join(map(str, _OLDEST_SQLITE))} or newer."
    return Finding("SQLite", good, sqlite3.sqlite_version, remedy)


def _space(folder: Path) -> Finding:
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    free = shutil.disk_usage(there).free
    good = free >= _NEEDED_SPACE_BYTES
    remedy = "" if good else f"Free some space; a run needs up to {_NEEDED_SPACE_BYTES // 1_000_000} MB."
    return Finding("disk", good, f"{free / 1e9:.1f} GB free at {there}", remedy)


def _workspace(folder: Path) -> Finding:
    if not (folder / "VERSION").exists():
        return Finding("workspace", True, f"none yet at {folder}; `kitaran up` makes it")
    return _examined("workspace", lambda: f"{Workspace.make(folder).root}, can be written")


def _settings(folder: Path) -> Finding:
    from kitaran.foundation.settings import read_settings

    return _examined("settings", lambda: str(read_settings(Workspace(folder).settings_file)))


def _facts(folder: Path) -> Finding:
    from kitaran import reference

    overrides = Workspace(folder).overrides

    def errors() -> str:
        found = reference.check(overrides=overrides if overrides.is_dir() else None)
        wrong = [finding for finding in found if finding.level == "error"]
        if wrong:
            raise KitaranError(f"{len(wrong)} errors in the tables", "facts", "Run: kitaran data check")
        return f"{len(reference.names())} tables, no errors, {len(found)} flagged rows"

    return _examined("facts", errors)


def _examined(what: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(what, True, look())
    except KitaranError as error:
        return Finding(what, False, error.faults[0].cause, error.faults[0].remedy)
    except Exception as error:  # a doctor who faints helps nobody
        return Finding(what, False, f"{type(error).__name__}: {error}", "Install Kitaran anew.")
