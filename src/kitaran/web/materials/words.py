"""Words of the page of materials: elements, stages, laws, shares."""

from __future__ import annotations

from typing import Any

from kitaran.web.figures import DASH, figure
from kitaran.web.language import gettext as _
from kitaran.web.language import ngettext
from kitaran.web.quantities import quantity

ELEMENTS = ("li", "co", "ni", "mn", "cu", "graphite", "pb")
FIRST_ELEMENT = "ni"
_NEXT_TO_NOTHING = 0.05  # t


def element(code: str) -> str:
    """The name of an element: Nickel."""
    return quantity(f"contained_{code}").label


def elements() -> list[tuple[str, str]]:
    """Code and name of each element."""
    return [(code, element(code)) for code in ELEMENTS]


def share(value: float | None) -> str:
    """A share in percent: 6.2 %, 41 %, under 0.1 %, 2.3 times as much."""
    if value is None:
        return ""
    if value >= 1.995:
        return _("%(times)s times as much") % {"times": figure(value, 2)}
    if 0 < value < 1e-3:
        return _("under 0.1 %%") % {}
    return f"{figure(100 * value, 2)}\u00a0%"


def shares(low: float, high: float) -> str:
    """A range of shares."""
    return f"{share(low)} {DASH} {share(high)}"


def stage(code: str) -> str:
    """A stage of making, in plain words."""
    words = {
        "pack": _("Packs, or vehicles with them"),
        "cell": _("Cells"),
        "cathode": _("Cathode active material"),
        "anode": _("Anode active material"),
        "precursor": _("Precursor of the cathode"),
        "refined_Li": _("Refined lithium"),
        "refined_Co": _("Refined cobalt"),
        "refined_Ni": _("Refined nickel"),
        "refined_Mn": _("Refined manganese"),
        "refined_graphite": _("Graphite of battery grade"),
        "refined_Cu": _("Refined copper"),
    }
    return words[code]


def law(cc: str, name: str) -> str:
    """Whose target it is."""
    return _("European Union: batteries sold there") if cc == "EU" else name


def said(
    place: str, code: str, year: int, demand: dict[str, Any], covered: dict[str, Any], with_scrap: bool
) -> dict[str, str]:
    """The answer in parts: what stands before the figure, the figure, what follows, the range.

    with_scrap : whether plants of the place make cells, so that scrap is a part of what comes back
    """
    given = {"place": place, "year": year, "material": element(code).lower()}
    if demand["p90"] < _NEXT_TO_NOTHING:
        before = _("In %(year)s new EV batteries in %(place)s need") % given
        return {
            "before": before,
            "amount": _("hardly any"),
            "after": f"{element(code).lower()}.",
            "range": "",
        }
    if covered["p50"] >= 1:
        before = _("In %(year)s the old EV batteries of %(place)s give back") % given
        if with_scrap:
            before = _("In %(year)s old EV batteries and production scrap of %(place)s give back") % given
        after = _("of the %(material)s that its new ones need: more than enough;") % given
    else:
        before = _("By %(year)s %(place)s could cover") % given
        after = _("of the %(material)s of its new EV batteries from its own old ones;")
        if with_scrap:
            after = _(
                "of the %(material)s of its new EV batteries from its own old ones and production scrap;"
            )
        after %= given
    between = _("8 times in 10 between %(low)s and %(high)s.") % {
        "low": share(covered["p10"]),
        "high": share(covered["p90"]),
    }
    return {"before": before, "amount": share(covered["p50"]), "after": after, "range": between}


def spares(code: str, tonnes: float | None) -> str:
    """What recovery spares of mined material, in a sentence; nothing where it is next to nothing."""
    if tonnes is None or tonnes < _NEXT_TO_NOTHING:
        return ""
    given = {"amount": figure(tonnes), "material": element(code).lower()}
    return _("That spares about %(amount)s tonnes of newly mined %(material)s in the year.") % given


def how_often(part: float | None) -> str:
    """How often a target is reached, in plain words."""
    if part is None:
        return _("not known")
    if part >= 0.995:
        return _("in every result")
    if part <= 0.005:
        return _("in no result")
    tenths = round(10 * part)
    if tenths in (0, 10):
        return _("hardly ever") if tenths == 0 else _("nearly always")
    return ngettext("%(count)s time in 10", "%(count)s times in 10", tenths) % {"count": tenths}
