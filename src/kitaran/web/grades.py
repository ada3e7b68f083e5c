"""How sure a figure's source is: four grades and their words."""

from __future__ import annotations

from kitaran.web.language import gettext as _

GRADES = ("A", "B", "C", "D")


def grade_words(letter: str) -> str:
    """What a grade means, in two or three words; empty for no grade."""
    words = {
        "A": _("measured"),
        "B": _("official or peer-reviewed"),
        "C": _("reported or estimated"),
        "D": _("our assumption"),
    }
    return words.get(letter, "")


def result_words(letter: str) -> str:
    """What a grade says of a result: two thirds of what it rests on have it, or a better one."""
    words = {
        "A": _("rests on measurements"),
        "B": _("rests on official or peer-reviewed figures"),
        "C": _("rests on reports or estimates"),
        "D": _("rests on assumptions"),
    }
    return words.get(letter, "")


def grade_means(letter: str) -> str:
    """What a grade means for who uses the figure."""
    words = {
        "A": _("At least two thirds of what it rests on was measured."),
        "B": _("At least two thirds of what it rests on is official, peer-reviewed or measured."),
        "C": _(
            "At least two thirds of what it rests on is reported, estimated or better. "
            "Use it to plan, not to settle accounts."
        ),
        "D": _(
            "Over a third of what it rests on is an assumption of ours, or another economy's figure. "
            "Use it to see the size of things, and replace it with your own data."
        ),
    }
    return words.get(letter, "")
