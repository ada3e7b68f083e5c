"""What a published form requires and an export does not say: it is not known, or not the reader's to read.

`required_paths.csv` holds the required members of both published schemas, each required where what lies above
it is there. An aspect of Battery Pass is left out if nothing of it is said, and is missing then as a whole.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from kitaran.registry.passport.attributes import attributes

_ENTRY: Final = re.compile(r"\[[^\]]*\]")


@lru_cache(maxsize=2)
def required_paths(form: str) -> tuple[str, ...]:
    """Paths of the members that a form requires, such as `a.b[].c`, in the order of its schema."""
    text = (files(__package__) / "required_paths.csv").read_text("utf-8")
    return tuple(row["path"] for row in csv.DictReader(text.splitlines()) if row["form"] == form)


def missing(document: Mapping[str, Any], form: str) -> list[dict[str, Any]]:
    """`{path, attributes}` of each required member that the document lacks, with the attributes that would
    fill it; those further down in what is lacking as a whole count to it.
    """
    lacking = [path for path in required_paths(form) if _lacks(document, path)]
    return [{"path": path, "attributes": _attributes(path, form)} for path in lacking]


def names(found: list[dict[str, Any]]) -> list[str]:
    """The attributes that are missing, each once; the path where no attribute stands for it."""
    return list(dict.fromkeys(name for one in found for name in one["attributes"] or [one["path"]]))


def _lacks(document: Mapping[str, Any], path: str) -> bool:
    above, _, name = path.rpartition(".")
    return any(name not in one for one in _at(document, above))


def _at(document: Any, path: str) -> Iterator[Mapping[str, Any]]:
    """Every object that stands at a path."""
    here = [document]
    for step in path.split(".") if path else ():
        name = step.removesuffix("[]")
        here = [one[name] for one in here if isinstance(one, dict) and name in one]
        if step.endswith("[]"):
            here = [entry for one in here for entry in one]
    return (one for one in here if isinstance(one, dict))


def _attributes(path: str, form: str) -> list[str]:
    """Attributes at or below a path, of which everything between is required too."""
    required = set(required_paths(form))
    return [name for name, own in _paths(form).items() if _needed(own, path, required)]


def _needed(own: str, path: str, required: set[str]) -> bool:
    if own != path and not own.startswith((f"{path}.", f"{path}[")):
        return False
    steps = own.split(".")
    above = (".".join(steps[:count]).removesuffix("[]") for count in range(1, len(steps) + 1))
    return all(one in required for one in above if len(one) > len(path))


@lru_cache(maxsize=2)
def _paths(form: str) -> Mapping[str, str]:
    """Where each attribute stands in a form, without saying in which entry of a list."""
    told = {n: a.catena_x if form == "catenax" else a.battery_pass for n, a in attributes().items()}
    return {name: _ENTRY.sub("[]", path.replace(":", ".", 1)) for name, path in told.items() if path}
