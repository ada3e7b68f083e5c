"""Where the published model computes something other than what its labels say, as switches.

The register `plant_slips` says of each what the published model does and what Kitaran does instead.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from kitaran import reference
from kitaran.foundation.errors import InputError
from kitaran.reference import Row


@dataclass(frozen=True)
class Slips:
    """True keeps the slip of that name."""

    solvent_in_waste: bool = False
    contingency_base: bool = False
    free_diesel: bool = False
    landfill_tonne: bool = False
    small_wastewater: bool = False
    poh_exponential: bool = False
    fuel_water: bool = False
    korea_gases: bool = False
    flat_packaging: bool = False
    tied_carbonate: bool = False
    lfp_paid: bool = False
    fixed_disassembly_wage: bool = False
    american_trucks: bool = False
    pack_for_scrap: bool = False

    def but(self, name: str, keep: bool) -> Slips:
        """The same with one switch set; InputError names the switches."""
        if name not in NAMES:
            raise InputError(f"There is no slip {name!r}.", "slips", f"Choose one of {', '.join(NAMES)}.")
        return replace(self, **{name: keep})


NAMES = tuple(field.name for field in fields(Slips))
MENDED = Slips()
LEGACY = Slips(*(True for _ in NAMES))


def register() -> tuple[Row, ...]:
    """The slips with their words, in the order of their numbers."""
    rows = reference.read("plant_slips").rows
    return tuple(sorted(rows, key=lambda row: row.number("number") or 0))
