"""Commands run as a user runs them, each in an empty folder."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.migrated import migrated_once

from kitaran.cli import main

KITARAN = Path(sys.executable).with_name("kitaran")


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON object on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ended]


@pytest.fixture(autouse=True, scope="module")
def _migrated_once() -> Iterator[None]:
    """The migrations run once in this process, not for each workspace."""
    with migrated_once():
        yield


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KITARAN_")}
    return {**kept, "COLUMNS": "100", "NO_COLOR": "1"}


@pytest.fixture
def kitaran(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder, inside this process, and return how it ended."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: str) -> Ended:
        out, err, code = io.StringIO(), io.StringIO(), 0
        monkeypatch.setattr(sys, "argv", ["kitaran", *arguments])
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as left:
                code = int(left.code or 0)
        return Ended(code, out.getvalue(), err.getvalue())

    return run


@pytest.fixture
def kitaran_process(tmp_path: Path) -> Run:
    """The same as a process of its own, with environment variables as the user sets them."""

    def run(*arguments: str, **variables: str) -> Ended:
        ended = subprocess.run(
            [KITARAN, *arguments],
            cwd=tmp_path,
            env={**environment(), **variables},
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run
