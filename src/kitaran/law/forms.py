"""The computed blocks of the notification and the movement document: codes, aim and route.

Each gives what is known with the facts behind it, and what of the block is still to be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from kitaran.law import tables
from kitaran.law.paper_values import (
    NOTHING,
    Known,
    View,
    fact,
    goods,
    goods_details,
    in_words,
    joined,
    particular,
)

ROLES = (("export", "route.export"), ("transit", "route.transit"), ("import", "route.import"))


@lru_cache(maxsize=1)
def codes() -> Mapping[str, Any]:
    """What facts put into the blocks: codes as in the tables of codes."""
    found: Mapping[str, Any] = tables.packaged_yaml("form_filling.yaml")
    return found


def _coded(table: str, name: str, words: str = "{}") -> Callable[[View], Known]:
    """A block that a table of codes gives for a fact of the case."""

    def find(view: View) -> Known:
        code = codes()[table].get(view.decision.case.facts.get(name))
        return Known(words.format(code), (f"facts.{name}",)) if code else NOTHING

    return find


def notification_kind(view: View) -> Known:
    """Block 3 A: one shipment or several."""
    letters = {"individual": "A(i) individual", "multiple": "A(ii) multiple"}
    kind = view.particulars.at("notification.kind")
    return Known(letters[kind], ("particulars.notification.kind",)) if kind else Known(lacks=("type A",))


def notification_aim(view: View) -> Known:
    """Block 3 B and C: disposal or recovery; is the facility pre-consented?"""
    facts = view.decision.case.facts
    purpose = facts.get("purpose", "")
    recovery = purpose in codes()["recovery"]
    if not recovery and purpose != "disposal":
        return Known(lacks=("disposal or recovery",))
    aim = Known("B(ii) recovery" if recovery else "B(i) disposal", ("facts.purpose",))
    preconsented = facts.get("facility.preconsented")
    if preconsented is None:
        return Known(aim.text, aim.facts, ("C pre-consented or not",))
    words = f"C pre-consented: {'yes' if preconsented else 'no'}"
    return joined([aim, Known(words, ("facts.facility.preconsented",))])


def departure(view: View) -> Known:
    """The day on which it is to leave."""
    return Known(view.decision.case.as_of, ("as_of",))


def planned_departure(view: View) -> Known:
    """Block 6 of the movement document: the actual date is still to be written."""
    return Known(f"planned: {view.decision.case.as_of}", ("as_of",), ("actual date",))


def packaging(view: View) -> Known:
    """Block 7: the codes of the packing that dangerous-goods law asks for."""
    kinds = [codes()["packaging"].get(details["packing"], "") for details in goods_details(view)]
    if not all(kinds):
        return NOTHING
    return Known("; ".join(dict.fromkeys(kinds)), ("decision.dangerous_goods.packing",))


def carriers(view: View) -> Known:
    """The carriers in their order."""
    many = view.particulars.at("carriers") or ()
    found = []
    for index, carrier in enumerate(many):
        inside = View(view.decision, view.situation, view.particulars, view.computed, carrier)
        lines = _carrier(inside, index)
        found.append(Known(f"{index + 1}. {lines.text}", lines.facts, lines.lacks))
    return (
        joined(found, "\n")
        if found
        else Known(lacks=("registration, name, address, contact of each carrier",))
    )


def _carrier(view: View, index: int) -> Known:
    place = f"particulars.carriers[{index}]"
    told = {name: in_words(view.row[name]) if name == "means" else view.row[name] for name in view.row}
    labelled = [f"{label} {told[name]}".strip() for name, label in codes()["lines"].items() if name in told]
    return Known("\n".join(labelled), tuple(f"{place}.{name}" for name in told))


def designation(view: View) -> Known:
    """Block 12: the item in words."""
    names = ("item.condition", "item.chemistry", "item.kind", "item.scrap_type")
    return joined((fact(name, view) for name in names), " ")


def identification(view: View) -> Known:
    """Block 14: the codes (i) to (xii) that the case settles."""
    waste = view.decision.status.startswith("waste")
    entries = " or ".join(view.decision.basel_entry) or (
        "not listed" if waste else "no code: not settled as waste"
    )
    parts = [Known(f"(i) {entries}", ("decision.basel_entry", "decision.status"))]
    parts += [*_waste_codes(view)] if waste else []
    for mark, name in (("(ix)", "class"), ("(x)", "un"), ("(xi)", "proper_shipping_name")):
        if (known := goods(name, view)).text:
            parts.append(Known(f"{mark} {known.text}", known.facts))
    named = {"(ii)": "oecd_code", "(iv)": "export_code", "(v)": "import_code", "(vi)": "other_code"}
    told = {mark: particular(f"waste.{name}", view) for mark, name in named.items()}
    parts += [Known(f"{mark} {known.text}", known.facts) for mark, known in told.items() if known.text]
    lacks = tuple(mark for mark, known in told.items() if not known.text)
    found = joined(sorted(parts, key=lambda part: _place_of(part.text)))
    return Known(found.text, found.facts, lacks)


_ORDER = ("(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)", "(vii)", "(viii)", "(ix)", "(x)", "(xi)", "(xii)")


def _place_of(text: str) -> int:
    return _ORDER.index(text.partition(" ")[0])


def _waste_codes(view: View) -> list[Known]:
    """European list, Y-codes, H-codes and customs heading by the chemistry's family."""
    situation, fill, known = view.situation, codes(), view.decision.case.facts
    cadmium = known.get("item.chemistry") == "NiCd"
    group = "cadmium" if cadmium else situation.value("item.group")
    if not group:
        return []
    facts = tuple(f"facts.{name}" for name in ("item.chemistry", "item.kind") if name in known)
    found = []
    if situation.value("route.eu") and view.decision.case.as_of >= str(fill["eu_list_from"]):
        listed = fill["eu_list_fraction"] if situation.value("item.fraction") else fill["eu_list"]
        ends = (f"facts.{name}" for name in ("route.export", "route.import") if name in known)
        found.append(Known(f"(iii) {listed[group]}", (*facts, *ends)))
    found += [
        Known(f"(vii) {fill['y_codes'][group]}", facts),
        Known(f"(viii) {fill['h_codes'][group]}", facts),
    ]
    if situation.value("item.battery"):
        found.append(Known(f"(xii) {fill['hs'][group]}", facts))
    return found


