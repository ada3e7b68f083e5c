"""Words of the pages of a maker, and who may open them."""

from __future__ import annotations

from typing import Final

from kitaran.registry.passport.kinds import ISSUERS as _ISSUERS
from kitaran.web.battery.words import status_words
from kitaran.web.language import gettext as _

ISSUERS: Final = tuple(sorted(_ISSUERS))


def fate_words() -> dict[str, str]:
    """What became of batteries, as headings of columns."""
    return {
        "issued": _("Issued"),
        "in_stock": _("Still with you"),
        "in_use": _("With others"),
        "returned": _("Returned to you"),
        "waste": _("Waste"),
        "repurposed": _("Repurposed"),
        "ceased": _("Recycled"),
        "revoked": _("Revoked"),
    }


def state_words() -> dict[str, str]:
    """What a passport or its battery is now: an ended passport first, else the status of the battery."""
    return {
        **status_words(),
        "repurposed": _("repurposed"),
        "ceased": _("recycled"),
        "revoked": _("revoked"),
    }


def section_words() -> dict[str, str]:
    """Parts of the form of a model."""
    return {
        "maker": _("Who makes it, and where"),
        "basics": _("Size and basic figures"),
        "substances": _("What is in it"),
        "carbon": _("Carbon footprint and sourcing"),
        "content": _("Recycled and renewable content"),
        "performance": _("Power, energy and life"),
        "paper": _("Labels, conformity and information for users"),
        "opening": _("Opening, repair and safety"),
        "reports": _("Test reports"),
        "further": _("Further"),
    }
