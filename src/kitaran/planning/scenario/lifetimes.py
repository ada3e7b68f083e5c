"""What a run tells about the lives of batteries: how long they last here, what ended them, and what the
ageing engine changes against the lifetime tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.lifetime.survival import age_at, ended_by
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.battery_life import AGES, FEW
from kitaran.planning.scenario.economy_result import QUANTITIES, YEARS, ClassResult
from kitaran.planning.scenario.lives import Kind
from kitaran.planning.scenario.model import FIRST_YEAR
from kitaran.planning.scenario.parameters import JUDGED_COHORT
from kitaran.planning.scenario.people import FIRST_COHORT
from kitaran.planning.scenario.retiring import causes as causes_of
from kitaran.planning.scenario.retiring import soh_above, soh_band
from kitaran.planning.scenario.tables import NUMBER, TEXT, WHOLE, Column, Table, cycled, repeated
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.use_life import UseLife
from kitaran.planning.uncertainty.quantiles import quantiles

Array = NDArray[np.float64]
Cells = Column | str | float | int

COUNTED = list(QUANTITIES)[:2]
ALL_CLASSES = "all"
CAUSES = ("wear", "age", "fault", "accident", "scrapped")
_BAND = ("p10", "p50", "p90")
_LATEST = JUDGED_COHORT - FIRST_COHORT
_LEAST_SHARE = 0.005


def tables() -> dict[str, Table]:
    """The tables of a run that tell about lives; empty columns are NaN."""
    kind = dict.fromkeys(("economy", "vehicle_class", "use", "chemistry", "basis", "models", "places"), TEXT)
    band = {f"{name}_{p}": NUMBER for name in ("threshold_years", "battery_years") for p in _BAND}
    ended = {f"ended_{cause}": NUMBER for cause in CAUSES}
    place = {"economy": TEXT, "vehicle_class": TEXT}
    of_year = {**place, "year": WHOLE, "quantity": TEXT, "unit": TEXT}
    return {
        "battery_lives": Table(
            {
                **kind,
                "share": NUMBER,
                **band,
                "vehicle_years": NUMBER,
                "table_years": NUMBER,
                **ended,
                "outside_tested_range": NUMBER,
                "outside_by": TEXT,
            }
        ),
        "survival": Table(
            {
                **place,
                "age": WHOLE,
                **dict.fromkeys(_BAND, NUMBER),
                "tables_p50": NUMBER,
                **{f"soh_{p}": NUMBER for p in _BAND},
            }
        ),
        "lifetime_basis": Table(
            {**of_year, **dict.fromkeys(("by_model", "by_table", "outside_tested_range"), NUMBER)}
        ),
        "lifetime_change": Table(
            {
                **of_year,
                **dict.fromkeys(("engine_p50", "tables_p50", "engine_mean", "tables_mean"), NUMBER),
            }
        ),
    }


def add_class(made: Mapping[str, Table], economy: str, part: ClassResult) -> None:
    """Lives and survival of one class of one economy."""
    for row in _lives(part.carried):
        made["battery_lives"].add(1, economy=economy, vehicle_class=part.vehicle_class, **row)
    _add_survival(made["survival"], economy, part)


def add_years(
    made: Mapping[str, Table], economy: str, vehicle_class: str, flows: Mapping[str, Array | None]
) -> None:
    """What retired by what, and what the engine changes, by year.

    flows : retired, modelled, outside, tables: (2, year, sample) batteries and energy; tables may be None
    """
    retired, tabled = flows["retired"], flows["tables"]
    assert retired is not None
    rows = len(COUNTED) * len(YEARS)
    keys: dict[str, Cells] = {
        "economy": economy,
        "vehicle_class": vehicle_class,
        "year": cycled(YEARS, len(COUNTED)),
        "quantity": repeated(COUNTED, len(YEARS)),
        "unit": repeated([QUANTITIES[name] for name in COUNTED], len(YEARS)),
    }
    whole, modelled, outside = (_mean(flows[name]) for name in ("retired", "modelled", "outside"))
    # The part and the whole are added in different orders: their last digits may cross.
    share = np.minimum(np.divide(modelled, whole, out=np.zeros_like(whole), where=whole > 0), 1.0)
    beyond = np.divide(outside, modelled, out=np.full_like(whole, np.nan), where=modelled > 0)
    made["lifetime_basis"].add(
        rows,
        **keys,
        by_model=share,
        by_table=np.where(whole > 0, 1.0 - share, 0.0),
        outside_tested_range=beyond,
    )
    if tabled is not None:
        made["lifetime_change"].add(
            rows,
            **keys,
            engine_p50=quantiles(retired)[1].reshape(-1),
            tables_p50=quantiles(tabled)[1].reshape(-1),
            engine_mean=whole,
            tables_mean=_mean(tabled),
        )


def summary(flows: Mapping[str, Array | None], year: int) -> dict[str, object]:
    """What retires in a year by what, for the manifest: shares by quantity."""
    column = year - FIRST_YEAR
    told: dict[str, object] = {"year": year}
    for row, name in enumerate(COUNTED):
        whole, modelled, outside = (
            float(part[row, column].mean()) if part is not None else 0.0
            for part in (flows["retired"], flows["modelled"], flows["outside"])
        )
        told[name] = {
            "by_model": modelled / whole if whole else 0.0,
            "by_table": 1.0 - modelled / whole if whole else 0.0,
            "outside_tested_range": outside / modelled if modelled else None,
        }
    return told


def _mean(flow: Array | None) -> Array:
    assert flow is not None
    mean: Array = flow.mean(axis=-1).reshape(-1)
    return mean


def flows_of(part: ClassResult) -> dict[str, Array | None]:
    """Flows of a class as `add_years` takes them."""
    tabled = part.tabled.retired if part.tabled else None
    counted = part.over_chemistries[:2]
    return {"retired": counted, "modelled": part.modelled, "outside": part.outside, "tables": tabled}


def together(flows: Sequence[Mapping[str, Array | None]]) -> dict[str, Array | None]:
    """Sum of the flows of several classes or economies; without tables if one of them has none."""
    names = ("retired", "modelled", "outside", "tables")
    parts = {name: [each[name] for each in flows] for name in names}
    return {
        name: None if any(part is None for part in each) else np.sum(each, axis=0)  # type: ignore[arg-type]
        for name, each in parts.items()
    }


def _lives(carried: Technology) -> Iterator[dict[str, Cells]]:
    """One row for each use and chemistry of the vehicles sold of late, the commonest use first."""
    for kind, life, member, share in _latest(carried):
        if share < _LEAST_SHARE:
            continue
        first = life.battery * life.vehicle
        band = dict(zip(_BAND, quantiles(age_at(0.5, AGES, life.battery)), strict=True))
        worn = {}
        if life.by_model:
            worn = dict(zip(_BAND, quantiles(age_at(0.5, AGES, life.ended["wear"])), strict=True))
        yield {
            "use": life.use,
            "chemistry": CHEMISTRIES[member],
            "basis": "model" if life.by_model else "table",
            "models": ", ".join(life.life.models) if life.life else "",
            "places": ", ".join(life.places),
            "share": share,
            **{f"threshold_years_{p}": float(worn[p]) if worn else np.nan for p in _BAND},
            **{f"battery_years_{p}": float(band[p]) for p in _BAND},
            "vehicle_years": float(np.median(age_at(0.5, AGES, life.vehicle))),
            "table_years": life.table_years,
            **_ended(life, first),
            "outside_tested_range": kind.outside if life.by_model else np.nan,
            "outside_by": life.life.reason if life.life else "",
        }


def _latest(carried: Technology) -> Iterator[tuple[Kind, UseLife, int, float]]:
    """Kind, use, chemistry and the part of the class's new vehicles of the latest counted year."""
    for kind in carried.kinds:
        if not kind.cohorts[_LATEST]:
            continue
        parts = carried.parts(kind)[_LATEST].mean(axis=-1)
        for member, part in zip(kind.members, parts, strict=True):
            for life in kind.uses:
                yield kind, life, member, float(part * life.share.mean())


