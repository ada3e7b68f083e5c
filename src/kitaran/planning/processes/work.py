"""Work: jobs and skills by step, and people to train in each year."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from kitaran import reference
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.disassembly import Disassembly
from kitaran.planning.processes.figures import Figures, figures
from kitaran.planning.processes.plant_cost import PlantCost
from kitaran.planning.processes.repurposing import Repurposing

KILOGRAMS_IN_TONNE = 1000


@dataclass(frozen=True)
class Skill:
    """What a person must be able to do at a step, and days of training with their range."""

    process: str
    step: str
    skill: str
    days: float
    days_low: float
    days_high: float
    grade: str


def skills(process: str = "", overrides: Path | None = None) -> tuple[Skill, ...]:
    """Skills of a process, or of all."""
    table = reference.read("plant_skills", overrides).resolve()
    rows = table.where(process=process) if process else table
    return tuple(
        Skill(row.text("process"), row.text("step"), row.text("skill"), row.central, *row.span, row.grade)
        for row in rows
    )


def plant_jobs(cost: PlantCost, known: Figures | None = None) -> float:
    """Full-time workers of a plant: its crew over the hours of one worker."""
    model = known or figures()
    yearly = cost.labour_hours_per_day * model.parameter["labour"]["operating_days"]
    return yearly / model.parameter["repurposing"]["hours_worked_per_year"]


def disassembly_jobs(apart: Disassembly, feed_t: ArrayLike, known: Figures | None = None) -> Array:
    """Full-time workers who take packs apart for a plant of `feed_t` a year, (sample,)."""
    hours = apart.hours * KILOGRAMS_IN_TONNE * np.asarray(feed_t, np.float64)
    return hours / (known or figures()).parameter["repurposing"]["hours_worked_per_year"]


def repurposing_jobs(
    line: Repurposing, packs_per_year: ArrayLike, known: Figures | None = None
) -> dict[str, Array]:
    """Full-time workers of a repurposing line by step, (sample,); the smallest crew is not counted here."""
    packs = np.asarray(packs_per_year, np.float64)
    hours = (known or figures()).parameter["repurposing"]["hours_worked_per_year"]
    return {step: each * packs / hours for step, each in line.hours_per_pack.items()}


def training_places(
    jobs: ArrayLike, turnover: ArrayLike | None = None, known: Figures | None = None
) -> Array:
    """People to train in each year, so that every job is filled by a trained one.

    jobs     : (..., year) full-time workers
    turnover : share of workers replaced in a year; the table's by default
    returns  : (..., year); growth of jobs, if any, and replacements of last year's
    """
    count = np.asarray(jobs, np.float64)
    leave = (known or figures()).parameter["repurposing"]["turnover"] if turnover is None else turnover
    before = np.concatenate([np.zeros_like(count[..., :1]), count[..., :-1]], axis=-1)
    return np.asarray(np.maximum(count - before + np.asarray(leave) * before, 0.0), np.float64)
