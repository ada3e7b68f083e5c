"""One cell of a sheet as the figure, word or year that its column asks for; or why it cannot be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from kitaran.reference.own_data.sheets import Field

MAX_TEXT = 500
MAX_COUNT = 1e9
FIRST_YEAR = 1990
LAST_TARGET_YEAR = 2100

_GROUPED = re.compile(r"\d{1,3}(?P<mark>[,' \u00a0\u202f\u2019])\d{3}(?:(?P=mark)\d{3})*(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_FISCAL = re.compile(r"(?:FY\s*)?(\d{4})\s*[-/\u2013]\s*(\d{4}|\d{2})", re.IGNORECASE)
_ONE_LABEL = re.compile(r"FY\s*\d{2,4}", re.IGNORECASE)
_PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class Unfit(ValueError):
    """A cell that does not fit its column: cause and remedy in words."""

    def __init__(self, cause: str, remedy: str) -> None:
        self.cause, self.remedy = cause, remedy
        super().__init__(cause)


@dataclass(frozen=True)
class Year:
    """A year; `fiscal` if it was given as 2024/25, then `calendar` is the year in which it begins."""

    calendar: int
    fiscal: bool = False


def number(cell: object) -> float:
    """A number as Excel gives it, or as text with marks between thousands; never negative."""
    if isinstance(cell, bool | datetime | date):
        raise Unfit(f"{cell} is no number.", "Write a plain number.")
    found = float(cell) if isinstance(cell, int | float) else _number_in_text(str(cell).strip())
    if found < 0:
        raise Unfit(
            f"{found:g} is negative.", "Write a number of 0 or more; leave the cell empty if unknown."
        )
    return found


def count(cell: object) -> float:
    """A whole number of vehicles."""
    found = number(cell)
    if not found.is_integer():
        raise Unfit(f"{found:g} is not a whole number.", "Write whole vehicles: 1234, not 1.234 thousand.")
    if found > MAX_COUNT:
        raise Unfit(f"{found:,.0f} vehicles cannot be.", "Write single vehicles, not thousandths.")
    return found


def share(cell: object) -> float:
    """A share from 0 to 1, also as text with a percent sign."""
    text = str(cell).strip()
    found = number(text[:-1]) / 100 if text.endswith("%") else number(cell)
    if found > 1:
        raise Unfit(f"{cell} is more than the whole.", "Write a share as 30 % or 0.3.")
    return found


def year(cell: object) -> Year:
    """A calendar year, or a fiscal year that names both of its years."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        raise Unfit("The cell is formatted as a date.", "Format it as a number and write the year: 2024.")
    text = str(cell).strip()
    if fiscal := _FISCAL.fullmatch(text):
        return _fiscal_year(int(fiscal[1]), fiscal[2])
    if _ONE_LABEL.fullmatch(text):
        raise Unfit(f"{text!r} can mean two different years.", "Write both years of a fiscal year: 2024/25.")
    if not re.fullmatch(r"\d{4}", text):
        raise Unfit(f"{text!r} is no year.", "Write a calendar year 2024 or a fiscal year 2024/25.")
    found = int(text)
    if 2400 <= found <= 2700:
        raise Unfit(
            f"{found} looks like a year of the Buddhist Era.", f"Write the common year {found - 543}."
        )
    return Year(found)


def past_year(cell: object, this_year: int) -> Year:
    """A year that is over."""
    found = year(cell)
    if found.calendar < FIRST_YEAR:
        raise Unfit(f"{found.calendar} is before {FIRST_YEAR}.", "Write the year with four digits.")
    if found.calendar + found.fiscal >= this_year:
        raise Unfit(f"The year {cell} is not over.", "History takes whole years that have ended.")
    return found


def target_year(cell: object) -> Year:
    """The year of an aim."""
    found = year(cell)
    if found.fiscal or not FIRST_YEAR <= found.calendar <= LAST_TARGET_YEAR:
        raise Unfit(f"{cell!r} is no target year.", "Write one calendar year, for example 2030.")
    return found


def choice(cell: object, field: Field) -> str:
    """A word of the closed list; letter case, blanks and hyphens do not matter."""
    wanted = _loose(str(cell))
    for option in field.choices:
        if _loose(option) == wanted:
            return option
    raise Unfit(f"{str(cell)[:60]!r} is not on the list.", f"Use one of: {', '.join(field.choices)}.")


def text(cell: object) -> str:
    """Plain text without line breaks."""
    found = cell.date().isoformat() if isinstance(cell, datetime) else str(cell)
    found = " ".join(found.split())
    if len(found) > MAX_TEXT:
        raise Unfit(f"The text has {len(found)} letters; the limit is {MAX_TEXT}.", "Shorten it.")
    return found


def period(cell: object) -> str:
    """A year, month or day in ISO form."""
    found = cell.date().isoformat() if isinstance(cell, datetime) else str(cell).strip()
    if not _PERIOD.fullmatch(found):
        raise Unfit(f"{found[:40]!r} is no period.", "Write 2024, 2024-05 or 2024-05-31.")
    return found


def is_empty(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _number_in_text(given: str) -> float:
    if given.startswith("-") and (_GROUPED.fullmatch(given[1:]) or _PLAIN.fullmatch(given[1:])):
        return -_number_in_text(given[1:])
    if grouped := _GROUPED.fullmatch(given):
        return float(given.replace(grouped["mark"], ""))
    if _PLAIN.fullmatch(given):
        return float(given)
    raise Unfit(f"{given[:40]!r} is no number.", "Write a plain number, for example 12500 or 12,500.")


def _fiscal_year(first: int, second: str) -> Year:
    if (first + 1) % 100 != int(second) % 100 or (len(second) == 4 and int(second) != first + 1):
        raise Unfit(f"{first}/{second} is no fiscal year.", "Write two years in a row: 2024/25.")
    return Year(first, fiscal=True)


def _loose(word: str) -> str:
    return re.sub(r"[\s_-]+", "", word).casefold()
