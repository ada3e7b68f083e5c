"""Characters that GS1 identifiers may hold (GS1 General Specifications, section 7.11), in their order of
value.
"""

from __future__ import annotations

from string import ascii_lowercase, ascii_uppercase, digits

NUMERIC = digits
CSET_82 = "!\"%&'()*+,-./" + digits + ":;<=>?" + ascii_uppercase + "_" + ascii_lowercase
CSET_39 = "#-/" + digits + ascii_uppercase
BASE64URL = ascii_uppercase + ascii_lowercase + digits + "-_"
CSET_32 = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

BY_TYPE = {"N": NUMERIC, "X": CSET_82, "Y": CSET_39, "Z": BASE64URL}
NAMES = {
    "N": "digits",
    "X": "letters, digits and common marks",
    "Y": "capital letters, digits, # - /",
    "Z": "base64url",
}


def stranger(text: str, kind: str) -> str | None:
    """The first character of the text that a component of this type may not hold, None if all may stand."""
    allowed = BY_TYPE[kind]
    if kind == "Z":
        body = text.rstrip("=")
        padding = len(text) - len(body)
        if padding > 2 or (padding and len(text) % 3):
            return "="
        text = body
    return next((character for character in text if character not in allowed), None)
