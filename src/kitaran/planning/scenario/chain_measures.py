"""What the chain gives to the headline, and jobs and gases from what each step handles."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.routes import (
    AGAIN,
    FORMAL,
    HOARD,
    INFORMAL,
    RECYCLING,
    RETIRED,
    SCRAP,
    SPENT_EXPORT,
    STOCKPILE,
)
from kitaran.planning.scenario.chain import Chain
from kitaran.planning.scenario.chain_effects import Handled, ghg_avoided, jobs
from kitaran.planning.scenario.chain_links import GROUPS, along
from kitaran.planning.scenario.chain_recovery import ABROAD, AT_HOME, BLACK_MASS_EXPORT, ELEMENTS
from kitaran.planning.scenario.chain_rules import REUSE, SECOND_USES
from kitaran.planning.scenario.measures import Measure

Array = NDArray[np.float64]

_LEAD = GROUPS.index("lead_acid")
_FIRST_COLLECTED = ((RETIRED, FORMAL), (HOARD + AGAIN, FORMAL))


def measures(made: Chain) -> dict[str, Measure]:
    """Quantities of the headline that rest on the chain alone, in order.

    collected_mass : what licensed collectors get of batteries that come from vehicles or from hoards
    recycled_mass  : what reaches licensed recyclers, production scrap and second retirements among it
    informal_mass  : what reaches informal collectors; stockpile_mass: in store at year's end
    recovered_*    : at home, abroad from what is sent there, and informally
    """
    grades = made.rules.grades
    handled = {name: grades[name] for name in ("collection", "triage")}
    collected = {"collection": grades["collection"]}
    found = {
        "collected_mass": _mass(along(made.links, *_FIRST_COLLECTED), collected),
        "reused_energy": _energy(made.used_again(REUSE), handled),
        "second_life_energy": _energy(_sum([made.used_again(use) for use in SECOND_USES]), handled),
        "recycled_mass": _mass(_into(made, RECYCLING), handled),
        "informal_mass": _mass(_into(made, INFORMAL), collected),
        "stockpile_mass": _mass(
            _sum([stream.mass.stocks[STOCKPILE].sum(axis=1) for stream in made.streams]), handled
        ),
    }
    for element, amount in zip(ELEMENTS, made.recovered, strict=True):
        name = element.lower()
        rests_on = {**handled, "recovery": grades["recovery"]}
        found[f"recovered_{name}"] = Measure("t", amount, like=f"contained_{name}", rests_on=rests_on)
    return found


def effects(made: Chain) -> dict[str, Measure]:
    """Jobs and greenhouse gases avoided."""
    told = handled_by(made)
    counted = {
        "jobs": ("job", jobs(made.rules, told)),
        "ghg_avoided": ("t CO2-eq", ghg_avoided(made.rules, told)),
    }
    return {
        name: Measure(unit, amount, like="retired_mass", rests_on=made.rules.grades)
        for name, (unit, amount) in counted.items()
    }


def handled_by(made: Chain) -> Handled:
    """What each step handles in a year."""
    links = made.links
    processes = [name for stream in made.streams for name in stream.treated.shares]
    lithium, lead = _lithium(links[FORMAL, SPENT_EXPORT]), links[FORMAL, SPENT_EXPORT][_LEAD]
    return Handled(
        collected=_into(made, FORMAL),
        dismantled=_lithium(
            _sum([links[link] for link in links if link[1] == RECYCLING and link[0] != SCRAP])
        ),
        treated={name: along(links, (RECYCLING, name)) for name in processes},
        treated_abroad=lithium + along(links, (RECYCLING, BLACK_MASS_EXPORT)),
        lead_abroad=lead + along(links, (RECYCLING, SPENT_EXPORT)),
        used_again={use: made.used_again(use) for use in (REUSE, *SECOND_USES)},
        recovered={place: made.recovered_where(place) for place in (AT_HOME, ABROAD)},
    )


def _mass(amount: Array, rests_on: Mapping[str, str]) -> Measure:
    return Measure("t", amount, like="retired_mass", rests_on=rests_on)


def _energy(amount: Array, rests_on: Mapping[str, str]) -> Measure:
    return Measure("GWh", amount, like="retired_energy", rests_on=rests_on)


def _lithium(flow: Array) -> Array:
    """(year, sample) of all groups but lead-acid, from (group, year, sample)."""
    return np.asarray(flow.sum(axis=0) - flow[_LEAD])


def _into(made: Chain, place: str) -> Array:
    return along(made.links, *(link for link in made.links if link[1] == place))


def _sum(amounts: list[Array]) -> Array:
    total: Array = np.sum(amounts, axis=0)
    return total
