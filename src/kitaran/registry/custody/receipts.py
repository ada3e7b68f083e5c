"""What giver and receiver hold in their hands after a hand-over: plain words, the same facts for both."""

from __future__ import annotations

from typing import Any, Final

from kitaran.registry.custody.offers import Claim, Offer

_PASSES: Final = {
    "possession": "possession (ownership stays where it is)",
    "ownership": "ownership (possession stays where it is)",
    "both": "possession and ownership",
}
_SIGNED: Final = {
    "own": "signed with its own key",
    "custodial": "signed by this installation for a signed-in person",
}


def texts(
    offer: Offer, items: list[dict[str, Any]], claims: list[Claim], names: dict[str, str]
) -> dict[str, str] | None:
    """The receipt of each side, by `giver` and `receiver`; None unless the offer was accepted.

    items : as they were offered; names : of operators, by id
    """
    if offer.answer != "accepted":
        return None
    giver, receiver = _who(offer.giver, names), _who(offer.receiver, names)
    heads = {
        "giver": f"Receipt for {giver}: handed over to {receiver}.",
        "receiver": f"Receipt for {receiver}: taken over from {giver}.",
    }
    facts = _facts(offer, items, claims)
    return {side: "\n".join([head, *facts]) for side, head in heads.items()}


def _facts(offer: Offer, items: list[dict[str, Any]], claims: list[Claim]) -> list[str]:
    condition = offer.content.get("condition")
    return [
        f"Passed on: {_PASSES[offer.passes]}; basis: {offer.content['basis'].replace('_', ' ')}.",
        f"Offered at {offer.made_at}{_where(offer.place)}, {_SIGNED[offer.signed]}.",
        f"Accepted at {offer.answered_at}{_where(offer.answer_place)},"
        f" {_SIGNED[offer.answer_signed or 'own']}.",
        *(f"- {_item(one)}" for one in items),
        *([f"Condition as offered: {condition}"] if condition else []),
        *(f"Claim about {one.item}: {_claimed(one)}; answer due by {one.answer_by}." for one in claims),
        *([] if claims else ["Accepted without a claim."]),
        f"Record: events {offer.seq} ({offer.digest}) and {offer.answer_seq} ({offer.answer_digest}).",
    ]


def _item(one: dict[str, Any]) -> str:
    mass = "mass not known" if one["mass_kg"] is None else f"{one['mass_kg']} kg"
    return f"{one['item']}: {one['form']}, count {one['count']}, {mass}"


def _claimed(claim: Claim) -> str:
    content = claim.content
    said = [f"{content['mass_kg']} kg"] if "mass_kg" in content else []
    said += [f"count {content['count']}"] if "count" in content else []
    said += [content["condition"]] if "condition" in content else []
    return ", ".join(said)


def _where(place: str | None) -> str:
    return f" in {place}" if place else ""


def _who(operator: str, names: dict[str, str]) -> str:
    return f"{names[operator]} ({operator})" if operator in names else operator