def states(view: View) -> Known:
    """The States on the route with their parts."""
    return joined(Known(f"{role}: {name}", (place,)) for role, _, name, place in _stops(view))


def borders(view: View) -> Known:
    """Block 15: each State with its authority's code and its points of exit and entry."""
    told = {
        row.get("country"): (index, row) for index, row in enumerate(view.particulars.at("borders") or ())
    }
    lines, lacks = [], []
    for role, cc, name, place in _stops(view):
        index, row = told.get(cc, (0, {}))
        wanted = {"authority_code": "authority", "entry": "entry", "exit": "exit"}
        wanted.pop({"export": "entry", "import": "exit"}.get(role, ""), None)
        known = {key: row[key] for key in wanted if key in row}
        words = "; ".join([f"{role}: {name}", *(f"{wanted[key]} {text}" for key, text in known.items())])
        lines.append(Known(words, (place, *(f"particulars.borders[{index}].{key}" for key in known))))
        if len(known) < len(wanted):
            lacks.append(f"{name}: {', '.join(word for key, word in wanted.items() if key not in known)}")
    found = joined(lines, "\n")
    return Known(found.text, found.facts, tuple(lacks))


def _stops(view: View) -> list[tuple[str, str, str, str]]:
    """Role, code, name and place of each State on the route."""
    facts, found = view.decision.case.facts, []
    for role, key in ROLES:
        known = facts.get(key) or ()
        for cc in (known,) if isinstance(known, str) else known:
            found.append((role, cc, view.situation.book.country_name(cc), f"facts.{key}"))
    return found


def customs(view: View) -> Known:
    """Block 16: the customs offices of the Union; none on a route outside it."""
    ends = {"route.export", "route.import"} <= set(view.decision.case.facts)
    if ends and view.situation.value("route.eu") is False:
        return Known(
            "does not apply: the route does not touch the European Union",
            ("facts.route.export", "facts.route.import"),
        )
    found = joined(
        Known(f"{name}: {known.text}", known.facts)
        for name in ("entry", "exit", "export")
        if (known := particular(f"customs.{name}", view)).text
    )
    return found if found.text else Known(lacks=("offices of entry, exit, export",))


def annexes(view: View) -> Known:
    """Block 18: how many annexes, and which."""
    listed = view.particulars.at("notification.annexes")
    if not listed:
        return NOTHING
    return Known(f"{len(listed)}: {'; '.join(listed)}", ("particulars.notification.annexes",))


COMPUTED: Mapping[str, Callable[[View], Known]] = {
    "notification_kind": notification_kind,
    "notification_aim": notification_aim,
    "departure": departure,
    "planned_departure": planned_departure,
    "packaging": packaging,
    "carriers": carriers,
    "means": _coded("transport", "route.mode", "means of transport {}"),
    "operation": _coded("operation", "purpose"),
    "purpose": lambda view: fact("purpose", view),
    "physical": _coded("physical", "item.kind"),
    "designation": designation,
    "identification": identification,
    "states": states,
    "borders": borders,
    "customs": customs,
    "annexes": annexes,
}
