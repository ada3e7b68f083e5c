"""Which acts this person may do on this battery now, and why not of those that it might expect.

The log judges when the act is recorded; here the same is asked beforehand, so that nobody fills in a form in
vain. What is not for the person at all is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from kitaran.registry.custody.schemas import TREATMENT
from kitaran.registry.parties.schemas import Activity
from kitaran.registry.passport.audiences import SHOWS_INTEREST
from kitaran.registry.passport.kinds import ISSUERS
from kitaran.web.battery_acts.subject import Subject
from kitaran.web.battery_acts.words import act_words, group_words
from kitaran.web.language import gettext as _


@dataclass(frozen=True)
class Why:
    """Why an act cannot be done now. cure : the act that would open it, `offer` for the offer that stands"""

    words: str
    cure: str = ""


HIDDEN: Final = Why("")
"""Instead of a reason: the act is none of the person's, or makes no sense now."""
Reason = Why | None


def _on_offer(one: Subject) -> Reason:
    return Why(_("It is on offer. Take the offer back first."), "offer") if one.offer is not None else None


def _hand_over(one: Subject) -> Reason:
    if one.status != "held" or not (one.holds or one.owns):
        return HIDDEN
    return _on_offer(one)


def _in_hand(one: Subject) -> Reason:
    return None if one.holds and one.status == "held" else HIDDEN


def _install(one: Subject) -> Reason:
    if one.host is not None:
        return HIDDEN
    return _in_hand(one)


def _remove(one: Subject) -> Reason:
    return HIDDEN if one.host is None else _in_hand(one)


def _place(one: Subject) -> Reason:
    return HIDDEN if not one.places or one.host is not None else _in_hand(one)


def _divides(one: Subject) -> Reason:
    """What splitting and building ask alike."""
    if _in_hand(one) == HIDDEN:
        return HIDDEN
    if not one.owns and (one.standing is None or one.standing.basis != TREATMENT):
        return Why(_("It belongs to another. Take it over for treatment, or buy it."))
    if one.host is not None:
        return Why(_("It is installed. Remove it first."), "remove")
    if one.offer is not None:
        return _on_offer(one)
    if one.standing is None or one.standing.mass_kg is None:
        return Why(_("Nobody has weighed it yet. Weigh it first."), "weigh")
    return None


def _split(one: Subject) -> Reason:
    count = 1 if one.standing is None else one.standing.count
    if one.form in ("cell", "other") and count == 1:
        return HIDDEN
    why = _divides(one)
    if why is None and count == 1 and not one.works["dismantle"]:
        return Why(_("Opening it needs a facility of yours with a permit to dismantle."))
    return why


def _merge(one: Subject) -> Reason:
    why = _divides(one)
    if why is None and not one.works["repurpose"]:
        return Why(_("Building one needs a facility of yours with a permit to repurpose."))
    return why


def _near(one: Subject, activities: Iterable[str]) -> bool:
    """Whether the organisation answers for the battery, or has a licence for one of these activities. For one
    without a passport of its maker answers who has it.
    """
    taken_in = one.battery is not None and one.battery.origin == "taken_in"
    answers = one.issuer or (taken_in and (one.holds or one.owns))
    return answers or bool(one.licensed & set(activities))


def _reading(one: Subject) -> Reason:
    """Who answers for it, who has or owns it, and who has a licence to work on batteries."""
    may = one.holds or one.owns or _near(one, SHOWS_INTEREST)
    return None if one.in_force and one.status != "closed" and may else HIDDEN


def _changes(*activities: Activity, has_it: bool = True, ends: bool = False) -> Callable[[Subject], Reason]:
    """Who answers for it, or has a licence for one of these.

    has_it : and has or owns the battery; ends : it can be said of one that was taken apart, and an authority
    says it of any
    """

    def rule(one: Subject) -> Reason:
        if not one.in_force or (one.status == "closed" and not ends):
            return HIDDEN
        if ends and one.manages:
            return None
        near, close = _near(one, activities), one.holds or one.owns
        if not (close or one.issuer or (near and not has_it)):
            return HIDDEN
        cause = _("This is for who answers for its passport, and for who has a licence for such work.")
        return None if near else Why(cause)

    return rule


_WORK: Final = tuple(sorted(SHOWS_INTEREST))


def _repurpose(one: Subject) -> Reason:
    if not one.in_force or not (one.holds or one.owns):
        return HIDDEN
    if not _near(one, ("repurpose",)):
        return Why(_("This needs a licence to repurpose batteries."))
    if not one.person.roles & ISSUERS:
        return Why(_("Your account issues no passports: it is neither a producer's nor a repurposer's."))
    return None


def _weigh(one: Subject) -> Reason:
    return None if (one.holds or one.owns) and one.status == "held" else HIDDEN


def _correct(one: Subject) -> Reason:
    known = one.standing is not None
    return None if known and (one.holds or one.owns or one.manages) else HIDDEN


def _turns(*before: str) -> Callable[[Subject], Reason]:
    return lambda one: None if (one.holds or one.owns) and one.status in before else HIDDEN


def _revoke(one: Subject) -> Reason:
    return None if one.manages and one.in_force else HIDDEN


def _assign(one: Subject) -> Reason:
    known = one.standing is not None and one.status not in ("inside", "closed")
    return None if one.manages and known else HIDDEN


RULES: Final[dict[str, tuple[str, Callable[[Subject], Reason]]]] = {
    "hand-over": ("hand", _hand_over),
    "install": ("use", _install),
    "remove": ("use", _remove),
    "reading": ("use", _reading),
    "place": ("use", _place),
    "split": ("work", _split),
    "merge": ("work", _merge),
    "repaired": ("work", _changes(*_WORK, has_it=False)),
    "repurpose": ("end", _repurpose),
    "remanufactured": ("end", _changes("repurpose")),
    "reused": ("end", _changes("test", "repurpose")),
    "waste": ("end", _changes(*_WORK, ends=True)),
    "ceased": ("end", _changes("recycle", ends=True)),
    "weigh": ("right", _weigh),
    "correct": ("right", _correct),
    "lost": ("right", _turns("held")),
    "stolen": ("right", _turns("held", "lost")),
    "found": ("right", _turns("lost", "stolen")),
    "assign": ("right", _assign),
    "revoked": ("right", _revoke),
}
"""Group and rule of each act, in the order of the page."""


def why_not(act: str, one: Subject) -> Reason:
    """None if the person may do it now; else why not, `HIDDEN` if it is not for the person at all."""
    return RULES[act][1](one) if one.writes else HIDDEN


def acts_of(one: Subject) -> list[dict[str, Any]]:
    """Acts that are open to the person, and those that are not with the reason, by group."""
    words, groups = act_words(), group_words()
    found = {act: why_not(act, one) for act in RULES}
    return [
        {
            "act": act,
            "group": groups[RULES[act][0]],
            "name": words[act][0],
            "hint": words[act][1],
            "why_not": None if why is None else why.words,
            "cure": None if why is None else why.cure or None,
        }
        for act, why in found.items()
        if why != HIDDEN
    ]
