"""What the States on a route do at their borders to an item of this class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from kitaran.law.conditions import Truth, both
from kitaran.law.consents import LICENCE
from kitaran.law.records import Measure
from kitaran.law.situation import Situation

CLASS_OF_STATUS = {
    "waste_hazardous": "hazardous",
    "waste_non_hazardous": "other_waste",
    "used_non_waste": "used",
    "undetermined": "used",
    "product": "",
}


@dataclass(slots=True)
class Hits:
    """Measures that apply, by effect; `unsettled` are those that may apply, were more known of the item."""

    bars: list[Measure] = field(default_factory=list)
    opens: list[Measure] = field(default_factory=list)
    cleared: list[Measure] = field(default_factory=list)
    permits: list[Measure] = field(default_factory=list)
    lacking: list[Measure] = field(default_factory=list)
    notes: list[Measure] = field(default_factory=list)
    unsettled: list[Measure] = field(default_factory=list)


def find_measures(situation: Situation, status: str) -> Hits:
    """All measures of the States on the route that reach this item."""
    hits = Hits()
    wanted = CLASS_OF_STATUS[status]
    if not wanted:
        return hits
    for measure in _on_route(situation):
        if wanted not in measure.applies_to:
            continue
        truth = applies(situation, measure)
        if wanted == "used" and truth:
            truth = situation.value("item.used")
        if truth is None and measure.effect != "note":
            hits.unsettled.append(measure)
        elif truth:
            _sort_in(situation, measure, hits)
    return hits


def _sort_in(situation: Situation, measure: Measure, hits: Hits) -> None:
    if measure.effect == "bar":
        hits.bars.append(measure)
    elif measure.effect == "note":
        hits.notes.append(measure)
    elif measure.effect == "open":
        (hits.cleared if cleared(situation, measure) else hits.opens).append(measure)
    elif held(situation, measure):
        hits.permits.append(measure)
    else:
        hits.lacking.append(measure)


def _on_route(situation: Situation) -> Iterator[Measure]:
    facts, law = situation.facts, situation.law
    roles = [(facts.get("route.export"), "export"), (facts.get("route.import"), "import")]
    roles += [(cc, "transit") for cc in facts.get("route.transit") or ()]
    for cc, role in roles:
        if cc is None:
            continue
        yield from law.measures.get((cc, role), ())
        union = situation.book.unions.get(cc)
        if union:
            yield from law.measures.get((union, role), ())


def applies(situation: Situation, measure: Measure) -> Truth:
    """Does a measure reach this item? Unknown if it hangs on a fact that is not known."""
    return both(
        (
            _within(situation.facts.get("item.kind"), measure.kinds),
            _within(situation.value("item.group"), measure.groups),
            _within(situation.facts.get("purpose"), measure.purposes),
            *(situation.value(name) for name in measure.needs),
        )
    )


def _within(value: str | None, wanted: frozenset[str]) -> Truth:
    if not wanted:
        return True
    return None if value is None else value in wanted


def cleared(situation: Situation, measure: Measure) -> bool:
    """Has the State settled its open bar for this movement: by consent, licence, position or permit?"""
    permits = situation.facts.get("permits", {})
    for way in measure.cleared_by:
        if (
            (way == "consent" and situation.consented(measure.cc))
            or (way == "licence" and situation.licensed(measure.cc))
            or (way == "position" and situation.position(measure.cc) == "not_waste")
            or (way.startswith("permit:") and _given(permits.get(way[7:], {})))
        ):
            return True
    return False


def _given(permit: Mapping[str, Any]) -> bool:
    """Is the permit held? What was given by word of mouth settles nothing."""
    return permit.get("held") is True and permit.get("written") is not False


def held(situation: Situation, measure: Measure) -> bool:
    """Is the permit held and good on the day? What is not known of it is not taken as good."""
    if measure.permit.startswith(LICENCE):
        return situation.licensed(measure.cc)
    permit = situation.facts.get("permits", {}).get(measure.permit, {})
    if permit.get("held") is not True:
        return False
    if measure.permit == "LA_export_authorisation" and permit.get("written") is not True:
        return False
    if measure.permit == "TH_transit_licence" and permit.get("holder_registered_in_TH") is not True:
        return False
    if permit.get("valid_to", situation.as_of) < situation.as_of:
        return False
    return measure.days is None or _in_time(permit.get("issued"), measure.days, situation.as_of)


def _in_time(issued: str | None, days: int, as_of: str) -> bool:
    if issued is None or issued > as_of:
        return False
    return as_of <= (date.fromisoformat(issued) + timedelta(days=days)).isoformat()


def missing_id(measure: Measure) -> str:
    """The id under which a lacking permit is named."""
    return measure.permit if measure.permit.startswith(LICENCE) else measure.permit.lower()
