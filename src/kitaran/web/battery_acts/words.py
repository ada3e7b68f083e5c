"""Words of the acts on one battery: what each is called, what it means, under which heading it stands."""

from __future__ import annotations

from kitaran.web.language import gettext as _


def group_words() -> dict[str, str]:
    """Headings of the acts, in their order."""
    return {
        "hand": _("Pass it on"),
        "use": _("Use it"),
        "work": _("Work on it"),
        "end": _("Its second life, and its end"),
        "right": _("If something is wrong"),
    }


def act_words() -> dict[str, tuple[str, str]]:
    """Name of each act, and one line that says when it is the right one."""
    return {
        "hand-over": (
            _("Hand it over"),
            _("Sell, lease, swap, lend, bring to a yard; with ownership or without"),
        ),
        "install": (_("Install it"), _("In a vehicle, a storage system or a swap pool")),
        "remove": (_("Remove it"), _("Out of where it is installed")),
        "place": (_("Say where it lies"), _("At which of your facilities")),
        "reading": (_("Enter a reading"), _("From its management system, or measured")),
        "repaired": (_("It was repaired"), _("And goes on as it is")),
        "split": (_("Take it apart"), _("Into modules, cells or other parts, each with its weight")),
        "merge": (_("Build a new one of it"), _("From it and other parts that you have")),
        "repurpose": (_("Give it a new passport"), _("It, or what was built of it, begins another life")),
        "remanufactured": (_("It was remanufactured"), _("Restored as good as new, for its old use")),
        "reused": (_("It is used again"), _("For what it was made for")),
        "waste": (_("It became waste"), _("Its holder discards it")),
        "ceased": (_("Recycled: end its passport"), _("Nothing of it is left as a battery")),
        "weigh": (_("Weigh it"), _("Its weight is entered, or put right")),
        "correct": (_("Correct an earlier event"), _("The old event stays, and this is what holds")),
        "lost": (_("It is lost"), _("Nobody can take it over until it is found")),
        "stolen": (_("It was stolen"), _("Nobody can take it over until it is found")),
        "found": (_("It was found again"), ""),
        "assign": (_("Say who has it"), _("Or who owns it: after a conflict, a seizure, an insolvency")),
        "revoked": (_("Revoke its passport"), _("A false or copied passport; an authority does this")),
    }


def button_words() -> dict[str, str]:
    """What the button of each act says."""
    return {
        "install": _("Record that it is installed"),
        "remove": _("Record that it is removed"),
        "place": _("Record where it lies"),
        "reading": _("Record the reading"),
        "repaired": _("Record the repair"),
        "remanufactured": _("Record that it is remanufactured"),
        "reused": _("Record that it is reused"),
        "waste": _("Record that it is waste"),
        "ceased": _("End its passport"),
        "weigh": _("Record the weight"),
        "correct": _("Record the correction"),
        "lost": _("Record that it is lost"),
        "stolen": _("Record that it was stolen"),
        "found": _("Record that it was found"),
        "revoked": _("Revoke its passport"),
    }


def warning_words() -> dict[str, str]:
    """What should be known before an act that cannot be undone."""
    return {
        "ceased": _("Nothing more can be written in this passport afterwards. What was told of it stays."),
        "revoked": _("Nothing more can be written in this passport afterwards, and its page warns of it."),
        "waste": _("Rules for waste hold from now on, for moving it across a border too."),
    }


def host_words() -> dict[str, str]:
    """Where a battery can be installed."""
    return {
        "vehicle": _("a vehicle"),
        "storage_system": _("a storage system"),
        "swap_pool": _("a swap pool"),
    }


def form_words() -> dict[str, str]:
    """What can come out of a battery or be built."""
    return {
        "pack": _("battery pack"),
        "module": _("module"),
        "cell": _("cell"),
        "other": _("other part: housing, electronics, cable"),
    }
