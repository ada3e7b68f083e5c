"""The computed values of items and packages, and of the dangerous-goods note.

A total is given only where every part of it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kitaran.law.case import ITEMS
from kitaran.law.forms import codes
from kitaran.law.loads import cases_of
from kitaran.law.paper_values import NOTHING, Known, View, fact, goods_details
from kitaran.law.situation import Situation
from kitaran.law.transport import find_transport

FULL = 100.0
TOO_FULL = "AIR_SOC_OVER_30"
NONE_NAMED = "none named by these rules"
Rows = Sequence[Mapping[str, Any]]


def _sum(rows: Rows, name: str, place: str) -> tuple[float, tuple[str, ...]] | None:
    """The sum of a value over some rows with the places of its parts; None unless each is known."""
    if not rows or any(name not in row for row in rows):
        return None
    return sum(row[name] for row in rows), tuple(f"{place}[{i}].{name}" for i in range(len(rows)))


def _kg(found: tuple[float, tuple[str, ...]] | None) -> Known:
    return Known(f"{found[0]:.10g} kg", found[1]) if found else NOTHING


def _net(view: View) -> tuple[float, tuple[str, ...]] | None:
    items = view.particulars.items
    mass = view.decision.case.facts.get("item.mass_kg")
    single = (mass, ("facts.item.mass_kg",)) if mass is not None and len(items) <= 1 else None
    return _sum(items, "mass_kg", "particulars.items") or single


def net_mass(view: View) -> Known:
    """Net mass of the batteries."""
    return _kg(_net(view))


def quantity(view: View) -> Known:
    """Block 5: net mass in tonnes, volume where it is told."""
    found, volume = _net(view), view.particulars.at("notification.volume_m3")
    parts = [Known(f"{found[0] / 1000:.10g} t", found[1])] if found else []
    parts += (
        [Known(f"{volume:.10g} m³", ("particulars.notification.volume_m3",))] if volume is not None else []
    )
    return Known("; ".join(part.text for part in parts), tuple(name for part in parts for name in part.facts))


def gross_mass(view: View) -> Known:
    """Gross mass of all packages."""
    return _kg(_sum(view.particulars.packages, "gross_kg", "particulars.packages"))


def gross_with_tare(view: View) -> Known:
    """Gross mass of all packages and the tare of the container or vehicle."""
    gross = _sum(view.particulars.packages, "gross_kg", "particulars.packages")
    tare = view.particulars.at("transport.tare_kg")
    return _kg(
        (gross[0] + tare, (*gross[1], "particulars.transport.tare_kg"))
        if gross and tare is not None
        else None
    )


def item_count(view: View) -> Known:
    """How many items are listed."""
    items = view.particulars.items
    return Known(str(len(items)), ("particulars.items",)) if items else NOTHING


def package_count(view: View) -> Known:
    """How many packages are listed, or named by items."""
    packages = view.particulars.packages
    place = "particulars.packages" if view.particulars.values.get("packages") else "particulars.items"
    return Known(str(len(packages)), (place,)) if packages else NOTHING


def _in_package(view: View) -> list[tuple[int, Mapping[str, Any]]]:
    name = view.row.get("id")
    items = enumerate(view.particulars.items)
    return [(index, item) for index, item in items if name is not None and item.get("package") == name]


def contents(view: View) -> Known:
    """The items in a package."""
    inside = [(index, item["id"]) for index, item in _in_package(view) if "id" in item]
    return Known(
        ", ".join(one for _, one in inside), tuple(f"particulars.items[{index}].id" for index, _ in inside)
    )


def net_of_package(view: View) -> Known:
    """Net mass of the items in a package."""
    inside = _in_package(view)
    found = _sum([item for _, item in inside], "mass_kg", "")
    return (
        Known(f"{found[0]:.10g} kg", tuple(f"particulars.items[{i}].mass_kg" for i, _ in inside))
        if found
        else NOTHING
    )


def number(view: View) -> Known:
    """The number of a listed item."""
    return Known(str(view.number), (view.place,)) if view.row else NOTHING


def charge(view: View) -> Known:
    """State of charge of the fullest item, if each is told; else as the case gives it."""
    charges = _sum(view.particulars.items, "soc_pct", "particulars.items")
    if not charges:
        return fact("item.soc_pct", view)
    return Known(f"{max(item['soc_pct'] for item in view.particulars.items):.10g} %", charges[1])


def charge_limit(view: View) -> Known:
    """What forbids a full battery on this way of transport, in the words of the rules themselves."""
    if "route.mode" not in view.decision.case.facts:
        return NOTHING
    if not all(details["class"] for details in goods_details(view)):
        return NOTHING
    case, book, law = view.decision.case, view.situation.book, view.situation.law
    cases = [one for _, one in cases_of(case)] if ITEMS in case.facts else [case]
    probes = [find_transport(Situation(one.with_fact("item.soc_pct", FULL), book, law)) for one in cases]
    stops = {rule.id for rule in law.steps["violation"] if rule.then["violation"] == TOO_FULL}
    words = [row["text"] for probe in probes for row in probe.reasons if row["rule"] in stops]
    text = "; ".join(dict.fromkeys(words)) or "no limit seen for this way of transport"
    return Known(text, ("facts.route.mode", "decision.dangerous_goods.un"))


def _told(*names: str) -> Callable[[View], Known]:
    """Lists of the dangerous-goods side; that the rules name none is known once the goods are classified."""

    def find(view: View) -> Known:
        found = goods_details(view)
        if not all(details["class"] for details in found):
            return NOTHING
        said = dict.fromkeys(text for name in names for details in found for text in details[name])
        return Known(
            "; ".join(said) or NONE_NAMED, tuple(f"decision.dangerous_goods.{name}" for name in names)
        )

    return find


def description(view: View) -> Known:
    """The goods as the note describes them: UN number, proper shipping name, class, packing group."""
    found = goods_details(view)
    if not found or not all(told["class"] for told in found) or not (view.row or view.number <= 1):
        return NOTHING
    lines = dict.fromkeys(
        f"UN {told['un'].removeprefix('UN')}, {told['proper_shipping_name']}, {told['class']}"
        for told in found
    )
    named = ("un", "proper_shipping_name", "class")
    return Known("\n".join(lines), tuple(f"decision.dangerous_goods.{name}" for name in named))


def packing_group(view: View) -> Known:
    """`not assigned` where the tables say so; else to be filled in."""
    group = codes()["packing_group"]
    if all(told["un"] in group["not_assigned"] for told in goods_details(view)):
        return Known(group["text"], ("decision.dangerous_goods.un",))
    return NOTHING


def aircraft(view: View) -> Known:
    """Which aircraft may carry it."""
    mode = view.decision.case.facts.get("route.mode")
    if mode is None:
        return NOTHING
    if mode != "air":
        return Known("does not apply: not by air", ("facts.route.mode",))
    said = [text for details in goods_details(view) for text in details["instructions"]]
    told = [text for text in said if "cargo aircraft only" in text]
    return Known("cargo aircraft only", ("decision.dangerous_goods.instructions",)) if told else NOTHING


def summaries(view: View) -> Known:
    """The UN 38.3 test summaries that items name."""
    named = {
        item["un383_summary"]: f"particulars.items[{index}].un383_summary"
        for index, item in reversed(list(enumerate(view.particulars.items)))
        if "un383_summary" in item
    }
    return Known(", ".join(sorted(named)), tuple(named[name] for name in sorted(named)))


COMPUTED: Mapping[str, Callable[[View], Known]] = {
    "provisions": _told("special_provisions", "instructions"),
    "marks": _told("marks"),
    "approvals": _told("approvals"),
    **{
        function.__name__: function
        for function in (
            *(net_mass, quantity, gross_mass, gross_with_tare, item_count, package_count, contents),
            *(net_of_package, number, charge, charge_limit, description, packing_group, aircraft, summaries),
        )
    },
}