def _ended(life: UseLife, first: Array) -> dict[str, float]:
    """Share of first batteries that each cause ends within the ages shown; by tables only the vehicle's part
    is known, and what the battery itself ends stands as wear, age and fault together in none."""
    if not life.by_model:
        causes = ended_by({"battery": life.battery[:, FEW], "scrapped": life.vehicle[:, FEW]})
        return {f"ended_{cause}": np.nan for cause in CAUSES} | {
            "ended_scrapped": float(causes["scrapped"].mean())
        }
    causes = ended_by(causes_of(life))
    return {f"ended_{cause}": float(causes[cause].mean()) for cause in CAUSES}


def _add_survival(table: Table, economy: str, part: ClassResult) -> None:
    p10, p50, p90 = quantiles(_first_life(part.carried))
    tabled = quantiles(_first_life(part.tabled.carried))[1] if part.tabled else np.full(AGES.size, np.nan)
    soh = _soh_of_retired(part.carried)
    table.add(
        AGES.size,
        economy=economy,
        vehicle_class=part.vehicle_class,
        age=AGES.astype(int),
        p10=p10,
        p50=p50,
        p90=p90,
        tables_p50=tabled,
        **{f"soh_{p}": column for p, column in zip(_BAND, soh.T, strict=True)},
    )


def _first_life(carried: Technology) -> Array:
    """Share of the first batteries of new vehicles still in first life, (age, sample)."""
    total = np.zeros((AGES.size, carried.spares.size))
    whole = 0.0
    for _, life, _, share in _latest(carried):
        total += share * life.battery * life.vehicle
        whole += share
    return total / max(whole, 1e-12)


def _soh_of_retired(carried: Technology) -> Array:
    """P10, P50 and P90 of state of health of the batteries that retire in the year before each age,
    (age, 3); NaN where none retires or none by a model."""
    shown = [(life, share) for _, life, _, share in _latest(carried) if share >= _LEAST_SHARE]
    return soh_band(soh_above(shown)[0])
