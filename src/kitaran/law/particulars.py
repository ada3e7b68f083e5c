"""The particulars of a consignment: parties, items, packages and the rest that papers name but no rule asks for.

They stand under `particulars` in the file of a case, beside `as_of` and `facts`. All of it may be absent. Read values
are kept as mappings and lists as given; `at` finds one by its path, such as `parties.holder.name`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import Fault, InputError
from kitaran.law import tables
from kitaran.law.case import Case, read_value

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Particulars:
    """What is known of a consignment."""

    values: Row = field(default_factory=dict)

    def at(self, path: str) -> Any:
        """The value at a path, or None."""
        found: Any = self.values
        for key in path.split("."):
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    @property
    def items(self) -> tuple[Row, ...]:
        return tuple(self.values.get("items", ()))

    @property
    def packages(self) -> tuple[Row, ...]:
        """The packages as listed; else those that the items name."""
        named = dict.fromkeys(item["package"] for item in self.items if "package" in item)
        return tuple(self.values.get("packages") or ({"id": name} for name in named))


@lru_cache(maxsize=1)
def particulars_vocabulary() -> dict[str, Any]:
    """Every key of the particulars with its kind of value."""
    found: dict[str, Any] = tables.packaged_yaml("particulars.yaml")
    return found


def read_particulars(content: Any, case: Case, place: str = "case") -> Particulars:
    """The particulars in parsed YAML or JSON of a case. Raises InputError naming each fault by its path."""
    given = content.get("particulars") if isinstance(content, Mapping) else None
    here = f"{place}: particulars"
    faults: list[Fault] = []
    values = {} if given is None else _group(given, particulars_vocabulary(), here, faults)
    read = Particulars(values)
    faults += _contradictions(read, case, here)
    if faults:
        raise InputError("The particulars cannot be used:", place, faults=faults)
    return read


def _group(given: Any, words: Mapping[str, Any], place: str, faults: list[Fault]) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        faults.append(Fault(place, f"{given!r} is no mapping.", f"Keys: {', '.join(words)}."))
        return {}
    kept: dict[str, Any] = {}
    for key, value in given.items():
        here = f"{place}.{key}"
        if key not in words:
            faults.append(Fault(here, "This key is unknown.", f"Known here: {', '.join(words)}."))
        elif value is not None:
            read = _read(value, words[key], here, faults)
            if read not in (None, {}, []):
                kept[key] = read
    return kept


def _read(value: Any, kind: Any, place: str, faults: list[Fault]) -> Any:
    if isinstance(kind, Mapping):
        return _group(value, kind, place, faults)
    if isinstance(kind, list) and len(kind) == 1:
        return _list(value, kind[0], place, faults)
    read, remedy = _whole(value) if kind == "whole" else read_value(value, kind)
    if read is None:
        faults.append(Fault(place, f"The value {value!r} is unknown.", remedy))
    return read


def _list(value: Any, kind: Any, place: str, faults: list[Fault]) -> list[Any]:
    if not isinstance(value, list):
        faults.append(Fault(place, f"{value!r} is no list.", "Write a list."))
        return []
    read = (_read(one, kind, f"{place}[{index}]", faults) for index, one in enumerate(value))
    return [one for one in read if one is not None]


def _whole(value: Any) -> tuple[int | None, str]:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return (value if whole else None), "Use a whole number from 0."


def _contradictions(read: Particulars, case: Case, place: str) -> list[Fault]:
    """Where items and packages contradict each other, or the facts on which the case is decided."""
    faults = [
        Fault(f"{place}.{name}", f"{one!r} stands twice.", "Give each a name of its own.")
        for name, rows in (("items", read.items), ("packages", read.packages))
        for one, times in Counter(row["id"] for row in rows if "id" in row).items()
        if times > 1
    ]
    packages = {row.get("id") for row in read.packages}
    for index, item in enumerate(read.items):
        here = f"{place}.items[{index}]"
        if "package" in item and item["package"] not in packages:
            remedy = "List it under packages, or name one that is listed."
            faults.append(Fault(f"{here}.package", f"There is no package {item['package']!r}.", remedy))
        faults += [
            Fault(f"{here}.{name}", f"{item[name]!r} is not what the case is decided on.", remedy)
            for name, remedy in _against(item, case)
        ]
    return faults


def _against(item: Row, case: Case) -> list[tuple[str, str]]:
    """The values of an item that the decision on its case does not cover, and what to do."""
    found = []
    for name, several in (("chemistry", "mixed"), ("kind", "mixed_batteries")):
        decided = case.facts.get(f"item.{name}", several)
        if item.get(name, decided) != decided and decided != several:
            found.append((name, f"The case says {decided}. Decide unlike items in cases of their own."))
    charge = case.facts.get("item.soc_pct")
    if charge is not None and item.get("soc_pct", 0.0) > charge:
        found.append(("soc_pct", f"The case says {charge:g}. Give the case the charge of its fullest item."))
    return found
