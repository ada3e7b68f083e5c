"""The economies of the region and its trade partners, and the regions in which a figure is looked up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from kitaran.foundation.errors import NotFoundError
from kitaran.reference.library import packaged
from kitaran.reference.row import Row

ALL_ECONOMIES = "ALL"
IN_REGION = frozenset({"member", "associate"})


@dataclass(frozen=True, slots=True)
class Economy:
    """One economy. Latitudes and longitudes in degrees; `display_*` is where a map sets its mark.

    fiscal_year_start_month : 1 to 12, None where nobody looked it up
    """

    code: str
    iso2: str
    name: str
    membership: str
    subregion: str
    capital: str
    capital_lat: float | None
    capital_lon: float | None
    currency: str
    fiscal_year_start_month: int | None
    display_lat: float | None
    display_lon: float | None

    @property
    def in_region(self) -> bool:
        """Member or associate member of ESCAP in Asia and the Pacific: part of ASIA_PACIFIC."""
        return self.membership in IN_REGION


@cache
def economies() -> tuple[Economy, ...]:
    """All economies in the order of the table, trade partners included."""
    return tuple(_economy(row) for row in packaged().table("economies"))


def economy(code: str) -> Economy:
    """One economy by its ISO 3166 alpha-3 code; NotFoundError if it is not in the table."""
    try:
        return _by_code()[code]
    except KeyError:
        raise NotFoundError(
            f"There is no economy {code!r}.", "economies", "Give an ISO 3166 alpha-3 code, for example THA."
        ) from None


def region_chain(code: str) -> tuple[str, ...]:
    """Where a figure is looked up, in this order: the economy, its subregion, ALL."""
    return (code, economy(code).subregion, ALL_ECONOMIES)


@cache
def _by_code() -> dict[str, Economy]:
    return {item.code: item for item in economies()}


def _economy(row: Row) -> Economy:
    month = row.number("fiscal_year_start_month")
    return Economy(
        code=row.text("economy"),
        iso2=row.text("iso2"),
        name=row.text("name"),
        membership=row.text("membership"),
        subregion=row.text("subregion"),
        capital=row.text("capital"),
        capital_lat=row.number("capital_lat"),
        capital_lon=row.number("capital_lon"),
        currency=row.text("currency"),
        fiscal_year_start_month=int(month) if month else None,
        display_lat=row.number("display_lat"),
        display_lon=row.number("display_lon"),
    )
