"""Lives by blast-lite 1.1.1 in its own interpreter (numpy below 2): one-day windows, SOC never rescaled.

Usage: python blast_lite_lives.py PROFILES.npz DAYS OUT.npz, where PROFILES holds NAME_time_s, NAME_soc and
NAME_temperature_c; OUT holds NAME.MODEL.soh and, where the model has it, NAME.MODEL.resistance, daily.
"""

import sys
import warnings

import numpy as np
from blast import models

CLASSES = {
    "lfp_gr_250ah": "Lfp_Gr_250AhPrismatic",
    "lfp_gr_sony_3ah": "Lfp_Gr_SonyMurata3Ah_Battery",
    "lmo_gr_leaf_2nd": "Lmo_Gr_NissanLeaf66Ah_2ndLife_Battery",
    "nca_grsi_sony_2p5ah": "NCA_GrSi_SonyMurata2p5Ah_Battery",
    "nca_gr_panasonic": "Nca_Gr_Panasonic3Ah_Battery",
    "nmc111_gr_kokam_75ah": "Nmc111_Gr_Kokam75Ah_Battery",
    "nmc111_gr_sanyo_2ah": "Nmc111_Gr_Sanyo2Ah_Battery",
    "nmc622_gr_denso_50ah": "Nmc622_Gr_DENSO50Ah_Battery",
    "nmc811_grsi_lgm50": "Nmc811_GrSi_LGM50_5Ah_Battery",
    "nmc811_grsi_lgmj1": "Nmc811_GrSi_LGMJ1_4Ah_Battery",
    "nmc_gr_50ah_b1": "NMC_Gr_50Ah_B1",
    "nmc_gr_50ah_b2": "NMC_Gr_50Ah_B2",
    "nmc_gr_75ah_a": "NMC_Gr_75Ah_A",
    "nmc_lto_10ah": "Nmc_Lto_10Ah_Battery",
}


def life(model, time_s, soc, temperature_c, days):
    """The peer's model object after so many days of the repeating profile."""
    cell = getattr(models, CLASSES[model])()
    per_day = round(86400 / (time_s[1] - time_s[0]))
    whole = (len(time_s) - 1) // per_day
    for day in range(days):
        first = per_day * (day % whole)
        window = slice(first, first + per_day + 1)
        cell.update_battery_state(time_s[window], soc[window], temperature_c[window])
    return cell


def main(profiles, days, out):
    given = np.load(profiles)
    found = {}
    for name in sorted(key.removesuffix("_soc") for key in given.files if key.endswith("_soc")):
        series = [given[f"{name}_{column}"] for column in ("time_s", "soc", "temperature_c")]
        for model in CLASSES:
            cell = life(model, *series, days)
            found[f"{name}.{model}.soh"] = cell.outputs["q"]
            if "r" in cell.outputs:
                found[f"{name}.{model}.resistance"] = cell.outputs["r"]
    np.savez(out, **found)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
