"""Every kind of event of the shipment procedure."""

from __future__ import annotations

from typing import Final

from kitaran.registry.movement import (
    arriving,
    consenting,
    corridors,
    dossier,
    notifying,
    preconsents,
    shipping,
)

KINDS: Final = (
    *notifying.KINDS,
    *consenting.KINDS,
    *shipping.KINDS,
    *arriving.KINDS,
    *dossier.KINDS,
    *corridors.KINDS,
    *preconsents.KINDS,
)
