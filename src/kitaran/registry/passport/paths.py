"""Writing a value at a path of a published format: `a.b`, `a[]`, `a[0].b`, `a[key=value].b`.

`[]` is the list itself; `[0]` its one entry; `[key=value]` the entry that says so, made if there is none.
"""

from __future__ import annotations

import re
from typing import Any

_STEP = re.compile(r"([^.\[\]]+)(?:\[([^\]]*)\])?(?:\.|$)")


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at the path, making what lies on the way."""
    steps = [(match[1], match[2]) for match in _STEP.finditer(path)]
    here = document
    for name, which in steps[:-1]:
        here = _into(here, name, which)
    name, which = steps[-1]
    if which == "":
        here.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    else:
        here[name] = value


def holds(document: Any, path: str) -> bool:
    """Whether something stands at a path of names alone."""
    for name in path.split("."):
        if not isinstance(document, dict) or name not in document:
            return False
        document = document[name]
    return True


def _into(here: dict[str, Any], name: str, which: str | None) -> dict[str, Any]:
    if which is None:
        found: dict[str, Any] = here.setdefault(name, {})
        return found
    entries: list[dict[str, Any]] = here.setdefault(name, [])
    key, equals, value = which.partition("=")
    if not equals:
        if not entries:
            entries.append({})
        return entries[0]
    for entry in entries:
        if entry.get(key) == value:
            return entry
    entries.append({key: value})
    return entries[-1]
