"""What went into a run, so that it can be repeated and compared: hashes, versions, seed, overrides.

No clock and no path: the same inputs give the same manifest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kitaran import __version__
from kitaran.reference import library

if TYPE_CHECKING:
    from kitaran.planning.scenario.model import Scenario

FORMAT = 1
NAME = "manifest.json"


def manifest(
    scenario: Scenario,
    samples: int,
    seed: int,
    economies: Iterable[str],
    tables: Iterable[str],
    overrides: Path | None,
    folder: Path,
    retired_by: Mapping[str, Any],
) -> dict[str, Any]:
    """The manifest of a run whose Parquet files stand in `folder`.

    retired_by : what batteries retired by, as `Results.retired_by` tells it
    """
    from kitaran.planning.scenario.loading import dumps
    from kitaran.planning.scenario.observed_tables import named

    used = sorted(set(tables))
    inputs = table_hashes(used, overrides)
    scenario_hash = sha256(dumps(scenario).encode())
    whole = json.dumps([scenario_hash, inputs, samples, seed, __version__], sort_keys=True)
    economies = sorted(economies)
    starts_from = named(economies, overrides)
    return {
        **({"initial_stock": starts_from} if starts_from else {}),
        "format": FORMAT,
        "kind": "scenario run",
        "scenario": {
            "name": scenario.name,
            "title": scenario.title,
            "about": scenario.about,
            "sha256": scenario_hash,
            "definition": json.loads(dumps(scenario)),
        },
        "battery_lifetimes": {"basis": scenario.battery_lifetimes, "retired_by": dict(retired_by)},
        "samples": samples,
        "seed": seed,
        "economies": economies,
        "inputs": inputs,
        "inputs_sha256": sha256(whole.encode()),
        "overrides": overridden_rows(used, overrides),
        "versions": {
            "kitaran": __version__,
            **{name: metadata.version(name) for name in ("numpy", "scipy", "duckdb")},
        },
        "files": {file.name: sha256(file.read_bytes()) for file in sorted(folder.glob("*.parquet"))},
    }


def table_hashes(names: Iterable[str], overrides: Path | None) -> dict[str, str]:
    """SHA-256 of each table as used: the packaged file, and the override laid over it if there is one."""
    books = library(overrides)
    hashes = {}
    for name in names:
        content = (books.folder / f"{name}.csv").read_bytes()
        own = overrides / f"{name}.csv" if overrides else None
        hashes[name] = sha256(content + (own.read_bytes() if own and own.is_file() else b""))
    return hashes


def overridden_rows(names: Iterable[str], overrides: Path | None) -> list[str]:
    """Ids of the rows of the workspace that stand in place of packaged ones."""
    if overrides is None:
        return []
    books = library(overrides)
    return sorted(row for name in names for row in books.table(name).overridden)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def encoded(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
