"""What the route is in law: who is a Party, what each State is known to say, which common lists cover it.

What States are known to say is two-valued on purpose: a position that is not known comes back as a question
and stops nothing by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from kitaran.law.conditions import Truth, both
from kitaran.law.item_facts import is_battery, one_of

if TYPE_CHECKING:
    from kitaran.law.situation import Situation

E_WASTE_ENTRIES = frozenset({"A1181", "Y49"})

RECOVERY = (
    "recycling",
    "direct_reuse",
    "refurbish",
    "repair",
    "remanufacture",
    "repurpose",
    "failure_analysis",
    "warranty_return",
)


_recovery = one_of("purpose", RECOVERY)


def _yes_no(text: str | None) -> Truth:
    return {"yes": True, "no": False}.get(text or "")


def _hazardous_by_law(situation: Situation) -> Truth:
    """Does the law of a State on the route list this chemistry as hazardous? Unknown with the chemistry."""
    group = situation.value("item.group")
    scrap = situation.facts.get("item.scrap_type")
    listed = False
    for cc in situation.states:
        groups = (situation.status(cc, "hazardous_groups") or "").split("|")
        if scrap and scrap in (situation.status(cc, "non_hazardous_scrap") or "").split("|"):
            continue
        if group in groups:
            return True
        listed = listed or groups != [""]
    return None if group is None and listed else False


def _domestic(situation: Situation) -> Truth:
    """Does it stay in one State? Unknown while a transit State may lie between; `EU` is not one State."""
    export, import_ = situation.facts.get("route.export"), situation.facts.get("route.import")
    if export is None or import_ is None:
        return None
    if len(situation.states) > 1 or export == "EU":
        return False
    return True if "route.transit" in situation.facts else None


def _union(situation: Situation, cc: str) -> str:
    return situation.book.unions.get(cc, cc)


def _within_union(situation: Situation) -> bool:
    """Does the whole way lie inside the Union, from one end to another?"""
    export, import_ = situation.facts.get("route.export"), situation.facts.get("route.import")
    if export is None or import_ is None or _domestic(situation):
        return False
    return {_union(situation, cc) for cc in situation.states} == {"EU"}


def _member_states_unnamed(situation: Situation) -> bool:
    return _within_union(situation) and "EU" in situation.states


def _between_member_states(situation: Situation) -> bool:
    return _within_union(situation) and "EU" not in situation.states


def _eu(situation: Situation) -> bool:
    return any(_union(situation, cc) == "EU" for cc in situation.states)


def _eu_refurbish(situation: Situation) -> Truth:
    if not _eu(situation) or situation.status("EU", "annex_xiv") != "yes":
        return False
    return both((one_of("purpose", ["refurbish"])(situation), is_battery(situation)))


def _called_waste(situation: Situation) -> bool:
    return any(situation.position(cc) == "waste" for cc in situation.states)


def _all_say_not_waste(situation: Situation) -> bool:
    ends = {situation.facts.get("route.export"), situation.facts.get("route.import")}
    return None not in ends and all(situation.position(cc) == "not_waste" for cc in situation.states)


def used_is_waste_in(situation: Situation) -> tuple[str, ...]:
    """The States on the route whose law counts used batteries as waste and that have not said otherwise."""
    return tuple(
        cc
        for cc in situation.states
        if situation.status(cc, "used_is_waste") == "yes" and situation.position(cc) != "not_waste"
    )


def law_unknown_in(situation: Situation) -> tuple[str, ...]:
    """The States on the route without a row of their own in the tables."""
    return tuple(cc for cc in situation.states if not _has_row(situation, cc))


def _has_row(situation: Situation, cc: str) -> bool:
    return situation.status(cc, "annex_vii") is not None


def party_unknown_in(situation: Situation) -> tuple[str, ...]:
    """The States on the route whose membership of the Convention is not settled on the day."""
    return tuple(cc for cc in situation.states if _yes_no(situation.status(cc, "basel_party")) is None)


def _ends(situation: Situation, field: str) -> tuple[Truth, Truth]:
    export, import_ = situation.facts.get("route.export"), situation.facts.get("route.import")
    return _yes_no(situation.status(export, field)), _yes_no(situation.status(import_, field))


def _party_with_non_party(situation: Situation) -> bool:
    return set(_ends(situation, "basel_party")) == {True, False}


def _non_party_end(situation: Situation) -> bool:
    return False in _ends(situation, "basel_party")


def _agreement(situation: Situation) -> bool | str:
    told = situation.facts.get("art11_agreement")
    if told is not None:
        return bool(told)
    route = (situation.facts.get("route.export", ""), situation.facts.get("route.import", ""))
    found = situation.law.agreements.get(route)
    return False if found is None else "doubtful" if found.weak else True


def _oecd_members(situation: Situation) -> bool:
    return bool(situation.states) and all(situation.status(cc, "oecd") == "yes" for cc in situation.states)


def _oecd_recovery(situation: Situation) -> bool:
    """All States concerned are OECD members, it goes to recovery, and the common lists cover it."""
    if not _oecd_members(situation) or _recovery(situation) is not True:
        return False
    return not _e_waste_by_national_law(situation)


def _e_waste_by_national_law(situation: Situation) -> bool:
    """Is it e-waste, on a day on which the OECD leaves e-waste to each member?"""
    left_out = situation.status("OECD", "e_waste_by_national_law") == "yes"
    return left_out and bool(situation.value("waste.ewaste_entry"))


def _e_waste_between_members(situation: Situation) -> bool:
    outside = _e_waste_by_national_law(situation)
    return outside and _oecd_members(situation) and _recovery(situation) is True


def _outside_annex_vii(situation: Situation) -> Truth:
    """Is the State of import outside Annex VII, and without an agreement?"""
    import_ = situation.facts.get("route.import")
    inside = _yes_no(situation.status(import_, "annex_vii"))
    if inside is None:
        return None
    return not inside and situation.value("route.agreement") is not True


def _outside_oecd(situation: Situation) -> Truth:
    """Is the State of import outside the OECD decision, and without an agreement?"""
    member = _yes_no(situation.status(situation.facts.get("route.import"), "oecd"))
    if member is None:
        return None
    return not member and situation.value("route.agreement") is not True


def _uncircular(situation: Situation) -> Truth:
    """Does a State on the route count used batteries as waste unless they are free of damage?"""
    named = any(
        situation.status(cc, "circular_resource") == "undamaged" and situation.position(cc) != "not_waste"
        for cc in situation.states
    )
    broken = one_of("item.condition", ["damaged", "shredded"])(situation)
    return both((named, is_battery(situation), broken))


def _import_consented(situation: Situation) -> bool:
    import_ = situation.facts.get("route.import")
    return import_ is not None and situation.consented(import_)


def _waste_hazardous(situation: Situation) -> bool:
    return bool(situation.value("waste.class") == "waste_hazardous")


def _end(role: str, field: str) -> Callable[[Situation], Truth]:
    return lambda situation: _yes_no(situation.status(situation.facts.get(f"route.{role}"), field))


ROUTE_FACTS: Mapping[str, Callable[[Situation], Any]] = {
    "route.hazardous_by_law": _hazardous_by_law,
    "route.domestic": _domestic,
    "route.member_states_unnamed": _member_states_unnamed,
    "route.union_unnamed": lambda situation: "EU" in situation.states,
    "route.between_member_states": _between_member_states,
    "route.uncircular": _uncircular,
    "route.eu": _eu,
    "route.eu_refurbish": _eu_refurbish,
    "route.called_waste": _called_waste,
    "route.all_say_not_waste": _all_say_not_waste,
    "route.used_is_waste": lambda situation: bool(used_is_waste_in(situation)),
    "route.black_mass_waste": lambda situation: any(
        situation.status(cc, "black_mass_waste") == "yes" for cc in situation.states
    ),
    "route.law_unknown": lambda situation: bool(law_unknown_in(situation)),
    "route.party_unknown": lambda situation: bool(party_unknown_in(situation)),
    "route.party_with_non_party": _party_with_non_party,
    "route.nonparty_end": _non_party_end,
    "route.agreement": _agreement,
    "route.oecd_recovery": _oecd_recovery,
    "import.black_mass_standard": lambda situation: (
        situation.status(situation.facts.get("route.import"), "black_mass_standard") == "yes"
    ),
    "import.outside_annex_vii": _outside_annex_vii,
    "import.outside_oecd": _outside_oecd,
    "import.consented": _import_consented,
    "export.annex_vii": _end("export", "annex_vii"),
    "import.annex_vii": _end("import", "annex_vii"),
    "export.ban_amendment": lambda situation: (
        situation.status(situation.facts.get("route.export"), "ban_amendment") == "yes"
    ),
    "import.ban_amendment": lambda situation: (
        situation.status(situation.facts.get("route.import"), "ban_amendment") == "yes"
    ),
    "export.circular_resource": lambda situation: (
        situation.status(situation.facts.get("route.export"), "circular_resource") == "undamaged"
    ),
    "export.reuse_not_waste": lambda situation: (
        situation.status(situation.facts.get("route.export"), "reuse_not_waste") == "yes"
    ),
    "waste.ewaste_entry": lambda situation: bool(
        E_WASTE_ENTRIES & set(situation.value("waste.entries") or ())
    ),
    "waste.ewaste_between_members": _e_waste_between_members,
    "waste.only_y49": lambda situation: (
        situation.value("waste.class") == "waste_non_hazardous"
        and tuple(situation.value("waste.entries") or ()) == ("Y49",)
    ),
    "waste.hazardous_by_treaty": lambda situation: (
        _waste_hazardous(situation) and situation.value("waste.basis") in ("1(1)(a)", "presumed")
    ),
    "waste.controlled": lambda situation: (
        _waste_hazardous(situation) or "Y49" in (situation.value("waste.entries") or ())
    ),
    "waste.uncontrolled": lambda situation: (
        situation.value("waste.class") == "waste_non_hazardous"
        and "Y49" not in (situation.value("waste.entries") or ())
    ),
}
