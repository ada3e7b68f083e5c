"""Samples of uncertain inputs, quantiles of results, and where a spread comes from."""

from __future__ import annotations

from kitaran.planning.uncertainty.distributions import Scale, Spread, spread
from kitaran.planning.uncertainty.draws import Draws
from kitaran.planning.uncertainty.quantiles import PROBABILITIES, quantiles
from kitaran.planning.uncertainty.sampling import Sampler
from kitaran.planning.uncertainty.sensitivity import explained_shares

__all__ = ["PROBABILITIES", "Draws", "Sampler", "Scale", "Spread", "explained_shares", "quantiles", "spread"]
