"""Vehicle identification number, by which a battery in its vehicle is found (ISO 3779)."""

from __future__ import annotations

import re

from kitaran.foundation.errors import Fault
from kitaran.registry.identity.check_digits import vin_check_character

_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# First characters of makers in North America and China, where the ninth character must check the others.
_CHECKED = "12345L"


def parse(vin: str) -> tuple[dict[str, str], tuple[Fault, ...]]:
    """Parts of a number of 17 characters, and what is wrong with it; bad input is told, never raised."""
    if not _SHAPE.fullmatch(vin):
        cause = "A vehicle identification number has 17 digits and capital letters without I, O and Q."
        return {}, (Fault("code", cause, "Read it again at the windscreen or the door."),)
    expected = vin_check_character(vin)
    parts = {"vin": vin, "world_manufacturer_identifier": vin[:3], "year_letter": vin[9]}
    if vin[0] in _CHECKED and vin[8] != expected:
        cause = f"The ninth character is {vin[8]}; after the others it should be {expected}."
        return parts, (Fault("character 9", cause, "Read it again at the windscreen or the door."),)
    return parts, ()
