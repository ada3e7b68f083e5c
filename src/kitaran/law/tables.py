"""Reading the law's tables: CSV and YAML in the package, or beside it for an authority's own facts."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from kitaran.foundation.errors import InputError
from kitaran.foundation.given_files import text_of
from kitaran.law.records import CONFIDENCE, FIRST_DAY, LAST_DAY, SEEN

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def packaged_bytes(name: str) -> bytes:
    """The bytes of a packaged table."""
    return resources.files("kitaran.law").joinpath("tables", name).read_bytes()


def packaged_names() -> list[str]:
    """The names of all packaged tables, sorted."""
    folder = resources.files("kitaran.law").joinpath("tables")
    return sorted(entry.name for entry in folder.iterdir() if entry.name.endswith((".csv", ".yaml")))


def packaged_rows(name: str) -> list[dict[str, str]]:
    """The rows of a packaged CSV table."""
    return list(csv.DictReader(packaged_bytes(name).decode("utf-8").splitlines()))


def packaged_yaml(name: str) -> Any:
    """The content of a packaged YAML table."""
    return yaml.load(packaged_bytes(name), Loader=_LOADER)


def own_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV of own facts with their line. Raises InputError if it cannot be read."""
    reader = csv.DictReader(text_of(path, "Give a CSV file in UTF-8.").splitlines())
    for row in reader:
        yield reader.line_num, {key: (value or "").strip() for key, value in row.items() if key}


def dates(row: Mapping[str, Any], place: str) -> dict[str, str]:
    """The four days of a row as ISO text; empty means without limit. Raises InputError on a wrong day."""
    limits = {"valid_from": FIRST_DAY, "valid_to": LAST_DAY, "known_from": FIRST_DAY, "known_to": LAST_DAY}
    found = {}
    for name, otherwise in limits.items():
        text = str(row.get(name) or "")
        if text and not _DAY.fullmatch(text):
            raise InputError(f"{name} {text!r} is no day.", place, "Write it as YYYY-MM-DD.")
        found[name] = text or otherwise
    return found


def cited(row: Mapping[str, Any], sources: Mapping[str, Any], place: str) -> dict[str, str]:
    """Text, citation, source, seen and confidence of a row. Raises InputError if one is wrong or missing."""
    for source in str(row.get("source") or "").split(";"):
        if source not in sources:
            raise InputError(f"source {source!r} stands in no table.", place, "Name a source of sources.csv.")
    for name, known in (("seen", SEEN), ("confidence", CONFIDENCE)):
        if row.get(name) not in known:
            raise InputError(
                f"{name} {row.get(name)!r} is unknown.", place, f"Use one of {', '.join(known)}."
            )
    if not row.get("cite"):
        raise InputError("The citation is empty.", place, "Name the instrument and the article.")
    return {name: str(row.get(name) or "") for name in ("text", "cite", "source", "seen", "confidence")}


@lru_cache(maxsize=4096)
def words(text: str | None) -> tuple[str, ...]:
    """The parts of a cell that are parted by bars."""
    return tuple(part for part in (text or "").split("|") if part)
