"""The words of the targets in the reader's language: families, states, and the arithmetic of each law."""

from __future__ import annotations

from kitaran.law.target_profiles import TargetRow
from kitaran.web.language import gettext as _


def family_words(family: str) -> str:
    """What a target counts."""
    return {
        "collection": _("Collection"),
        "recycling_rate": _("Recycling rate"),
        "recycling_efficiency": _("Recycling efficiency"),
        "material_recovery": _("Recovery of materials"),
        "recycled_content": _("Recycled content"),
        "": _("No target found"),
    }[family]


def state_words(state: str) -> str:
    """Where a target stands today."""
    return {
        "draft": _("draft"),
        "in_force": _("in force"),
        "later": _("decided, not yet in force"),
        "ended": _("ended"),
    }[state]


def element_words(element: str) -> str:
    """The name of an element."""
    return {
        "Co": _("cobalt"),
        "Cu": _("copper"),
        "Li": _("lithium"),
        "Ni": _("nickel"),
        "Pb": _("lead"),
        "": "",
    }[element]


def of_words(row: TargetRow) -> str:
    """Of which mass the share is asked."""
    element = {"element": element_words(row.element)}
    return {
        ("collection", "mass"): _("batteries placed on the market"),
        ("recycling_rate", "mass"): _("batteries placed on the market"),
        ("recycling_efficiency", "mass"): _("waste batteries that enter recycling"),
        ("material_recovery", "dry weight"): _("dry weight of the batteries taken in"),
        ("material_recovery", "element"): _("%(element)s in the batteries treated") % element,
        ("recycled_content", "dry weight"): _("dry weight of new batteries"),
        ("recycled_content", "element"): _("%(element)s in the active materials of new batteries") % element,
    }[row.family, row.basis]


def counted_words(row: TargetRow) -> str:
    """Which mass counts towards the share."""
    element = {"element": element_words(row.element)}
    return {
        ("collection", "mass"): _("waste batteries collected"),
        ("recycling_rate", "mass"): _("batteries recycled"),
        ("recycling_efficiency", "mass"): _("output that counts as recycled"),
        ("material_recovery", "dry weight"): _("dry weight of materials recovered"),
        ("material_recovery", "element"): _("%(element)s recovered") % element,
        ("recycled_content", "dry weight"): _("dry weight of recycled material in them"),
        ("recycled_content", "element"): _("%(element)s in them that was recovered from waste") % element,
    }[row.family, row.basis]


def formula_words(row: TargetRow) -> str:
    """The arithmetic of the law in one sentence; empty where it names no number."""
    if row.share is None or row.formula() is None:
        return ""
    return _("%(percent)s %% of: %(of)s. Counted: %(counted)s.") % {
        "percent": f"{row.share * 100:g}",
        "of": of_words(row),
        "counted": counted_words(row),
    }
