"""Energy, capacity and voltage of a battery side by side: of three, two give the third.

E = C U / 1000        E [kWh], C [Ah], U [V], all as rated
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

ENERGY, CAPACITY, VOLTAGE = "rated_energy_kwh", "rated_capacity_ah", "nominal_voltage_v"
NAMES: Final = (ENERGY, CAPACITY, VOLTAGE)
_FIGURES: Final = 4


def rated(attributes: Mapping[str, Mapping[str, Any]]) -> dict[str, str | None]:
    """Each of the three as a decimal string, None if it cannot be told; `derived` names the one that was
    reckoned from the other two, rounded to four figures.
    """
    told = {name: _number(attributes.get(name, {}).get("value")) for name in NAMES}
    missing = [name for name, value in told.items() if value is None]
    found: dict[str, str | None] = {
        name: None if value is None else str(value) for name, value in told.items()
    }
    derived = missing[0] if len(missing) == 1 else None
    if derived is not None:
        found[derived] = _reckoned(derived, told)
    return {**found, "derived": derived}


def _reckoned(name: str, told: Mapping[str, Decimal | None]) -> str:
    energy, capacity, voltage = (told[one] or Decimal(1) for one in NAMES)
    value = {
        ENERGY: lambda: capacity * voltage / 1000,
        CAPACITY: lambda: energy * 1000 / voltage,
        VOLTAGE: lambda: energy * 1000 / capacity,
    }[name]()
    return format(Decimal(f"{value:.{_FIGURES}g}").normalize(), "f")


def _number(text: Any) -> Decimal | None:
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    return value if value > 0 else None
