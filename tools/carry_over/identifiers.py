"""Application identifiers of GS1 from its Barcode Syntax Dictionary, one row for each of its lines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]

DICTIONARY = "vectors/gs1-syntax-dictionary/gs1-syntax-dictionary.txt"
SOURCE = {"source": "gs1-syntax-dictionary-2026", "licence": "Apache-2.0", "grade": "B"}
COMPONENT = re.compile(r"\[?[NXYZ](\.\.)?\d+\]?(,\w+)*$")
FLAGS = re.compile(r"[*?!\"$%&'()+,\-./:;<=>@\[\\\]^_`{|}~]+$")


def rows(shared: Path) -> Rows:
    """Lines of the dictionary, parted into columns."""
    lines = (shared / DICTIONARY).read_text(encoding="utf-8").splitlines()
    return [_row(line) for line in lines if line.strip() and not line.startswith("#")]


def _row(line: str) -> dict[str, Any]:
    entry, _, title = line.partition("#")
    first, *words = entry.split()
    flags = words.pop(0) if FLAGS.fullmatch(words[0]) else ""
    components = [word for word in words if COMPONENT.match(word)]
    attributes = [word for word in words if not COMPONENT.match(word)]
    start, _, end = first.partition("-")
    key = [word.partition("=")[2] for word in attributes if word.partition("=")[0] == "dlpkey"]
    return {
        "first": start,
        "last": end or start,
        "predefined_length": "yes" if "*" in flags else "no",
        "link_attribute": "yes" if "?" in flags else "no",
        "components": " ".join(components),
        "requires": " ".join(_values(attributes, "req")),
        "excludes": " ".join(_values(attributes, "ex")),
        "link_key": "yes" if key else "no",
        "qualifiers": key[0] if key else "",
        "title": title.strip(),
        **SOURCE,
    }


def _values(attributes: list[str], name: str) -> list[str]:
    return [word.partition("=")[2] for word in attributes if word.startswith(f"{name}=")]
