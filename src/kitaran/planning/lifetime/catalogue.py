"""The ageing models: cells, tested ranges and equations, read from the fact tables `ageing_*`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from kitaran import reference
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.lifetime.equations import CAPACITY_SYMBOLS, SAMPLE_SYMBOLS, Array, Equation, parse
from kitaran.reference import Row

Kernel = Literal["power", "powerB", "sigmoid", "linear"]
GRAPHITE_UN_V = 0.123


@dataclass(frozen=True)
class Rate:
    """A rate of ageing, averaged over the window.

    window, sample : the equation as a product; only `sample` holds symbols that differ from sample to sample
    floor          : smallest value in closed_form, or None
    """

    name: str
    equation: Equation
    window: Equation
    sample: Equation
    floor: float | None

    @property
    def sampled(self) -> bool:
        return bool(self.sample.names)

    @property
    def inseparable(self) -> bool:
        """True if capacity enters the part that must be averaged, which then is evaluated every day."""
        return bool(self.sample.names & CAPACITY_SYMBOLS)


@dataclass(frozen=True)
class State:
    """A loss (or a rise of resistance) that grows along a trajectory y(x)."""

    name: str
    kernel: Kernel
    x: Equation
    k: Equation
    p: Equation
    y_inf: Equation
    start: float
    condition: Equation | None
    euler_limit: float | None
    euler_limited: Equation | None
    reversible: bool

    @property
    def names(self) -> frozenset[str]:
        """Rates and symbols that the state's coefficients need."""
        return self.k.names | self.p.names | self.y_inf.names


@dataclass(frozen=True)
class TestedRange:
    """Conditions under which the cell was tested; temperatures in degC, C-rates in 1/h."""

    temperature_c: tuple[float, float]
    dod: tuple[float, float]
    soc: tuple[float, float]
    charge_c_rate: float
    discharge_c_rate: float


@dataclass(frozen=True)
class AgeingModel:
    """One published ageing model."""

    id: str
    chemistry: str
    stands_for: tuple[str, ...]
    cell: str
    nominal_ah: float
    reference_temperature_k: float
    tested: TestedRange
    soh_of_new_at_start: float
    standing: str
    suspect: str
    papers: tuple[str, ...]
    grade: str
    rates: tuple[Rate, ...]
    states: tuple[State, ...]
    soh: Equation
    resistance: Equation | None
    voltage: tuple[Array, Array] | None

    @property
    def separates(self) -> bool:
        """True if relative capacity can be taken out of every averaged rate."""
        return not any(rate.inseparable for rate in self.rates)


@cache
def catalogue() -> dict[str, AgeingModel]:
    """All ageing models by id, in the order of the table."""
    return {row.text("model"): _model(row) for row in reference.read("ageing_models")}


def ageing_model(model_id: str) -> AgeingModel:
    """One ageing model; NotFoundError names those that exist."""
    known = catalogue()
    if model_id not in known:
        raise NotFoundError(
            f"There is no ageing model {model_id!r}.", "model", f"Choose one of {', '.join(known)}."
        )
    return known[model_id]


@cache
def graphite_potential() -> Equation:
    """Potential of graphite against lithium over state of charge [V]."""
    (row,) = reference.read("ageing_equations").where(role="potential")
    return parse(row.text("expression"), row.id)


def _model(row: Row) -> AgeingModel:
    model_id = row.text("model")
    lines = reference.read("ageing_equations").where(model=model_id)
    outputs = {out.text("name"): parse(out.text("expression"), out.id) for out in lines.where(role="output")}
    return AgeingModel(
        id=model_id,
        chemistry=row.text("chemistry"),
        stands_for=tuple(row.text("stands_for").split()),
        cell=row.text("cell"),
        nominal_ah=_number(row, "nominal_ah"),
        reference_temperature_k=row.number("reference_temperature_k") or 1.0,
        tested=_tested(row),
        soh_of_new_at_start=_number(row, "soh_of_new_at_start"),
        standing=row.text("standing"),
        suspect=row.text("suspect"),
        papers=tuple(row.text("paper").split("; ")),
        grade=row.text("grade"),
        rates=tuple(_rate(line) for line in lines.where(role="rate")),
        states=tuple(_state(line) for line in lines.where(role="state")),
        soh=outputs["q"],
        resistance=outputs.get("r"),
        voltage=_voltage(model_id),
    )


def _tested(row: Row) -> TestedRange:
    return TestedRange(
        temperature_c=(_number(row, "temperature_low_c"), _number(row, "temperature_high_c")),
        dod=(_number(row, "dod_low"), _number(row, "dod_high")),
        soc=(_number(row, "soc_low"), _number(row, "soc_high")),
        charge_c_rate=_number(row, "charge_c_rate_high"),
        discharge_c_rate=_number(row, "discharge_c_rate_high"),
    )


def _rate(line: Row) -> Rate:
    equation = parse(line.text("expression"), line.id)
    window, sample = equation.split() if equation.names & SAMPLE_SYMBOLS else (equation, parse("1", line.id))
    return Rate(line.text("name"), equation, window, sample, line.number("closed_floor"))


def _state(line: Row) -> State:
    def given(column: str, default: str) -> Equation:
        return parse(line.text(column) or default, line.id)

    kernel = line.text("kernel")
    if kernel not in ("power", "powerB", "sigmoid", "linear"):
        raise InputError(f"There is no kernel {kernel!r}.", line.id, "See the column's meaning.")
    return State(
        name=line.text("name"),
        kernel=kernel,  # type: ignore[arg-type]
        x=given("x", "dt"),
        k=given("k", "1"),
        p=given("p", "1"),
        y_inf=given("y_inf", "1"),
        start=line.number("y0") or 0.0,
        condition=given("condition", "1") if line.text("condition") else None,
        euler_limit=line.number("euler_limit"),
        euler_limited=given("euler_limited", "0") if line.text("euler_limited") else None,
        reversible=line.text("reversible") == "yes",
    )


def _voltage(model_id: str) -> tuple[Array, Array] | None:
    lines = reference.read("ageing_voltages").where(model=model_id)
    if not len(lines):
        return None
    return np.asarray(lines.column("soc")), np.asarray(lines.column("value"))


def _number(row: Row, column: str) -> float:
    value = row.number(column)
    if value is None:
        raise InputError(f"{column} is empty.", row.id, "Give a number.")
    return value
