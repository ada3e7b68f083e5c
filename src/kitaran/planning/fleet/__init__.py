"""Vehicles and batteries in use, replaced and retired: lives, kernels, stock and flow, history, diffusion."""

from __future__ import annotations

from kitaran.planning.fleet.alive_after import Timing
from kitaran.planning.fleet.diffusion import Curve, Prior, draw_towards, fit, share_of
from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import VEHICLE_CLASSES, History, histories
from kitaran.planning.fleet.joint_state import CAUSES
from kitaran.planning.fleet.kernels import (
    Kernel,
    Life,
    Lives,
    Replacement,
    SurvivalCurve,
    monthly_kernel,
    stepped_kernel,
    vehicle_kernel,
    yearly_kernel,
)
from kitaran.planning.fleet.lives import Tabulated, alive_from_pdf
from kitaran.planning.fleet.market import growth_by_income, market_path
from kitaran.planning.fleet.peers import Place, carried_over, nearest
from kitaran.planning.fleet.projection import Projection
from kitaran.planning.fleet.reuse import Paired, Reuse, mixed
from kitaran.planning.fleet.stock import (
    Adjustment,
    adjust_to_stock,
    assert_balance,
    imbalance,
    outflow,
    sales_that_fill,
)
from kitaran.planning.fleet.stock_model import project
from kitaran.planning.fleet.survival import Family, mean_life_until, survival
from kitaran.planning.fleet.trade import Conversion, SecondHand

__all__ = [
    "CAUSES",
    "VEHICLE_CLASSES",
    "Adjustment",
    "Conversion",
    "Curve",
    "Family",
    "Figure",
    "History",
    "Kernel",
    "Life",
    "Lives",
    "Paired",
    "Place",
    "Prior",
    "Projection",
    "Replacement",
    "Reuse",
    "SecondHand",
    "SurvivalCurve",
    "Tabulated",
    "Timing",
    "adjust_to_stock",
    "alive_from_pdf",
    "assert_balance",
    "carried_over",
    "draw_towards",
    "fit",
    "growth_by_income",
    "histories",
    "imbalance",
    "market_path",
    "mean_life_until",
    "mixed",
    "monthly_kernel",
    "nearest",
    "outflow",
    "project",
    "sales_that_fill",
    "share_of",
    "stepped_kernel",
    "survival",
    "vehicle_kernel",
    "yearly_kernel",
]
