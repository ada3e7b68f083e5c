"""A load of several items: each is decided by itself, and the load is as good as its worst item.

Facts of the load hold for every item unless the item says otherwise; a null in an item makes a fact unknown.
The decision names the items behind each reason and each missing paper.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

from kitaran.law.case import ITEMS, Case
from kitaran.law.transport import Transport

if TYPE_CHECKING:
    from kitaran.law.decision import Decision

LOAD_MASS = "load.mass_kg"
STATUS = ("waste_hazardous", "waste_non_hazardous", "undetermined", "used_non_waste", "product")
MOVEMENT = (
    *("forbidden", "escalate", "blocked_missing_evidence", "blocked_pending_consent"),
    *("permitted_with_consent", "permitted_domestic_rules", "permitted"),
)
CARDS = (
    *("MUST NOT", "DO NOT LOAD", "ASK THE AUTHORITY", "PAPERS MISSING", "NEEDS CONSENT"),
    *("DOMESTIC RULES", "MAY MOVE"),
)
_STATES = ("missing", "to produce", "held")
_Row = TypeVar("_Row")


def cases_of(case: Case) -> Iterator[tuple[str, Case]]:
    """The case of each item with its name: the facts of the load under those of the item."""
    shared = {name: value for name, value in case.facts.items() if name != ITEMS}
    listed: Sequence[Mapping[str, Any]] = case.facts[ITEMS]
    masses = [row["facts"].get("item.mass_kg", shared.get("item.mass_kg")) for row in listed]
    load = inf if None in masses else sum(masses)
    for row in listed:
        facts = {**shared, LOAD_MASS: load, **row["facts"]}
        known = {name: value for name, value in facts.items() if value is not None}
        yield row["id"], replace(case, facts=known)


def of_items(case: Case, decided: Sequence[tuple[str, Decision]]) -> Decision:
    """The decision on a load from those on its items: the worst of each, and the union of what they ask."""
    decisions = [decision for _, decision in decided]
    worst = min(decisions, key=lambda one: (MOVEMENT.index(one.movement), STATUS.index(one.status)))
    settled = worst.movement in ("forbidden", "escalate")
    return replace(
        worst,
        case=case,
        status=min((one.status for one in decisions), key=STATUS.index),
        card=min((one.card for one in decisions), key=CARDS.index),
        basel_entry=tuple(sorted({entry for one in decisions for entry in one.basel_entry})),
        missing=() if settled else _union(one.missing for one in decisions),
        transport=_transports(decided),
        reasons=_named(decided),
        questions=_once((row for one in decisions for row in one.questions), lambda row: row.line()),
        facts_to_ask=_union(one.facts_to_ask for one in decisions),
        deadlines=list(_once((row for one in decisions for row in one.deadlines), lambda row: row["id"])),
        documents=_papers(decided),
        authorities=list(
            _once(
                (row for one in decisions for row in one.authorities),
                lambda row: (row["country"], row["authority"]),
            )
        ),
        own_facts=_union(one.own_facts for one in decisions),
        items=tuple({"id": name, **_short(decision)} for name, decision in decided),
    )


def _short(decision: Decision) -> dict[str, Any]:
    return {
        "card": decision.card,
        "status": decision.status,
        "movement": decision.movement,
        "basel_entry": list(decision.basel_entry),
        "missing": list(decision.missing),
        "transport": {
            "un": decision.transport.un,
            "packing": decision.transport.packing,
            "violations": list(decision.transport.violations),
        },
    }


def _named(decided: Sequence[tuple[str, Decision]]) -> list[dict[str, str]]:
    """Each reason once; one that does not stand for every item names its items."""
    behind: dict[tuple[str, str], list[str]] = {}
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for name, decision in decided:
        for row in decision.reasons:
            key = (row["rule"], row["text"])
            rows.setdefault(key, row)
            if name not in behind.setdefault(key, []):
                behind[key].append(name)
    return [
        row
        if len(behind[key]) == len(decided)
        else {**row, "text": f"{', '.join(behind[key])}: {row['text']}"}
        for key, row in rows.items()
    ]


def _papers(decided: Sequence[tuple[str, Decision]]) -> list[dict[str, Any]]:
    """Each paper once, in its worst state, with the items that lack it."""
    papers: dict[str, dict[str, Any]] = {}
    for name, decision in decided:
        for row in decision.documents:
            paper = papers.setdefault(row["id"], {**row, ITEMS: []})
            paper["state"] = min(paper["state"], row["state"], key=_STATES.index)
            if row["state"] == "missing":
                paper[ITEMS].append(name)
    return list(papers.values())


def _transports(decided: Sequence[tuple[str, Decision]]) -> Transport:
    """The dangerous-goods side of a load: one entry for all, or each beside the others."""
    found = [decision.transport for _, decision in decided]
    return Transport(
        un=" + ".join(_union([one.un] for one in found)),
        packing=" + ".join(_union([one.packing] for one in found)),
        violations=tuple(sorted(_union(one.violations for one in found))),
        details={
            **found[0].details,
            **{
                key: list(_union(one.details[key] for one in found))
                for key, value in found[0].details.items()
                if isinstance(value, list)
            },
            ITEMS: {name: decision.transport.details for name, decision in decided},
        },
        undecided=tuple(rule for one in found for rule in one.undecided),
    )


def _union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for group in groups for value in group))


def _once(rows: Iterable[_Row], key: Callable[[_Row], Any]) -> tuple[_Row, ...]:
    """Rows in order, the first of each key."""
    found: dict[Any, _Row] = {}
    for row in rows:
        found.setdefault(key(row), row)
    return tuple(found.values())
