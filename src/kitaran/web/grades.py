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
    """What a grade says of a result: its weakest input decides."""
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
        "A": _("Every number behind it that moves the result was measured."),
        "B": _("It rests on official statistics or peer-reviewed work."),
        "C": _(
            "At least one number behind it is a report or an estimate. "
            "Use it to plan, not to settle accounts."
        ),
        "D": _(
            "At least one number behind it is an assumption of ours, or another economy's figure. "
            "Use it to see the size of things, and replace it with your own data."
        ),
    }
    return words.get(letter, "")
