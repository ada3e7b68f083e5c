"""Processes after the first life: collection, dismantling, mechanical, hydro, pyro, direct, informal.

    >>> from kitaran import processes
    >>> answer = processes.cost("hydrometallurgical", "NMC622", "eol_cell", [2e3, 1e4, 1e5], "THA")
    >>> answer.cost_usd                                       # doctest: +SKIP
    array([...])

Every process is a record of the table `plant_processes` and a pure function of the same name. Numbers live in
the fact tables `plant_...`; `docs/plants.md` has every equation.
"""

from __future__ import annotations

from kitaran.planning.processes.asking import as_dict, case, cost, sources
from kitaran.planning.processes.burdens import Burdens
from kitaran.planning.processes.capital import annuity, capital_charge, present_value
from kitaran.planning.processes.case import BATTERIES, FEEDS, ROUTES, Changes, Stream
from kitaran.planning.processes.chain import Case, Evaluation
from kitaran.planning.processes.collection import collection
from kitaran.planning.processes.evaluation import evaluate
from kitaran.planning.processes.figures import Figures, figures
from kitaran.planning.processes.informal import losses
from kitaran.planning.processes.places import Place, place, published_place
from kitaran.planning.processes.prices import PRICE_SETS, Prices
from kitaran.planning.processes.records import Process, process, processes
from kitaran.planning.processes.remarks import model_remarks, remarks
from kitaran.planning.processes.repurposing import repurposing
from kitaran.planning.processes.slips import LEGACY, MENDED, Slips
from kitaran.planning.processes.work import (
    disassembly_jobs,
    plant_jobs,
    repurposing_jobs,
    skills,
    training_places,
)

__all__ = [
    "BATTERIES",
    "FEEDS",
    "LEGACY",
    "MENDED",
    "PRICE_SETS",
    "ROUTES",
    "Burdens",
    "Case",
    "Changes",
    "Evaluation",
    "Figures",
    "Place",
    "Prices",
    "Process",
    "Slips",
    "Stream",
    "annuity",
    "as_dict",
    "capital_charge",
    "case",
    "collection",
    "cost",
    "disassembly_jobs",
    "evaluate",
    "figures",
    "losses",
    "model_remarks",
    "place",
    "plant_jobs",
    "present_value",
    "process",
    "processes",
    "published_place",
    "remarks",
    "repurposing",
    "repurposing_jobs",
    "skills",
    "sources",
    "training_places",
]
