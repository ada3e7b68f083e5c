"""Stocks and flows by flodym, run by an interpreter that has it: flodym_stocks.py GIVEN.npz OUT.npz.

GIVEN: years (year,), and for each case NAME_flow (year, system), NAME_mean and NAME_cv (year, system) of the
Weibull lives, NAME_at (start, middle, end), NAME_points (quadrature points), NAME_driven (inflow, stock).
"""

from __future__ import annotations

import sys
from math import gamma

import flodym as fd
import numpy as np
from scipy.optimize import brentq


def shape_of(cv: float) -> float:
    return float(
        brentq(lambda k: gamma(1 + 2 / k) / gamma(1 + 1 / k) ** 2 - 1 - cv * cv, 0.3, 60.0, xtol=1e-14)
    )


def main(given_path: str, out_path: str) -> None:
    given = np.load(given_path)
    out = {}
    for name in [key[:-5] for key in given.files if key.endswith("_flow")]:
        flow, mean = given[f"{name}_flow"], given[f"{name}_mean"]
        time = fd.Dimension(
            letter="t", name="Time", dtype=float, items=[float(y) for y in given[f"{name}_years"]]
        )
        other = fd.Dimension(
            letter="s", name="System", dtype=str, items=[str(i) for i in range(flow.shape[1])]
        )
        dims = fd.DimensionSet(dim_list=[time, other])
        shape = np.vectorize(shape_of)(np.broadcast_to(given[f"{name}_cv"], flow.shape))
        scale = mean / np.vectorize(gamma)(1 + 1 / shape)
        lives = fd.WeibullLifetime(
            dims=dims,
            time_letter="t",
            weibull_scale=scale,
            weibull_shape=shape,
            inflow_at=str(given[f"{name}_at"]),
            n_pts_per_interval=int(given[f"{name}_points"]),
        )
        if str(given[f"{name}_driven"]) == "inflow":
            model = fd.InflowDrivenDSM(dims=dims, lifetime_model=lives)
            model.inflow.values[...] = flow
        else:
            model = fd.StockDrivenDSM(dims=dims, lifetime_model=lives)
            model.stock.values[...] = flow
        model.compute()
        out |= {
            f"{name}_stock": model.stock.values,
            f"{name}_outflow": model.outflow.values,
            f"{name}_inflow": model.inflow.values,
            f"{name}_bounds": model._t.bounds,
            f"{name}_sf": lives.sf,
        }
    np.savez(out_path, **out)


if __name__ == "__main__":
    main(*sys.argv[1:])
