"""What a recycler pays for its feed, or is paid for taking it, and what black mass is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Feed, Masses, elements
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.prices import NEWER_SET, OLDER_SET, Prices
from kitaran.planning.processes.slips import Slips

LFP = "LFP"


@dataclass(frozen=True)
class FeeRule:
    """fee = fixed + nickel_cobalt (Co P_Co + Ni P_Ni) + lithium carbonate_kg P_carbonate.

    contained    : Co and Ni of the feed, (sample,) [kg/kg]
    carbonate_kg : its lithium as carbonate, (sample,) [kg/kg]
    """

    fixed_usd: float
    nickel_cobalt: float
    lithium: float
    contained: Masses
    carbonate_kg: Array

    def price(self, prices: Prices) -> Array:
        """Price of the feed, (sample,) [USD/kg]; negative where the recycler is paid."""
        metals = self.contained["Co"] * prices.metal["Co"] + self.contained["Ni"] * prices.metal["Ni"]
        carbonate = self.carbonate_kg * prices.reagent["Lithium Carbonate"]
        paid = self.fixed_usd + self.nickel_cobalt * metals + self.lithium * carbonate
        return np.asarray(paid, np.float64)


def fee_rule(
    chemistry: str, bought: bool, components: Feed, figures: Figures, prices: Prices, slips: Slips
) -> FeeRule:
    """How a feed is paid for; bought: it is black mass.

    A share of cobalt and nickel, for batteries or for black mass; in the newer price set lithium of black
    mass is paid for too. LFP has a rule of its own.
    Source: EverBatt 2023, Preproc. Par.!C95; payables of Shanghai Metals Market for 2025-26.
    """
    fee, constant = figures.parameter["fee"], figures.parameter["constant"]
    newer = prices.price_set == NEWER_SET
    contained = elements(components, figures)
    carbonate = contained["Li"] * constant["molar_ratio_carbonate_per_li"]
    if chemistry == LFP:
        if slips.lfp_paid:
            return FeeRule(constant["fee_LFP_usd_per_kg"], 0.0, 0.0, contained, carbonate)
        share = fee["payable_li_lfp_black_mass_2025-26"] if bought and newer else 0.0
        return FeeRule(fee["lfp_fee_mended"], 0.0, share, contained, carbonate)
    price_set = NEWER_SET if newer else OLDER_SET
    phi = fee[f"payable_nico_{'black_mass' if bought else 'battery'}_{price_set}"]
    lithium = fee[f"payable_li_black_mass_{price_set}"] if bought else 0.0
    return FeeRule(0.0, phi, lithium, contained, carbonate)


def payable_of_black_mass(figures: Figures, prices: Prices) -> float:
    """Share of the value of cobalt and nickel that is paid for black mass."""
    price_set = NEWER_SET if prices.price_set == NEWER_SET else OLDER_SET
    return figures.parameter["fee"][f"payable_nico_black_mass_{price_set}"]


def payable_of_lithium(chemistry: str, figures: Figures, prices: Prices) -> float:
    """Share of the carbonate price that is paid for the lithium of a black mass; nothing in the older set."""
    if prices.price_set != NEWER_SET:
        return 0.0
    fee = figures.parameter["fee"]
    name = "payable_li_lfp_black_mass" if chemistry == LFP else "payable_li_black_mass"
    return fee[f"{name}_{NEWER_SET}"]


def black_mass_value(black_mass: Feed, figures: Figures, prices: Prices) -> Array:
    """Worth of black mass as a product, (sample,) [USD/kg]: payable shares of cobalt, nickel and lithium."""
    contained = elements(black_mass, figures)
    metals = contained["Co"] * prices.metal["Co"] + contained["Ni"] * prices.metal["Ni"]
    carbonate = (
        figures.parameter["constant"]["molar_ratio_carbonate_per_li"] * prices.reagent["Lithium Carbonate"]
    )
    worth = payable_of_black_mass(figures, prices) * metals
    for chemistry, fraction in black_mass.cathode.items():
        lithium = fraction * figures.element[chemistry, "Li"]
        worth = worth + payable_of_lithium(chemistry, figures, prices) * lithium * carbonate
    return np.asarray(worth, np.float64)
