"""Other programs, in environments of their own, that answer beside us. `.ci/run` provides them."""

from __future__ import annotations

import os

import pytest

BLAST, FLODYM = "KITARAN_BLAST_PYTHON", "KITARAN_FLODYM_PYTHON"
_HOLDS = {BLAST: "blast-lite 1.1.1", FLODYM: "flodym 1.1.0"}
# read here: each test runs without such settings
_NAMED = {name: os.environ.get(name) for name in _HOLDS}
_REQUIRED = bool(os.environ.get("KITARAN_REQUIRE_PEERS"))


def interpreter(name: str) -> str:
    """The Python that has the peer. Without one the test is skipped, or fails where it must be here."""
    found = _NAMED[name]
    if found:
        return found
    lacking = f"{name} names no interpreter that has {_HOLDS[name]}"
    if _REQUIRED:
        pytest.fail(f"{lacking}, and KITARAN_REQUIRE_PEERS forbids to skip", pytrace=False)
    pytest.skip(lacking)
