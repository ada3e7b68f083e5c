"""The fleet method: years for millions of lives, from one year of ageing for each bin (`annual`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime import kernels
from kitaran.planning.lifetime.annual import AnnualRates, polynomial, seasonal
from kitaran.planning.lifetime.catalogue import AgeingModel
from kitaran.planning.lifetime.equations import Array

LIVES_AT_ONCE = 20_000
THREADS = 2


def simulate_fleet(
    rates: AnnualRates,
    bin_of: ArrayLike,
    loss_scale: Mapping[str, ArrayLike] | None = None,
    use_scale: ArrayLike | None = None,
) -> Array:
    """State of health at the ends of years for many lives, (year + 1, life).

    rates      : one year of ageing of a model in B bins, `annual_rates`
    bin_of     : (life,) bin of each life, 0 to B - 1
    loss_scale : factor on the loss of a state, (life,) by state name: scatter between cells, on loss
    use_scale  : factor on throughput, (life,): scatter of use
    """
    bins = np.asarray(bin_of)
    if bins.ndim != 1 or (bins.size and (bins.min() < 0 or bins.max() >= rates.bins)):
        raise InputError(
            "A life stands in no bin.", "bin_of", f"Give whole numbers from 0 to {rates.bins - 1}."
        )
    scale = {name: np.asarray(value, dtype=float) for name, value in (loss_scale or {}).items()}
    use = None if use_scale is None else np.asarray(use_scale, dtype=float)
    soh = np.empty((rates.years + 1, bins.size))

    def run(block: tuple[int, NDArray[np.intp] | slice]) -> None:
        index, lives = block
        own = {name: value[lives] for name, value in scale.items()}
        soh[:, lives] = _block(rates, index, soh[:, lives].shape[1], own, None if use is None else use[lives])

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(run, _blocks(bins, rates.bins)))
    return soh


def _blocks(bins: NDArray[np.intp], count: int) -> Iterator[tuple[int, NDArray[np.intp] | slice]]:
    """Lives of one bin in blocks that stay in the processor's cache; slices where they stand in a row."""
    in_order = bool(np.all(bins[1:] >= bins[:-1]))
    order = np.arange(bins.size) if in_order else np.argsort(bins, kind="stable")
    edges = np.searchsorted(bins if in_order else bins[order], np.arange(count + 1))
    for index in range(count):
        for start in range(edges[index], edges[index + 1], LIVES_AT_ONCE):
            stop = min(start + LIVES_AT_ONCE, edges[index + 1])
            yield index, slice(start, stop) if in_order else order[start:stop]


def _block(rates: AnnualRates, index: int, lives: int, scale: dict[str, Array], use: Array | None) -> Array:
    """State of health of lives of one bin, (year + 1, life)."""
    model = rates.model
    grown = {
        name: _Growth(model, name, parts, index, lives)
        for name, parts in rates.growths.items()
        if parts["x"][:, index].any()
    }
    asleep: dict[str, Any] = {s.name: s.start for s in model.states if s.name in rates.growths.keys() - grown}
    soh = np.ones((rates.years + 1, lives))

    def capacity(year: int, losses: dict[str, Any]) -> Array:
        values = asleep | losses | {name: curve[year, index] for name, curve in rates.curves.items()}
        scaled = {name: y * scale[name] if name in scale else y for name, y in values.items()}
        return np.asarray(np.maximum(np.broadcast_to(model.soh(scaled), lives), 0.0))

    bent = any(state.kernel == "sigmoid" for state in model.states if state.name in grown)
    with np.errstate(all="ignore"):
        for year in range(rates.years):
            if bent or year < 2:
                middle = soh[year]
                for _ in range(2):
                    ahead = {name: state.after(middle, use) for name, state in grown.items()}
                    middle = soh[year] - rates.course[year, index] * (soh[year] - capacity(year + 1, ahead))
            else:
                middle = soh[year] - rates.onward[year, index] * (soh[year - 1] - soh[year])
            middle = np.maximum(middle, 0.0)
            losses = {name: state.advance(middle, use) for name, state in grown.items()}
            soh[year + 1] = capacity(year + 1, losses)
    return soh


class _Growth:
    """A state that feels capacity, of lives in one bin: its memory and its step of a year."""

    def __init__(
        self, model: AgeingModel, name: str, parts: dict[str, Array], index: int, lives: int
    ) -> None:
        (self.state,) = (state for state in model.states if state.name == name)
        self.coefficients = {part: values[:, index] for part, values in parts.items()}
        self.exponent = 1.0 if self.state.p.names else float(self.state.p({}))
        self.memory = np.full(lives, self._remembered(self.state.start))

    def _remembered(self, y: float) -> float:
        if seasonal(self.state) or y == 0.0:
            return y
        if self.state.kernel == "sigmoid":
            return float((2.0 * np.arctanh(y)) ** (1.0 / self.exponent))
        return float(y ** (1.0 / self.exponent))

    def _ahead(self, capacity: Array, use: Array | None) -> Array:
        x = polynomial(self.coefficients["x"], capacity)
        x = np.maximum(x if use is None else x * use, 0.0)
        if not seasonal(self.state):
            return np.asarray(self.memory + x)
        k, p, y_inf = (polynomial(self.coefficients[name], capacity) for name in ("k", "p", "y_inf"))
        return kernels.closed_sigmoid(self.memory, x, k, p, y_inf)

    def _loss(self, memory: Array) -> Array:
        if self.state.kernel == "linear" or seasonal(self.state):
            return memory
        powered = np.sqrt(memory) if self.exponent == 0.5 else np.power(memory, self.exponent)
        return np.asarray(np.tanh(0.5 * powered) if self.state.kernel == "sigmoid" else powered)

    def after(self, capacity: Array, use: Array | None) -> Array:
        """The loss after a year at a mean capacity, without going there."""
        return self._loss(self._ahead(capacity, use))

    def advance(self, capacity: Array, use: Array | None) -> Array:
        """The loss after a year at a mean capacity."""
        self.memory = self._ahead(capacity, use)
        return self._loss(self.memory)
