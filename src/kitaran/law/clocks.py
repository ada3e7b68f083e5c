"""The clocks that run: of the procedure, of the States on the route, and of the facility."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kitaran.law import tables

if TYPE_CHECKING:
    from kitaran.law.situation import Situation

_OBJECTION = "Objection period"


def deadlines_of(situation: Situation, procedure: str) -> list[dict[str, str]]:
    """The rows of the table of deadlines that run under a procedure."""
    holding = _holding(situation)
    return [
        {name: value for name, value in row.items() if name not in ("procedure", "only")}
        for row in situation.book.deadlines
        if procedure in tables.words(row["procedure"])
        and all(holding.get(word, word in situation.states) for word in tables.words(row["only"]))
    ]


def decision_period(situation: Situation, procedure: str) -> str | None:
    """How long the authorities may object under the OECD procedure, or that between Member States."""
    if procedure != "oecd_amber":
        return None
    for row in deadlines_of(situation, procedure):
        if row["step"].startswith(_OBJECTION):
            return f"{row['value']} {row['unit']}"
    return None


def _holding(situation: Situation) -> dict[str, bool]:
    """The conditions that a row may name, parted by bars; any other word is a State on the route."""
    preconsented = situation.facts.get("facility.preconsented") is True
    transit = situation.facts.get("route.transit") or ()
    within = bool(situation.value("route.between_member_states"))
    return {
        "transit": bool(transit),
        "preconsented": preconsented,
        "not_preconsented": not preconsented,
        "within_union": within,
        "outside_union": not within,
        "TH": "TH" in transit,
        "ID": "ID" in transit,
    }
