"""Every process as a record, with the pure function that computes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.planning.processes.cathode_production import production_cost
from kitaran.planning.processes.collection import collection
from kitaran.planning.processes.direct import direct
from kitaran.planning.processes.disassembly import disassembly
from kitaran.planning.processes.hydrometallurgical import hydrometallurgical
from kitaran.planning.processes.informal import losses
from kitaran.planning.processes.mechanical import mechanical_preprocessing
from kitaran.planning.processes.pyrometallurgical import pyrometallurgical
from kitaran.planning.processes.repurposing import repurposing

FUNCTIONS: dict[str, Callable[..., Any]] = {
    "collection": collection,
    "repurposing": repurposing,
    "disassembly": disassembly,
    "mechanical_preprocessing": mechanical_preprocessing,
    "pyrometallurgical": pyrometallurgical,
    "hydrometallurgical": hydrometallurgical,
    "direct": direct,
    "cathode_production": production_cost,
    **{
        name: partial(losses, name)
        for name in ("informal_lithium", "informal_lead", "secondary_lead_smelting")
    },
}


@dataclass(frozen=True)
class Process:
    """id, words, stage on the way of the battery, what it takes and gives, whether it may be recommended."""

    id: str
    title: str
    stage: str
    takes: str
    gives: str
    recommended: bool
    compute: Callable[..., Any]


def processes() -> tuple[Process, ...]:
    """All processes, in the order of the register."""
    return tuple(
        Process(
            row.text("process"),
            row.text("title"),
            row.text("stage"),
            row.text("takes"),
            row.text("gives"),
            row.text("recommended") == "yes",
            FUNCTIONS[row.text("process")],
        )
        for row in reference.read("plant_processes")
    )


def process(name: str) -> Process:
    """One process; NotFoundError names those that exist."""
    for each in processes():
        if each.id == name:
            return each
    raise NotFoundError(
        f"There is no process {name!r}.", "plant_processes", f"Choose {', '.join(FUNCTIONS)}."
    )
