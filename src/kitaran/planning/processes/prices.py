"""Prices of one calculation: a set of the fact table, with what the user changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from kitaran.foundation.errors import InputError
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.slips import Slips

OLDER_SET = "2022-23"
NEWER_SET = "2025-26"
PRICE_SETS = (OLDER_SET, NEWER_SET)
CARBONATE = "Lithium Carbonate"
METAL_OF_PRODUCT = {"cobalt": "Co", "nickel": "Ni", "manganese": "Mn"}


@dataclass(frozen=True)
class Prices:
    """USD/kg, each (sample,).

    metal, reagent, product : by name
    cathode                 : list price by chemistry
    cathode_reagent         : reagents of the virgin cathode plant
    given_cathode           : price of renewed cathode material that the user sets, by chemistry
    price_set, kept         : which set, and the items that it lacks and for which the older price stands
    """

    metal: Masses
    reagent: Masses
    product: Masses
    cathode: Masses
    cathode_reagent: Masses
    given_cathode: Masses
    price_set: str
    kept: tuple[str, ...]

    def of_product(self, name: str) -> Array:
        """Price of a product; metals in salts at the metal's price."""
        return self.metal[METAL_OF_PRODUCT[name]] if name in METAL_OF_PRODUCT else self.product[name]


def price_list(
    figures: Figures,
    slips: Slips,
    price_set: str = OLDER_SET,
    metal: Masses | None = None,
    reagent: Masses | None = None,
    crude_carbonate: Array | None = None,
    cathode: Masses | None = None,
) -> Prices:
    """Prices of a set with changes laid over it.

    Co, Ni and Mn salts of the cathode plant follow the metals. Crude lithium carbonate is worth half of the
    listed carbonate; it follows a changed carbonate price unless the slip `tied_carbonate` is kept.
    """
    if price_set not in figures.prices:
        raise InputError(
            f"There is no price set {price_set!r}.", "prices", f"Choose one of {', '.join(PRICE_SETS)}."
        )
    groups, kept = _laid_over(figures, price_set)
    crude = groups["product"]["lithium_carbonate_crude"]
    changed = reagent or {}
    if CARBONATE in changed and not slips.tied_carbonate:
        crude = changed[CARBONATE] * (crude / groups["reagent"][CARBONATE])
    metals = {**groups["metal"], **(metal or {})}
    salts = {**groups["cathode_plant_reagent"], **_salts(metals, figures)}
    if not slips.tied_carbonate:
        shared = {name: groups["reagent"][name] for name in salts if name in groups["reagent"]}
        salts |= shared | {name: price for name, price in changed.items() if name in salts}
    return Prices(
        metal=metals,
        reagent={**groups["reagent"], **changed},
        product={
            **groups["product"],
            "lithium_carbonate_crude": crude if crude_carbonate is None else crude_carbonate,
        },
        cathode=groups["cathode"],
        cathode_reagent=salts,
        given_cathode=cathode or {},
        price_set=price_set,
        kept=kept,
    )


def _laid_over(figures: Figures, price_set: str) -> tuple[dict[str, dict[str, Array]], tuple[str, ...]]:
    """The older set with the chosen one over it, and the items that only the older set has."""
    chosen, older = figures.prices[price_set], figures.prices[OLDER_SET]
    groups = {
        group: {
            name: np.asarray(value, np.float64) for name, value in {**items, **chosen.get(group, {})}.items()
        }
        for group, items in older.items()
    }
    kept = [name for group, items in older.items() for name in items if name not in chosen.get(group, {})]
    return groups, tuple(sorted(set(kept)))


def _salts(metal: Mapping[str, Array], figures: Figures) -> dict[str, Array]:
    """Salts and oxides at the metal's price times the metal's share of their mass."""
    mass = {**figures.parameter["cathode_plant"], **figures.parameter["transport"]}
    cobalt, nickel, manganese = (mass[f"mass_{name}_element"] for name in ("Co", "Ni", "Mn"))
    return {
        "Cobalt Sulfate": metal["Co"] * cobalt / mass["mass_CoSO4"],
        "Nickel Sulfate": metal["Ni"] * nickel / mass["mass_NiSO4"],
        "Manganese Sulfate": metal["Mn"] * manganese / mass["molar_mass_MnSO4_price"],
        "Cobalt Oxide": metal["Co"] * cobalt / mass["molar_mass_third_Co3O4_price"],
    }
