"""One row of a table as a record, or an error that names its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kitaran.foundation.errors import InputError
from kitaran.law import tables
from kitaran.law.conditions import compiled, names_in
from kitaran.law.records import Agreement, Measure, Rule, Source, Status
from kitaran.law.situation import DERIVED

EFFECTS = ("bar", "open", "permit", "note")
CLASSES = ("hazardous", "other_waste", "used")
PERMISSIONS = ("product", "used_non_waste")


def read_rule(row: Mapping[str, Any], stage: str, sources: Mapping[str, Source]) -> Rule:
    """A rule. Raises InputError if it cannot be read, or would permit on weak grounds without a question."""
    place = f"rules_{stage}.yaml: {row.get('id')}"
    try:
        condition, names = compiled(row["when"]), names_in(row["when"])
    except (KeyError, ValueError) as error:
        raise InputError(f"The condition cannot be read: {error}", place, "Mend the rule.") from error
    unknown = {name for name in names if name not in DERIVED}
    if unknown:
        raise InputError(f"{sorted(unknown)} is no fact.", place, "Use a fact of the case or a derived name.")
    rule = Rule(
        id=str(row["id"]),
        stage=stage,
        step=str(row.get("step") or ""),
        priority=int(row["priority"]),
        jurisdiction=str(row.get("jurisdiction") or ""),
        condition=condition,
        names=names,
        then=dict(row["then"]),
        proofs=tuple(row.get("proofs") or ()),
        goods=_listed(row["when"].get("goods.un")),
        shown_by=str(row.get("shown_by") or ""),
        unknown_is_no=bool(row.get("unknown_is_no")),
        question=str(row.get("question") or ""),
        asks=dict(row.get("authority") or {}),
        settles=str(row.get("settles") or ""),
        **tables.dates(row, place),
        **tables.cited(row, sources, place),
    )
    if permits(rule) and rule.weak and not rule.question:
        raise InputError(
            "A permitting rule of low confidence, or not seen at its source, can only lead to a question.",
            place,
            "Add the question and the authority, or a better source.",
        )
    return rule


def _listed(wanted: Any) -> frozenset[str]:
    """One value or a list of them, as a set."""
    return frozenset([wanted] if isinstance(wanted, str) else wanted or ())


def permits(rule: Rule) -> bool:
    """Does this rule let an item go as a product, or waste without consent?"""
    return rule.then.get("status") in PERMISSIONS or rule.then.get("movement") == "permitted"


def read_measure(row: Mapping[str, Any], sources: Mapping[str, Source], own: str = "") -> Measure:
    """A measure of a State. Raises InputError if it cannot be read."""
    place = f"{own or 'measures.csv'}: {row.get('id')}"
    classes = tables.words(row.get("applies_to"))
    if row.get("effect") not in EFFECTS or not classes or not set(classes) <= set(CLASSES):
        raise InputError(
            f"effect {row.get('effect')!r} or applies_to {row.get('applies_to')!r} is unknown.",
            place,
            f"Effects: {', '.join(EFFECTS)}; classes: {', '.join(CLASSES)}, parted by |.",
        )
    if row.get("role") not in ("import", "export", "transit"):
        raise InputError(f"role {row.get('role')!r} is unknown.", place, "Use import, export or transit.")
    unknown = [name for name in tables.words(row.get("when")) if name not in DERIVED]
    if unknown:
        raise InputError(f"{unknown[0]!r} is no fact.", place, "Use a derived name.")
    if row.get("effect") == "permit" and not row.get("permit"):
        raise InputError("The permit has no name.", place, "Fill the column permit.")
    return Measure(
        id=str(row["id"]),
        cc=str(row["cc"]),
        role=str(row["role"]),
        applies_to=frozenset(classes),
        kinds=frozenset(tables.words(row.get("kinds"))),
        groups=frozenset(tables.words(row.get("groups"))),
        purposes=frozenset(tables.words(row.get("purposes"))),
        when=str(row.get("when") or ""),
        needs=tables.words(row.get("when")),
        effect=str(row["effect"]),
        permit=str(row.get("permit") or ""),
        days=int(row["days"]) if row.get("days") else None,
        cleared_by=tables.words(row.get("cleared_by")),
        question=str(row.get("question") or ""),
        authority=str(row.get("authority") or ""),
        settles=str(row.get("settles") or ""),
        own=own,
        **tables.dates(row, place),
        **tables.cited(row, sources, place),
    )


def read_status(row: Mapping[str, Any], sources: Mapping[str, Source], own: str = "") -> Status:
    """A dated fact of a State. Raises InputError if it cannot be read."""
    place = f"{own or 'status.csv'}: {row.get('id')}"
    return Status(
        id=str(row["id"]),
        cc=str(row["cc"]),
        field=str(row["field"]),
        value=str(row["value"]),
        own=own,
        **tables.dates(row, place),
        **tables.cited({**row, "text": row.get("note") or ""}, sources, place),
    )


def read_agreement(row: Mapping[str, Any], sources: Mapping[str, Source]) -> Agreement:
    """An agreement under Article 11. Raises InputError if it cannot be read."""
    place = f"agreements.csv: {row.get('id')}"
    return Agreement(
        id=str(row["id"]),
        exporter=str(row["exporter"]),
        importer=str(row["importer"]),
        **tables.dates(row, place),
        **tables.cited(row, sources, place),
    )
