"""What a block of a paper shows: a value with the facts that it comes from, or nothing.

The table of blocks names values in a small notation:

    item.kind                     a fact of the case
    particulars.parties.holder    a value of the particulars; a mapping is shown line by line
    each.test.date                a value of the item or package of this row
    only.mass_kg                  a fact of the item of the case, where the consignment has no more than one
    goods.un                      a value of the dangerous-goods side of the decision
    =quantity                     a computed value
    a / b                         the first that is known
    a & b                         all that are known
    Label: a + Label: b           all that are known, each under its label; the others are named as lacking
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from kitaran.law import tables
from kitaran.law.case import vocabulary
from kitaran.law.decision import Decision
from kitaran.law.particulars import Particulars, particulars_vocabulary
from kitaran.law.situation import Situation

_LABEL = re.compile(r"([A-Z][\w .-]*): (.+)")
_OPEN = {"classify_by_test": "to be classified by test", "undetermined": "not settled by the facts so far"}


@dataclass(frozen=True, slots=True)
class Known:
    """A value in words. facts: where it comes from; lacks: what is still to be filled in beside it."""

    text: str = ""
    facts: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()


NOTHING = Known()


@dataclass(frozen=True)
class View:
    """All that a paper may draw on; `row`: the item or package of a table's row, `place`: where it stands."""

    decision: Decision
    situation: Situation
    particulars: Particulars
    computed: Mapping[str, Callable[[View], Known]]
    row: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""
    number: int = 0


def value(cell: str, view: View) -> Known:
    """The value that a cell of the table of blocks names."""
    parts = [_LABEL.fullmatch(part) or part for part in cell.split(" + ")] if cell else []
    if len(parts) == 1 and isinstance(parts[0], str):
        return _unlabelled(parts[0], view)
    texts: list[str] = []
    facts: list[str] = []
    lacks: list[str] = []
    for part in parts:
        label, source = ("", part) if isinstance(part, str) else (part[1], part[2])
        known = _unlabelled(source, view)
        facts += known.facts
        lacks += known.lacks
        if known.text:
            texts.append(f"{label}: {known.text}" if label else known.text)
        elif label:
            lacks.append(label.lower())
    return Known("\n".join(texts), tuple(facts), tuple(lacks)) if texts else NOTHING


def _unlabelled(cell: str, view: View) -> Known:
    if " & " in cell:
        return joined(_one(part, view) for part in cell.split(" & "))
    found = [_one(part, view) for part in cell.split(" / ")]
    return next((known for known in found if known.text), found[0])


def joined(parts: Iterable[Known], by: str = "; ") -> Known:
    """All that is known of some values."""
    known = [part for part in parts if part.text]
    return Known(
        by.join(part.text for part in known),
        tuple(name for part in known for name in part.facts),
        tuple(lack for part in known for lack in part.lacks),
    )


def _one(name: str, view: View) -> Known:
    if name.startswith("="):
        return view.computed[name[1:]](view)
    group, _, path = name.partition(".")
    if group == "particulars":
        return particular(path, view)
    if group == "each":
        return _shown(_inside(view.row, path), f"{view.place}.{path}", f"items.{path}")
    if group == "only":
        return (
            fact(f"item.{path}", view) if len(view.particulars.items) <= 1 and view.number <= 1 else NOTHING
        )
    if group == "goods":
        return goods(path, view)
    return fact(name, view) if view.number <= 1 or view.row else NOTHING


def fact(name: str, view: View) -> Known:
    """A fact of the case in words."""
    return _shown(view.decision.case.facts.get(name), f"facts.{name}", name)


def particular(path: str, view: View) -> Known:
    """A value of the particulars in words."""
    return _shown(view.particulars.at(path), f"particulars.{path}", path)


def goods(name: str, view: View) -> Known:
    """A value of the dangerous-goods side; what is not settled is said to lack."""
    place = f"decision.dangerous_goods.{name}"
    found = [details[name] for details in goods_details(view)]
    if found and isinstance(found[0], list):
        return _shown(list(dict.fromkeys(text for texts in found for text in texts)), place, name)
    lacks = tuple(dict.fromkeys(_OPEN[text] for text in found if text in _OPEN))
    known = "; ".join(dict.fromkeys(text for text in found if text and text not in _OPEN))
    return Known(known, (place,) * bool(known), lacks)


def goods_details(view: View) -> list[Mapping[str, Any]]:
    """The dangerous-goods side of all that a view covers: the load, a package's items, or one item."""
    details = view.decision.transport.details
    each: Mapping[str, Mapping[str, Any]] = details.get("items", {})
    if not each:
        return [details]
    if not view.row:
        return list(each.values())
    name = view.row.get("id")
    inside = [
        row["id"]
        for row in view.particulars.items
        if name in (row.get("package"), row.get("id")) and "id" in row
    ]
    return [each[one] for one in inside if one in each]


def _inside(row: Mapping[str, Any], path: str) -> Any:
    found: Any = row
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _shown(found: Any, place: str, path: str) -> Known:
    """A value in words, with its unit."""
    if found is None or found in ("", [], ()):
        return NOTHING
    if isinstance(found, Mapping):
        return _lines(found, place, path)
    if isinstance(found, bool):
        return Known(_held(path, found), (place,))
    if isinstance(found, int | float):
        return Known(_number(found, path), (place,))
    if isinstance(found, list | tuple):
        return Known(", ".join(map(str, found)), (place,))
    return Known(in_words(found) if _closed(path) else str(found).strip(), (place,))


def _lines(found: Mapping[str, Any], place: str, path: str) -> Known:
    """A party and the like: a line for each value, and which of its values lack."""
    kind: Any = _inside(particulars_vocabulary(), path)
    shown = [
        (_shown(found[key], f"{place}.{key}", f"{path}.{key}"), label)
        for key, label in _filling()["lines"].items()
        if key in found
    ]
    lacks = [key.replace("_", " ") for key in (kind or ()) if key not in found]
    text = "\n".join(f"{label} {known.text}".strip() for known, label in shown)
    return Known(text, tuple(name for known, _ in shown for name in known.facts), tuple(lacks))


def _held(path: str, found: bool) -> str:
    words = ("not held", "held") if path.startswith("evidence.") else ("no", "yes")
    return words[found]


def _number(found: float, path: str) -> str:
    unit = _filling()["units"].get(path.rpartition("_")[2], "") if "_" in path else ""
    return f"{found:.10g} {unit}".strip()


def in_words(word: Any) -> str:
    """A word of the vocabulary as a reader says it."""
    told: str = _filling()["words"].get(word, str(word).replace("_", " "))
    return told


def _closed(path: str) -> bool:
    """Is this one of a closed list of words?"""
    kind: Any = None
    if path.startswith("items."):
        kind = _inside(particulars_vocabulary()["items"][0], path[6:])
    for words in (vocabulary(), particulars_vocabulary()):
        kind = kind or _inside(words, path)
    return isinstance(kind, list)


@lru_cache(maxsize=1)
def _filling() -> Mapping[str, Any]:
    found: Mapping[str, Any] = tables.packaged_yaml("form_filling.yaml")
    return found
