"""The particulars of a consignment: parties, items, packages and the rest that only papers need.

They stand under `particulars` in the file of a case, beside `as_of` and `facts`. All of it may be absent.
Values are kept as mappings and lists as given; `at` finds one by its path, such as `parties.holder.name`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import Fault, InputError
from kitaran.law import tables
from kitaran.law.case import ITEMS, Case, read_value, vocabulary

Row = Mapping[str, Any]
_PRINTABLE = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]*")


@dataclass(frozen=True)
class Particulars:
    """What is known of a consignment.

    origins: where values were taken over from the facts of a load's items, by the place where they stand
    """

    values: Row = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)

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
    found: dict[str, Any] = _with_facts(tables.packaged_yaml("particulars.yaml"))
    return found


def _with_facts(kind: Any) -> Any:
    """The kinds with the words of a fact in the place of `fact NAME`."""
    if isinstance(kind, Mapping):
        return {key: _with_facts(one) for key, one in kind.items()}
    if isinstance(kind, list):
        return [_with_facts(one) for one in kind]
    if str(kind).startswith("fact "):
        group, _, name = str(kind)[5:].partition(".")
        return vocabulary()[group][name]
    return kind


def read_particulars(content: Any, case: Case, place: str = "case") -> Particulars:
    """The particulars in parsed YAML or JSON of a case. Raises InputError naming each fault by its path."""
    given = content.get("particulars") if isinstance(content, Mapping) else None
    here = f"{place}: particulars"
    faults: list[Fault] = []
    values = {} if given is None else _group(given, particulars_vocabulary(), here, faults)
    decided = {row["id"]: row["facts"] for row in case.facts.get(ITEMS, ())}
    faults += _contradictions(Particulars(values), case, decided, here)
    read = _with_load(values, decided)
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
    if isinstance(read, str) and not _PRINTABLE.fullmatch(read):
        read, remedy = None, "Write a text without control characters."
    if read is None:
        faults.append(Fault(place, f"The value {value!r} is unknown.", remedy))
    return read


def _list(value: Any, kind: Any, place: str, faults: list[Fault]) -> list[Any]:
    if not isinstance(value, list):
        faults.append(Fault(place, f"{value!r} is no list.", "Write a list."))
        return []
    read = (_read(one, kind, f"{place}[{index}]", faults) for index, one in enumerate(value))
    return [one for one in read if one not in (None, {})]


def _whole(value: Any) -> tuple[int | None, str]:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return (value if whole else None), "Use a whole number from 0."


def _with_load(values: dict[str, Any], decided: Mapping[str, Row]) -> Particulars:
    """The particulars with the items of a decided load, and what its facts say of each."""
    rows = [dict(row) for row in values.get(ITEMS, ())]
    told = {row.get("id") for row in rows}
    rows += [{"id": name} for name in decided if name not in told]
    origins = {}
    for index, row in enumerate(rows):
        for key in particulars_vocabulary()[ITEMS][0]:
            fact = decided.get(row.get("id", ""), {}).get(f"item.{key}")
            if fact is not None and key not in row:
                row[key] = fact
                origins[f"particulars.items[{index}].{key}"] = f"facts.items.{row['id']}.item.{key}"
    return Particulars({**values, ITEMS: rows} if rows else values, origins)


def _contradictions(read: Particulars, case: Case, decided: Mapping[str, Row], place: str) -> list[Fault]:
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
        if decided and item.get("id") not in decided:
            remedy = f"Use the names of the items of the case: {', '.join(decided)}."
            faults.append(Fault(f"{here}.id", f"The case decides no item {item.get('id')!r}.", remedy))
        facts = {**case.facts, **decided.get(item.get("id", ""), {})}
        faults += [
            Fault(f"{here}.{name}", f"{item[name]!r} is not what the case is decided on.", remedy)
            for name, remedy in _against(item, facts)
        ]
    return faults


def _against(item: Row, facts: Row) -> list[tuple[str, str]]:
    """The values of an item that the decision on its case does not cover, and what to do."""
    found = []
    for name, several in (("chemistry", "mixed"), ("kind", "mixed_batteries")):
        decided = facts.get(f"item.{name}") or several
        if item.get(name, decided) != decided and decided != several:
            found.append((name, f"The case says {decided}. Decide unlike items in cases of their own."))
    charge = facts.get("item.soc_pct")
    if charge is not None and item.get("soc_pct", 0.0) > charge:
        found.append(("soc_pct", f"The case says {charge:g}. Give the case the charge of its fullest item."))
    return found
