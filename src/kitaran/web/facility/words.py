"""Words of the yard's pages: what lies there, on what basis it goes, and how near a limit is."""

from __future__ import annotations

from collections.abc import Mapping

from kitaran.web.language import gettext as _
from kitaran.web.language import ngettext
from kitaran.web.vocabulary import chemistry


def kind_words() -> dict[str, str]:
    """What an item is, as one of a kind."""
    return {
        "pack": _("Battery pack"),
        "module": _("Module"),
        "cell": _("Cell"),
        "lead_acid_lot": _("Lot of lead-acid batteries"),
        "mixed_lot": _("Mixed lot"),
        "black_mass": _("Black mass"),
        "salt": _("Metal salt"),
        "other": _("Part or material"),
    }


def kind_hints() -> dict[str, str]:
    """What is meant by each kind that can be taken in."""
    return {
        "pack": _("of a scooter, three-wheeler, car, bus or store; in its housing"),
        "module": _("out of a pack"),
        "cell": _("a single one"),
        "lead_acid_lot": _("by weight and count"),
        "mixed_lot": _("several kinds together, by weight and count"),
        "black_mass": _("powder of shredded batteries, with its assay"),
        "salt": _("such as nickel or cobalt sulphate or lithium carbonate, with its assay"),
    }


def basis_words() -> dict[str, str]:
    """On what basis something is handed over."""
    return {
        "sale": _("sale"),
        "waste": _("waste"),
        "treatment": _("treatment for its owner"),
        "storage": _("storage"),
        "carriage": _("carriage"),
        "return": _("return"),
        "loan": _("loan"),
        "lease": _("lease"),
        "battery_as_a_service": _("battery as a service"),
        "swap": _("swap"),
    }


def passes_words() -> dict[str, str]:
    """What goes over with it."""
    return {
        "both": _("the battery and its ownership"),
        "possession": _("only the battery: its owner stays"),
        "ownership": _("only its ownership: it stays where it is"),
    }


def known_by_words() -> dict[str, str]:
    """How a chemistry is known."""
    return {
        "unknown": _("it is not known"),
        "label": _("read on the label"),
        "declared": _("told by who brought it"),
        "tested": _("tested"),
    }


def level_words() -> dict[str, str]:
    """How stock stands to a limit."""
    return {
        "within": _("within the limit"),
        "near": _("near the limit"),
        "over": _("over the limit"),
        "unknown": _("limit not known"),
    }


def state_words() -> dict[str, str]:
    """What became of an offer."""
    return {
        "open": _("open"),
        "accepted": _("accepted"),
        "declined": _("declined"),
        "withdrawn": _("withdrawn"),
        "expired": _("ran out"),
    }


def claim_words() -> dict[str, str]:
    """What became of a claim."""
    return {
        "open": _("waits for an answer"),
        "overdue": _("answer overdue"),
        "agreed": _("agreed"),
        "disputed": _("disputed"),
        "withdrawn": _("withdrawn"),
    }


def list_words() -> dict[str, str]:
    """Headings of the lists of hand-overs and claims."""
    return {
        "to_answer": _("Offered to you"),
        "made": _("Offered by you"),
        "claims_to_answer": _("Claims against you"),
        "claims_made": _("Your claims"),
        "done": _("Done"),
        "all": _("Found"),
    }


def signed_words() -> dict[str, str]:
    """Whose key signed one side of a hand-over."""
    return {
        "own": _("signed with its own key"),
        "custodial": _("signed with a key that this installation keeps, for a signed-in person"),
    }


def status_words() -> dict[str, str]:
    """Why something in hand is not in the yard."""
    return {"lost": _("lost"), "stolen": _("stolen")}


def chemistry_words(code: str) -> str:
    """A chemistry, or that it is not known."""
    return _("chemistry not known") if code == "unknown" else chemistry(code)


def waiting_words(counts: Mapping[str, int]) -> list[tuple[str, bool]]:
    """What waits for an answer, each with whether it is the reader's; what does not wait is left out."""
    offers, claims = counts["offers_to_answer"], counts["claims_to_answer"]
    made, claimed = counts["offers_made"], counts["claims_made"]
    every = [
        (offers, ngettext("%(num)d offer to answer", "%(num)d offers to answer", offers), True),
        (claims, ngettext("%(num)d claim to answer", "%(num)d claims to answer", claims), True),
        (made, ngettext("%(num)d offer of yours is open", "%(num)d offers of yours are open", made), False),
        (
            claimed,
            ngettext("%(num)d claim of yours is open", "%(num)d claims of yours are open", claimed),
            False,
        ),
    ]
    return [(words % {"num": count}, mine) for count, words, mine in every if count]
