"""Element strings of GS1: application identifiers with their values, as printed in brackets or as scanned.

(01)09521234543213(21)ABC123         bracketed, as printed below a code; a bracket in a value is written \\(
^0109521234543213 21ABC123           as scanned, without the blank; ^ stands for the separator FNC1
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kitaran.foundation.errors import Fault
from kitaran.registry.identity import application_identifiers

SEPARATOR = "^"
_BRACKETED = re.compile(r"\((\d{2,4})\)((?:[^(\\]|\\.)*)")
_LOOK = "Look at the label again, and type or scan the code anew."


@dataclass(frozen=True, slots=True)
class Element:
    """One application identifier with its value."""

    ai: str
    value: str


Parsed = tuple[tuple[Element, ...], tuple[Fault, ...]]


def parse_bracketed(text: str) -> Parsed:
    """Elements of `(01)...(21)...`, and what is wrong with them; bad input is told, never raised."""
    elements, at = [], 0
    while at < len(text):
        matched = _BRACKETED.match(text, at)
        if matched is None:
            return (), (Fault(f"character {at + 1}", "An identifier in brackets belongs here.", _LOOK),)
        elements.append(Element(matched[1], matched[2].replace("\\(", "(")))
        at = matched.end()
    return tuple(elements), content_faults(elements)


def parse_scanned(text: str) -> Parsed:
    """Elements of a text as scanned, FNC1 written as ^ and standing first; bad input is told, never
    raised.
    """
    if not text.startswith(SEPARATOR) or len(text) == 1:
        return (), (Fault("character 1", "A scanned GS1 code starts with the separator FNC1.", _LOOK),)
    elements, at = [], 1
    while at < len(text):
        known = application_identifiers.starting(text[at:])
        if known is None:
            place = f"character {at + 1}"
            return (), (
                Fault(place, f"{text[at : at + 4]} starts with no GS1 application identifier.", _LOOK),
            )
        start = at + len(known.ai)
        end = text.find(SEPARATOR, start)
        end = len(text) if end < 0 else end
        if known.predefined_length:
            end = min(end, start + known.length)
        elements.append(Element(known.ai, text[start:end]))
        at = end + 1 if text[end : end + 1] == SEPARATOR else end
    return tuple(elements), content_faults(elements)


def content_faults(elements: Sequence[Element]) -> tuple[Fault, ...]:
    """What is wrong with each element by itself; no element at all is wrong, too."""
    if not elements:
        return (Fault("code", "There is no GS1 element in it.", _LOOK),)
    faults = []
    for element in elements:
        known = application_identifiers.find(element.ai)
        if known is None:
            faults.append(Fault(f"({element.ai})", "GS1 has no such application identifier.", _LOOK))
        elif problem := known.fault(element.value):
            faults.append(
                Fault(f"({element.ai}) {known.title}", f"{problem[0].upper()}{problem[1:]}.", _LOOK)
            )
    return tuple(faults)


def association_faults(elements: Sequence[Element]) -> tuple[Fault, ...]:
    """What is wrong with elements beside one another: twice with unlike values, excluded, or lacking company.

    GS1 means this for all codes on an item together, so it is asked only where one code is all there is.
    """
    given = {element.ai for element in elements}
    faults = [
        Fault(f"({ai})", "It stands there twice with different values.", _LOOK)
        for ai in sorted(given)
        if len({element.value for element in elements if element.ai == ai}) > 1
    ]
    for ai in sorted(given):
        known = application_identifiers.find(ai)
        if known is None:
            continue
        others = given - {ai}
        faults += [
            Fault(f"({ai})", f"It may not stand beside ({other}).", _LOOK)
            for other in sorted(others)
            if any(application_identifiers.matches(other, pattern) for pattern in known.excludes)
        ]
        for group in known.requires:
            if not any(_all_there(choice, others) for choice in group):
                wanted = " or ".join(sorted("+".join(sorted(choice)) for choice in group))
                faults.append(Fault(f"({ai})", f"It needs {wanted} beside it.", _LOOK))
    return tuple(faults)


def _all_there(patterns: frozenset[str], given: set[str]) -> bool:
    return all(any(application_identifiers.matches(ai, pattern) for ai in given) for pattern in patterns)


def scanned(elements: Sequence[Element]) -> str:
    """The elements as a scanned text: FNC1 (^) first and after each value whose length is not predefined."""
    text = SEPARATOR
    for index, element in enumerate(elements):
        known = application_identifiers.find(element.ai)
        last = index == len(elements) - 1
        text += element.ai + element.value
        text += "" if last or (known is not None and known.predefined_length) else SEPARATOR
    return text
