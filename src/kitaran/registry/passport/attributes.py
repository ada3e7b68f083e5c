"""What a passport holds, as the table `passport_attributes` says: nothing here names an attribute by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from kitaran import reference
from kitaran.reference.row import Row

CATEGORIES = ("ev", "lmt", "industrial")


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute.

    name      : without the list before the dot
    type      : text, texts, choice, number, signed, share, integer, url, date, yes_no, gtin or list
    audiences : who may read it
    applies   : by category: mandatory, optional, conditional, pending, not_filled; empty beside the guidance
    parts     : of a list, the fields of each entry by name
    """

    name: str
    label: str
    wording: str
    annex_point: str
    type: str
    choices: tuple[str, ...]
    unit: str
    level: str
    nature: str
    filled: str
    audiences: frozenset[str]
    applies: Mapping[str, str]
    battery_pass: str
    catena_x: str
    parts: Mapping[str, Attribute]

    @property
    def is_public(self) -> bool:
        return "public" in self.audiences


@lru_cache(maxsize=1)
def attributes() -> Mapping[str, Attribute]:
    """Every attribute by name in the order of the passport; the fields of a list stand in its `parts`."""
    parts: dict[str, dict[str, Attribute]] = {}
    whole: dict[str, Row] = {}
    for row in reference.read("passport_attributes").rows:
        above, dot, name = row.text("attribute").partition(".")
        if dot:
            parts.setdefault(above, {})[name] = _attribute(row, name, {})
        else:
            whole[above] = row
    return MappingProxyType({name: _attribute(row, name, parts.get(name, {})) for name, row in whole.items()})


@lru_cache(maxsize=8)
def entered(level: str, nature: str) -> Mapping[str, Attribute]:
    """Attributes that an operator enters, of a model or of an item, static or dynamic."""
    return {
        name: one
        for name, one in attributes().items()
        if one.filled == "entered" and one.level == level and one.nature == nature
    }


@lru_cache(maxsize=1)
def sealed_of_model() -> frozenset[str]:
    """Attributes of a model that not everyone may read: they go beside the log."""
    return frozenset(name for name, one in entered("model", "static").items() if not one.is_public)


def markdown_table() -> str:
    """The table of the documentation; the fields of a list stand behind its name."""
    lines = ["| attribute | what | unit | point | said of | who reads it |", "|---|---|---|---|---|---|"]
    for one in attributes().values():
        fields = f" ({', '.join(f'`{part}`' for part in one.parts)})" if one.parts else ""
        said = f"{one.level}, {one.nature}" + ("" if one.filled == "entered" else f", {one.filled}")
        readers = "everyone" if one.is_public else ", ".join(sorted(one.audiences)).replace("_", " ")
        lines.append(
            f"| `{one.name}`{fields} | {one.label} | {one.unit} | {one.annex_point} | {said} | {readers} |"
        )
    return "\n".join(lines) + "\n"


def _attribute(row: Row, name: str, parts: Mapping[str, Attribute]) -> Attribute:
    return Attribute(
        name,
        row.text("label"),
        row.text("wording"),
        row.text("annex_point"),
        row.text("type"),
        tuple(row.text("choices").split()),
        row.text("unit"),
        row.text("level"),
        row.text("nature"),
        row.text("filled"),
        frozenset(row.text("audiences").split()),
        {category: row.text(category) for category in CATEGORIES},
        row.text("battery_pass"),
        row.text("catena_x"),
        MappingProxyType(dict(parts)),
    )
