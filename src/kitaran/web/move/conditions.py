"""The condition of a rule in words, fact by fact. Data text, in the language of the tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from kitaran.law import tables


@lru_cache(maxsize=1)
def _conditions() -> Mapping[tuple[str, str], Any]:
    return {
        (stage, str(row["id"])): row["when"]
        for stage in ("waste", "hazardous", "control", "transport")
        for row in tables.packaged_yaml(f"rules_{stage}.yaml")
    }


def condition_words(stage: str, rule_id: str) -> str:
    """The condition of a packaged rule, fact by fact: `purpose is recycling or disposal`."""
    return _in_words(_conditions().get((stage, rule_id), {}))


def _in_words(when: Any) -> str:
    if isinstance(when, list):
        return " or ".join(f"({_in_words(each)})" for each in when)
    parts = []
    for name, wanted in when.items():
        if name in ("any", "all", "not"):
            joined = {"any": " or ", "all": " and ", "not": ""}[name]
            inner = wanted if isinstance(wanted, list) else [wanted]
            words = joined.join(f"({_in_words(each)})" for each in inner)
            parts.append(f"not {words}" if name == "not" else words)
        else:
            parts.append(f"{_plain(name)} {_wanted(wanted)}")
    return "; ".join(parts)


def _wanted(wanted: Any) -> str:
    if isinstance(wanted, Mapping):
        return " and ".join(f"{_plain(name)} {value}" for name, value in wanted.items())
    if isinstance(wanted, list):
        return "is " + " or ".join(map(_plain, wanted))
    return "is " + {True: "true", False: "not true"}.get(wanted, _plain(wanted))


def _plain(name: Any) -> str:
    return str(name).replace("_", " ").replace(".", " ")
