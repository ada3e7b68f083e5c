"""What a reader chose in the address: economy, year, quantity. Wrong choices say what can be chosen."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.reference import Economy, economies
from kitaran.web.language import gettext as _
from kitaran.web.quantities import ENERGY, quantity
from kitaran.web.results import REGION, Results

FIRST_ECONOMY, FIRST_YEAR = "THA", 2035


@dataclass(frozen=True)
class Choice:
    """One point of the results that a page speaks of."""

    economy: str = FIRST_ECONOMY
    year: int = FIRST_YEAR
    quantity: str = ENERGY

    def query(self, **changes: object) -> str:
        """The choice as a query, with changes."""
        given = {"economy": self.economy, "year": self.year, "quantity": self.quantity} | changes
        return urlencode({key: value for key, value in given.items() if value is not None})


def checked_year(results: Results, year: int) -> int:
    """The year if the run has it; InputError otherwise."""
    if year not in results.years:
        first, last = results.years[0], results.years[-1]
        raise InputError(
            _("There is no result for the year %(year)s.") % {"year": year},
            "year",
            _("Choose a year from %(first)s to %(last)s.") % {"first": first, "last": last},
        )
    return year


def checked_economy(results: Results, code: str) -> str:
    """The code if the run has results for it; NotFoundError otherwise."""
    if code != REGION and code not in results.economies:
        raise NotFoundError(
            _("There is no result for an economy %(code)s.") % {"code": repr(code)},
            "economy",
            _("Choose one from the list on the first page."),
        )
    return code


def checked_quantity(code: str) -> str:
    """The code if there are words for the quantity; InputError otherwise."""
    return quantity(code).code


def known(results: Results) -> list[Economy]:
    """The economies with results, by name."""
    codes = set(results.economies)
    return sorted((e for e in economies() if e.code in codes), key=lambda e: e.name)


def place_name(code: str) -> str:
    """The name of an economy, or of the region."""
    if code == REGION:
        return _("Asia and the Pacific")
    return next((e.name for e in economies() if e.code == code), code)


def subregion_name(code: str) -> str:
    """The name of a subregion."""
    names = {
        "ENEA": _("East and North-East Asia"),
        "SEA": _("South-East Asia"),
        "SSWA": _("South and South-West Asia"),
        "NCA": _("North and Central Asia"),
        "PAC": _("Pacific"),
        "ANZ": _("Australia and New Zealand"),
        "PARTNER": _("Trade partners"),
    }
    return names.get(code, code)


def place_options(results: Results) -> list[tuple[str, str]]:
    """Code and name of the region and of every economy with results, for a form."""
    return [(REGION, place_name(REGION)), *((each.code, each.name) for each in known(results))]


def crumbs(code: str) -> list[tuple[str, str]]:
    """The way back from a planning page of one place; the region's way is the plan itself."""
    here = [] if code == REGION else [(place_name(code), f"/plan/{code}")]
    return [(_("Plan"), "/plan"), *here]
