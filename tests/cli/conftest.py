"""Commands run as a user runs them: their own process, their own folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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


def environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KITARAN_")}
    return {**kept, "COLUMNS": "100", "NO_COLOR": "1"}


@pytest.fixture
def kitaran(tmp_path: Path) -> Run:
    """Run the command in an empty folder and return how it ended."""

    def run(*arguments: str, within_s: float = 120, **variables: str) -> Ended:
        ended = subprocess.run(
            [KITARAN, *arguments],
            cwd=tmp_path,
            env={**environment(), **variables},
            capture_output=True,
            text=True,
            timeout=within_s,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        assert "Traceback" not in ended.stderr or "KITARAN_DEBUG" in variables, ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run
