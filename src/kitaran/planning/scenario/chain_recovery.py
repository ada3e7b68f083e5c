"""What licensed recyclers and informal processors get out of batteries, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.routes import SPENT_EXPORT
from kitaran.planning.materials.content import ITEMS
from kitaran.planning.scenario.chain_rules import RECOVERY, Rules

Array = NDArray[np.float64]

ELEMENTS = ITEMS[1:]
BLACK_MASS_EXPORT = "exported_black_mass"
LITHIUM_PROCESSES = ("hydrometallurgical", "pyrometallurgical", "direct")
LEAD_SMELTING = "secondary_lead_smelting"
_INFORMAL = {"lithium": "informal_lithium", "lead_acid": "informal_lead"}
_ABROAD = {"lithium": "hydrometallurgical", "lead_acid": LEAD_SMELTING}
AT_HOME, ABROAD, INFORMALLY = "at_home", "abroad", "informal"


@dataclass(frozen=True)
class Recovery:
    """What recyclers do with a type of battery.

    shares    : by process, (year, sample) part of the feed that it treats at home
    leaving   : (year, sample) part of the feed that leaves as black mass, or as spent lead-acid batteries
    export    : the place that it leaves for
    yields    : by process, (element, 1, sample)
    battery_type : lithium or lead_acid
    """

    shares: Mapping[str, Array]
    leaving: Array
    export: str
    yields: Mapping[str, Array]
    battery_type: str

    @property
    def informal_yields(self) -> Array:
        """(element, 1, sample) of informal processing."""
        return self.yields[_INFORMAL[self.battery_type]]

    def recovered(self, feed: Array, spent: Array, informal: Array) -> dict[str, Array]:
        """Elements recovered at home, abroad and informally, each (element, year, sample) [t].

        feed, spent, informal : (element, year, sample) contained in what recyclers get, in what is exported
        spent, and in what is processed informally [t]
        """
        home = np.sum([feed * share * self.yields[name] for name, share in self.shares.items()], axis=0)
        abroad = (feed * self.leaving + spent) * self.yields[_ABROAD[self.battery_type]]
        return {
            AT_HOME: home,
            ABROAD: abroad,
            INFORMALLY: informal * self.informal_yields,
        }


def recovery(rules: Rules, battery_type: str, feed_t: Array) -> Recovery:
    """Processes, yields and what leaves, for a feed (year, sample) [t].

    At home go what known capacity takes and, of the rest, what new plants are built for:
    home = min(feed, capacity) + built_at_home max(feed - capacity, 0).
    """
    built = rules.by_year("recovery", RECOVERY, battery_type, "built_at_home")[:, 0]
    capacity = _capacity(rules) if battery_type == "lithium" else np.zeros(rules.draws.samples)
    home = np.minimum(feed_t, capacity)
    home = home + built * (feed_t - home)
    at_home = np.divide(home, feed_t, out=np.array(built), where=feed_t > 0)
    processes = LITHIUM_PROCESSES if battery_type == "lithium" else (LEAD_SMELTING,)
    export = BLACK_MASS_EXPORT if battery_type == "lithium" else SPENT_EXPORT
    split = _processes(rules) if battery_type == "lithium" else {LEAD_SMELTING: np.ones_like(at_home)}
    names = {*processes, _INFORMAL[battery_type]}
    return Recovery(
        {name: at_home * split[name] for name in processes},
        1.0 - at_home,
        export,
        {name: _yields(rules, name) for name in sorted(names)},
        battery_type,
    )


def _processes(rules: Rules) -> dict[str, Array]:
    """Share of each process, (year, sample), adding up to one."""
    drawn = {name: rules.by_year("recovery", RECOVERY, "lithium", name)[:, 0] for name in LITHIUM_PROCESSES}
    whole = np.sum(list(drawn.values()), axis=0)
    return {name: share / whole for name, share in drawn.items()}


def _capacity(rules: Rules) -> Array:
    """(sample,) known capacity of the economy's plants for lithium batteries [t/year]; zero if none is."""
    rows = rules.trail.table("recovery_capacity").where(economy=rules.trail.economy).resolve().rows
    if not rows:
        return np.zeros(rules.draws.samples)
    row = max(rows, key=lambda each: each.year or 0)
    rules.note("recovery", row)
    return rules.draws.figure(row.id, row.value, row.low, row.high, grade=row.grade)


def _yields(rules: Rules, process: str) -> Array:
    """(element, 1, sample); zero where the table says nothing of an element."""
    yields = np.zeros((len(ELEMENTS), 1, rules.draws.samples))
    for row in rules.trail.table("recovery_yields").where(process=process).resolve():
        rules.note("recovery", row)
        yields[ELEMENTS.index(row.text("element")), 0] = rules.draws.figure(
            row.id, row.value, row.low, row.high, grade=row.grade, fraction=True
        )
    return yields
