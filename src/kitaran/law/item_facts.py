"""What the item is in law, derived from the case: battery or fraction, sorted or not, sound or damaged.

Each is true, false, or None for unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import inf
from typing import TYPE_CHECKING, Any

from kitaran.law.conditions import Truth, both, either

if TYPE_CHECKING:
    from kitaran.law.situation import Situation

GROUPS = {
    "NMC": "lithium",
    "NMCA": "lithium",
    "LMFP": "lithium",
    "NCA": "lithium",
    "LFP": "lithium",
    "LMO": "lithium",
    "LTO": "lithium",
    "LCO": "lithium",
    "lithium_metal": "lithium",
    "sodium_ion": "sodium",
    "NiMH": "nickel",
    "NiCd": "nickel",
    "lead_acid": "lead",
    "mixed": "mixed",
}
BATTERIES = ("ev_pack", "module", "cell", "mixed_batteries")
ARTICLES = (*BATTERIES, "vehicle")


def one_of(name: str, values: Iterable[str]) -> Callable[[Situation], Truth]:
    wanted = frozenset(values)

    def derive(situation: Situation) -> Truth:
        value = situation.facts.get(name)
        return None if value is None else value in wanted

    return derive


is_battery = one_of("item.kind", BATTERIES)


_article = one_of("item.kind", ARTICLES)


def _group(situation: Situation) -> str | None:
    """Family of the chemistry; unknown while the kind is."""
    kind = situation.facts.get("item.kind")
    return None if kind is None else GROUPS.get(situation.facts.get("item.chemistry", ""))


def _unsorted(situation: Situation) -> Truth:
    mixed = one_of("item.kind", ["mixed_batteries"])(situation)
    return either((mixed, both((is_battery(situation), one_of("item.chemistry", ["mixed"])(situation)))))


def _fraction(situation: Situation) -> Truth:
    """Black mass, or a battery or vehicle that was shredded."""
    kind, condition = situation.facts.get("item.kind"), situation.facts.get("item.condition")
    if kind in ("black_mass", "production_scrap"):
        return bool(kind == "black_mass")
    if kind is None or condition is None:
        return None
    return bool(condition == "shredded")


def _e_waste_form(situation: Situation) -> Truth:
    return either((_fraction(situation), one_of("item.kind", ["vehicle"])(situation)))


def _sound(situation: Situation) -> Truth:
    condition = situation.facts.get("item.condition")
    return None if condition is None else condition not in ("damaged", "shredded")


def _beyond_repair(situation: Situation) -> bool:
    broken = situation.facts.get("item.condition") in ("damaged", "non_functional", "repairable_defect")
    return broken and situation.facts.get("item.repairable") is False


def _hazard_negative(situation: Situation) -> Truth:
    """No constituent of Annex I, or no characteristic of Annex III; unknown if the analysis lacks."""
    if situation.facts.get("evidence.hazard_analysis") is False:
        return None
    parts = both((situation.facts.get("hazard.annex_i"), situation.facts.get("hazard.annex_iii")))
    return None if parts is None else not parts


def _hazard_positive(situation: Situation) -> Truth:
    return both((situation.facts.get("hazard.annex_i"), situation.facts.get("hazard.annex_iii")))


def _goods_damaged(situation: Situation) -> Truth:
    """Damaged or defective for transport; what cannot be diagnosed counts as damaged."""
    facts = situation.facts
    if facts.get("item.diagnosable") is False or facts.get("item.critical") is True:
        return True
    return one_of("item.condition", ["damaged"])(situation)


def _energy(situation: Situation) -> float:
    """Energy [kWh] as a limit sees it: while it is unknown, no limit from above is met."""
    return float(situation.facts.get("item.energy_kwh", inf))


def _approved(permit: str) -> Callable[[Situation], bool]:
    """Is an approval of the States for carriage by air known to be held, and good on the day?"""

    def held(situation: Situation) -> bool:
        known: Mapping[str, Any] = situation.facts.get("permits", {}).get(permit, {})
        in_time = bool(known.get("valid_to", situation.as_of) >= situation.as_of)
        return bool(known.get("held")) and in_time

    return held


ITEM_FACTS: Mapping[str, Callable[[Situation], Any]] = {
    "item.group": _group,
    "item.group_name": lambda situation: _group(situation) or "unnamed",
    "item.kind_name": lambda situation: situation.facts.get("item.kind") or "unnamed",
    "item.condition_name": lambda situation: situation.facts.get("item.condition") or "unnamed",
    "item.cadmium": one_of("item.chemistry", ["NiCd"]),
    "item.lithium_metal": one_of("item.chemistry", ["lithium_metal"]),
    "item.battery": is_battery,
    "item.article": _article,
    "item.cells": one_of("item.kind", (*BATTERIES, "production_scrap")),
    "item.unsorted": _unsorted,
    "item.fraction": _fraction,
    "item.ewaste_form": _e_waste_form,
    "item.sound": _sound,
    "item.used": lambda situation: (
        None if situation.facts.get("item.condition") is None else situation.facts["item.condition"] != "new"
    ),
    "item.beyond_repair": _beyond_repair,
    "hazard.negative": _hazard_negative,
    "hazard.positive": _hazard_positive,
    "goods.damaged": _goods_damaged,
    "goods.energy_kwh": _energy,
    "goods.air_waste_approved": _approved("A183_approval"),
    "goods.air_charge_approved": _approved("A331_approval"),
}
