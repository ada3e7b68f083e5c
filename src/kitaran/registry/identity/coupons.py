"""Structure of North American coupon codes, application identifiers 8110 and 8112.

Source: GS1 North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols, own words.
"""

from __future__ import annotations

from collections.abc import Callable


class _Reader:
    """Takes parts from the front of a string of digits; raises ValueError with the reason if one is
    missing.
    """

    def __init__(self, digits: str) -> None:
        self.digits, self.at = digits, 0

    @property
    def left(self) -> bool:
        return self.at < len(self.digits)

    def take(self, count: int, name: str) -> str:
        part = self.digits[self.at : self.at + count]
        if len(part) < count:
            raise ValueError(f"the {name} is cut short")
        self.at += count
        return part

    def one_of(self, allowed: str, name: str) -> str:
        digit = self.take(1, name)
        if digit not in allowed:
            raise ValueError(f"the {name} cannot be {digit}")
        return digit

    def sized(self, allowed: str, add: int, name: str) -> str:
        """A part whose length stands before it, as one digit to which `add` is added."""
        return self.take(int(self.one_of(allowed, f"length of the {name}")) + add, name)


def coupon_fault(digits: str) -> str | None:
    """What is wrong with the content of 8110, None if it is sound."""
    return _fault(digits, _coupon)


def positive_offer_fault(digits: str) -> str | None:
    """What is wrong with the content of 8112, None if it is sound."""
    return _fault(digits, _positive_offer)


def _fault(digits: str, grammar: Callable[[_Reader], None]) -> str | None:
    if not (digits.isascii() and digits.isdigit()) and digits:
        return "a coupon code holds digits only"
    try:
        grammar(_Reader(digits))
    except ValueError as error:
        return str(error)
    return None


def _coupon(code: _Reader) -> None:
    code.sized("0123456", 6, "company prefix")
    code.take(6, "offer code")
    code.sized("12345", 0, "save value")
    _requirement(code, "first", with_prefix=False)
    previous, dates = 0, {}
    while code.left:
        field = int(code.one_of("1234569", "field number"))
        if field <= previous:
            raise ValueError(f"field {field} stands out of order")
        previous = field
        if field == 1:
            code.one_of("0123", "rule for further purchases")
            _requirement(code, "second")
        elif field == 2:
            _requirement(code, "third")
        elif field in (3, 4):
            dates[field] = _date(code)
        elif field == 5:
            code.sized("0123456789", 6, "serial number")
        elif field == 6:
            code.sized("1234567", 6, "retailer")
        else:
            _further(code)
    if 3 in dates and 4 in dates and dates[4] > dates[3]:
        raise ValueError("the coupon expires before it starts")


def _requirement(code: _Reader, name: str, with_prefix: bool = True) -> None:
    code.sized("12345", 0, f"{name} purchase requirement")
    code.one_of("012349", f"kind of the {name} purchase requirement")
    code.take(3, f"{name} family code")
    if with_prefix:
        size = code.one_of("01234569", f"length of the {name} company prefix")
        if size != "9":
            code.take(int(size) + 6, f"{name} company prefix")


def _date(code: _Reader) -> str:
    from kitaran.registry.identity.content_checks import date_fault

    day = code.take(6, "date")
    if problem := date_fault("20" + day):
        raise ValueError(problem)
    return day


def _further(code: _Reader) -> None:
    code.one_of("01256", "code of the save value")
    code.one_of("012", "purchase to which the saving applies")
    code.take(1, "store coupon flag")
    code.one_of("01", "flag against multiplying")


def _positive_offer(code: _Reader) -> None:
    code.one_of("01", "format")
    code.sized("0123456", 6, "funder")
    code.take(6, "offer code")
    code.sized("0123456789", 6, "serial number")
    if code.left:
        raise ValueError("there is more after the serial number")
