"""Who may be what. One operator can hold several roles, each from a time until a time."""

from __future__ import annotations

from typing import Final, Literal, get_args

Role = Literal[
    "administrator",
    "producer",
    "producer_responsibility_organisation",
    "operator",
    "repurposer",
    "recycler",
    "officer",
    "authority",
    "observer",
    "auditor",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)

MEANINGS: Final[dict[Role, str]] = {
    "administrator": "runs this installation: adds operators, keys and tokens, and names authorities",
    "producer": "places batteries or vehicles on the market",
    "producer_responsibility_organisation": "meets the duties of producers for them",
    "operator": "collects, stores, carries or swaps batteries",
    "repurposer": "tests, repairs and rebuilds batteries for another use",
    "recycler": "recovers materials",
    "officer": "inspects at a border or on site",
    "authority": "grants licences, consents and exemptions",
    "observer": "reads what an agreement opens to it",
    "auditor": "reads everything and writes nothing",
}

MANAGES: Final = frozenset({"administrator", "authority"})
"""Roles that enter operators, facilities and licences."""
RULES: Final = frozenset({"administrator"})
"""Roles that give and end the roles below, and enter and end the keys of others: who could do that could be
anybody.
"""
WEIGHTY: Final = frozenset({"administrator", "authority", "auditor"})
"""Roles that manage others or read everything: an authority gives them to nobody, itself least of all."""
READS_ALL: Final = frozenset({"administrator", "authority", "auditor"})
"""Roles that read the events of every item."""
WRITES_NOTHING: Final = frozenset({"observer", "auditor"})
