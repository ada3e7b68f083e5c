"""What one battery may be worth where it is, in the currency of the place, from what its passport says.

The answer is that of `/plan/value` for the same battery; the page links to it with everything filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from kitaran.foundation.errors import KitaranError
from kitaran.reference import economies
from kitaran.reference.overrides import fingerprint
from kitaran.web.figures import figure
from kitaran.web.value.choice import ValueChoice, asked_of
from kitaran.web.value.tables import money

VEHICLE: Final[Mapping[str, str]] = {"lmt": "two_wheeler"}
"""Whose pack it is by category, where that is not a car's."""
_DIGITS: Final = 2
_PER_CENT: Final = 100
_MONEY: Final = ("value_usd", "p10_usd", "p90_usd")


def worth_of(
    told: Mapping[str, Any], rated_kwh: str | None, latest: Mapping[str, Any], place: str, overrides: Path
) -> dict[str, Any] | None:
    """Value now with its range in US dollars and in the place's currency, and the question behind it; None
    where the battery cannot be valued.

    told   : values by attribute; latest : newest state of health, as `battery_health.health_of` says
    place  : economy code
    """
    if not rated_kwh or not told.get("chemistry") or place not in {one.code for one in economies()}:
        return None
    choice = ValueChoice(
        chem=told["chemistry"],
        kwh=str(rated_kwh),
        soh=f"{_PER_CENT * latest['soh']:.1f}",
        within=f"{_PER_CENT * (latest['error'] or 0):.1f}",
        place=place,
        condition="unknown",
        vehicle=VEHICLE.get(told.get("category", ""), "car"),
    )
    return _worth(choice, overrides, fingerprint(overrides))


@lru_cache(maxsize=256)
def _worth(choice: ValueChoice, overrides: Path, _state: object) -> dict[str, Any] | None:
    """The value; kept for the next reader as long as the workspace's own rows do not change."""
    from kitaran.planning.market import valuation

    try:
        _asked, found, _wrong = asked_of(choice, overrides)
    except KitaranError:
        return None
    if found is None:
        return None
    facts = valuation.as_dict(found)
    return {
        **{name: facts[name] for name in _MONEY},
        "local": facts["local"],
        "place": choice.place,
        "grade": facts["grade"],
        "address": choice.address(),
    }


def worth_words(worth: Mapping[str, Any]) -> dict[str, str]:
    """The amounts with their currency; `usd` and `rate` are empty where the currency is the dollar."""
    local = worth["local"]
    middle, low, high = (money(worth[name], local, _DIGITS) for name in _MONEY)
    foreign = local is not None and local["currency"] != "USD"
    return {
        "middle": middle,
        "low": low,
        "high": high,
        "usd": f"{figure(worth['value_usd'], _DIGITS)}\u00a0USD" if foreign else "",
        "rate": f"1 USD = {figure(local['per_usd'], 4)} {local['currency']}" if foreign and local else "",
        "row": f"/data/{local['row']}" if foreign and local and local["row"] else "",
    }
