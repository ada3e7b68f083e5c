"""What a recycler pays for its feed, or is paid for taking it, and what black mass is worth."""

from __future__ import annotations

import numpy as np

from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Feed, elements
from kitaran.planning.processes.figures import Figures
from kitaran.planning.processes.prices import NEWER_SET, OLDER_SET, Prices
from kitaran.planning.processes.slips import Slips

LFP = "LFP"
BLACK_MASS = "black_mass"


def feed_fee(
    chemistry: str, kind: str, components: Feed, figures: Figures, prices: Prices, slips: Slips
) -> Array:
    """Price of the feed, (sample,) [USD/kg]; negative where the recycler is paid.

    fee = phi X_cathode (w_Co P_Co + w_Ni P_Ni), with phi for batteries or for black mass; in the newer price
    set lithium of black mass is paid for too. LFP has a rule of its own.
    Source: EverBatt 2023, Preproc. Par.!C95; payables of Shanghai Metals Market for 2025-26.
    """
    fee, constant = figures.parameter["fee"], figures.parameter["constant"]
    bought = kind == BLACK_MASS
    newer = prices.price_set == NEWER_SET
    contained = elements(components, figures)
    carbonate = (
        contained["Li"] * constant["molar_ratio_carbonate_per_li"] * prices.reagent["Lithium Carbonate"]
    )
    if chemistry == LFP:
        if slips.lfp_paid:
            return np.asarray(constant["fee_LFP_usd_per_kg"] + 0 * carbonate, np.float64)
        share = fee["payable_li_lfp_black_mass_2025-26"] if bought and newer else 0.0
        return np.asarray(fee["lfp_fee_mended"] + share * carbonate, np.float64)
    price_set = NEWER_SET if newer else OLDER_SET
    phi = fee[f"payable_nico_{'black_mass' if bought else 'battery'}_{price_set}"]
    lithium = fee[f"payable_li_black_mass_{price_set}"] if bought else 0.0
    metals = contained["Co"] * prices.metal["Co"] + contained["Ni"] * prices.metal["Ni"]
    return np.asarray(phi * metals + lithium * carbonate, np.float64)


def black_mass_value(black_mass: Feed, figures: Figures, prices: Prices) -> Array:
    """Worth of black mass as a product, (sample,) [USD/kg]: the payable share of its cobalt and nickel."""
    contained = elements(black_mass, figures)
    newer = prices.price_set == NEWER_SET
    phi = figures.parameter["fee"][f"payable_nico_black_mass_{NEWER_SET if newer else OLDER_SET}"]
    return np.asarray(
        phi * (contained["Co"] * prices.metal["Co"] + contained["Ni"] * prices.metal["Ni"]), np.float64
    )
