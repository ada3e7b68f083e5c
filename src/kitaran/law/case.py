"""A movement case: its day of departure and its facts, checked against the vocabulary.

Facts are kept flat: `item.kind`, `purpose`, `route.export`, `evidence.declaration` ...; maps by country or
permit (`positions`, `consents`, `licences`, `permits`) stay maps. A fact that is absent or null is unknown
and not kept.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from kitaran.foundation.errors import Fault, InputError
from kitaran.law import tables

MAPS = ("positions", "consents", "licences", "permits")
ITEMS = "items"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Case:
    """One dossier, as far as it is known."""

    as_of: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""

    def with_fact(self, name: str, value: Any) -> Case:
        """The same case with one fact set, or made unknown by None. Names as in `facts`, or consents.KR."""
        group, _, key = name.partition(".")
        if group in MAPS:
            kept = {**self.facts.get(group, {}), key: value}
            known = {one: told for one, told in kept.items() if told is not None}
            return Case(self.as_of, {**self.facts, group: known}, self.id)
        facts = {one: told for one, told in self.facts.items() if one != name}
        return Case(self.as_of, facts if value is None else {**facts, name: value}, self.id)


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    """Every key and value of a case."""
    found: dict[str, Any] = tables.packaged_yaml("vocabulary.yaml")
    return found


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """ISO 3166 alpha-2 codes, and EU for the Union."""
    return frozenset(row["cc"] for row in tables.packaged_rows("countries.csv"))


def read_cases(content: Any, place: str = "case") -> list[Case]:
    """The cases of a file: one, or a list under `cases`. Raises InputError naming every fault."""
    if isinstance(content, Mapping) and "cases" in content:
        listed = content["cases"]
        if not isinstance(listed, list):
            raise InputError("cases is no list.", f"{place}: cases", "Write a list of cases under it.")
        return [read_case(one, f"{place}: cases[{index}]") for index, one in enumerate(listed)]
    return [read_case(content, place)]


def read_case(content: Any, place: str = "case") -> Case:
    """A case from parsed YAML or JSON. Raises InputError naming each wrong key or value by its path."""
    if not isinstance(content, Mapping):
        raise InputError("This is no case.", place, "Give a mapping with as_of and facts.")
    faults: list[Fault] = []
    as_of = day(content.get("as_of"))
    if as_of is None:
        faults.append(Fault(_at(place, "as_of"), f"{content.get('as_of')!r} is no day.", "Write YYYY-MM-DD."))
    given = content.get("facts")
    facts: dict[str, Any] = {}
    if not isinstance(given, Mapping):
        faults.append(
            Fault(_at(place, "facts"), "There are no facts.", "Write the facts of the case under it.")
        )
    else:
        _read_group(given, vocabulary(), "", _at(place, "facts"), facts, faults)
    if faults:
        raise InputError("The case cannot be used:", place, faults=faults)
    name = content.get("id")
    return Case(as_of or "", facts, "" if name is None else str(name))


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place.endswith("]") or place == "case" else f"{place}: {name}"


def _read_group(
    given: Mapping[Any, Any],
    words: Mapping[str, Any],
    prefix: str,
    place: str,
    facts: dict[str, Any],
    faults: list[Fault],
) -> None:
    for key, value in given.items():
        here = f"{place}.{key}"
        if key not in words:
            faults.append(Fault(here, "This key is unknown.", f"Known here: {', '.join(words)}."))
        elif value is None:
            continue
        elif key == ITEMS and not prefix:
            _read_items(value, words[key], here, facts, faults)
        elif key in MAPS and not prefix:
            _read_map(str(key), value, words[key], here, facts, faults)
        elif isinstance(words[key], Mapping):
            if isinstance(value, Mapping):
                _read_group(value, words[key], f"{prefix}{key}.", here, facts, faults)
            else:
                faults.append(Fault(here, f"{value!r} is no mapping.", f"Keys: {', '.join(words[key])}."))
        else:
            _keep(f"{prefix}{key}", value, words[key], here, facts, faults)


def _read_items(
    value: Any, words: Mapping[str, Any], place: str, facts: dict[str, Any], faults: list[Fault]
) -> None:
    """The items of a load, each with its name and what differs from the load; null makes a fact unknown."""
    if not isinstance(value, list) or not value:
        faults.append(Fault(place, "This is no list of items.", "Write one mapping for each item."))
        return
    found = []
    for index, one in enumerate(value):
        here = f"{place}[{index}]"
        if not isinstance(one, Mapping):
            faults.append(Fault(here, f"{one!r} is no mapping.", f"Keys: {', '.join(words)}."))
            continue
        kept: dict[str, Any] = {}
        _read_group(
            one, {name: vocabulary().get(name, kind) for name, kind in words.items()}, "", here, kept, faults
        )
        name = str(kept.pop("id", f"item {index + 1}"))
        found.append({"id": name, "facts": {**dict.fromkeys(_nulls(one)), **kept}})
    names = [row["id"] for row in found]
    if len(set(names)) < len(names):
        faults.append(Fault(place, "Two items bear one id.", "Give each item its own id."))
    facts[ITEMS] = tuple(found)


def _nulls(one: Mapping[Any, Any]) -> list[str]:
    """The facts that an item makes unknown."""
    groups = ((key, group) for key, group in one.items() if isinstance(group, Mapping))
    return [f"{key}.{name}" for key, group in groups for name, value in group.items() if value is None]


def _read_map(
    name: str, value: Any, words: Mapping[str, Any], place: str, facts: dict[str, Any], faults: list[Fault]
) -> None:
    if not isinstance(value, Mapping):
        faults.append(Fault(place, f"{value!r} is no mapping.", "Write one line for each."))
        return
    if name == "permits":
        facts["permits"] = _permits(value, words, place, faults)
        return
    kept: dict[str, Any] = {}
    for key, one in value.items():
        country = _country(key)
        if country is None:
            faults.append(
                Fault(f"{place}.{key}", f"{key!r} is no country code.", "Use ISO 3166 alpha-2, or EU.")
            )
        elif one is not None:
            _keep(country, one, words["country"], f"{place}.{key}", kept, faults)
    facts[name] = kept


def _permits(
    value: Mapping[Any, Any], words: Mapping[str, Any], place: str, faults: list[Fault]
) -> dict[str, dict[str, Any]]:
    kept: dict[str, dict[str, Any]] = {}
    for key, one in value.items():
        if key == "other" and isinstance(one, Mapping):
            for permit, fields in one.items():
                if _ID.fullmatch(str(permit)) is None:
                    faults.append(
                        Fault(f"{place}.other.{permit}", "This is no id.", "Letters, digits, _ and -.")
                    )
                    continue
                kept[str(permit)] = _permit(fields, words["other"]["id"], f"{place}.other.{permit}", faults)
        elif key not in words or key == "other":
            faults.append(Fault(f"{place}.{key}", "This permit is unknown.", f"Known: {', '.join(words)}."))
        else:
            kept[str(key)] = _permit(one, words[key], f"{place}.{key}", faults)
    return kept


def _permit(value: Any, words: Mapping[str, Any], place: str, faults: list[Fault]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    if value is None:
        return kept
    if not isinstance(value, Mapping):
        faults.append(Fault(place, f"{value!r} is no mapping.", f"Keys: {', '.join(words)}."))
        return kept
    _read_group(value, words, ".", place, kept, faults)
    return {name.lstrip("."): known for name, known in kept.items()}


def _keep(name: str, value: Any, kind: Any, place: str, facts: dict[str, Any], faults: list[Fault]) -> None:
    read, remedy = read_value(value, kind)
    if read is None:
        faults.append(Fault(place, f"The value {value!r} is unknown.", remedy))
    else:
        facts[name] = read


def read_value(value: Any, kind: Any) -> tuple[Any, str]:
    """A value as kept, or None if it is none of its kind (words or a type), and what would be right."""
    if isinstance(kind, list):
        return (value if value in kind else None), f"Use one of {', '.join(kind)}."
    if kind == "bool":
        return (value if isinstance(value, bool) else None), "Use true or false."
    if kind in ("amount", "percent"):
        limit = 100.0 if kind == "percent" else sys.float_info.max
        number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= limit
        return (float(value) if number else None), "Use a number from 0" + (
            " to 100." if kind == "percent" else "."
        )
    if kind == "date":
        return day(value), "Write YYYY-MM-DD."
    if kind == "country":
        return _country(value), "Use ISO 3166 alpha-2, or EU."
    if kind == "countries":
        return _countries(value), "Use a list of ISO 3166 alpha-2 codes, or EU."
    return (
        str(value)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip()
        else None
    ), "Write a text."


def _country(value: Any) -> str | None:
    if value is False:  # YAML 1.1 reads the code of Norway as the word no
        value = "NO"
    return value if isinstance(value, str) and value in country_codes() else None


def _countries(value: Any) -> tuple[str, ...] | None:
    if not isinstance(value, Iterable) or isinstance(value, str | Mapping):
        return None
    read = [_country(one) for one in value]
    return None if None in read else tuple(dict.fromkeys(one for one in read if one))


def day(value: Any) -> str | None:
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return None
    return None
