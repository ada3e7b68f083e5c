"""GS1 Digital Link: a web address that carries GS1 identifiers; read and built.

    https://example.com/01/09521234543213/21/ABC123?17=271231
    stem               /key               /qualifiers /attributes

Source: GS1 Digital Link Standard: URI Syntax 1.6. A battery's code needs `01` with `21` (a model and its
serial number) or `8004` (an individual asset).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote, unquote

from kitaran.foundation.errors import Fault, InputError
from kitaran.registry.identity import application_identifiers
from kitaran.registry.identity.element_string import Element, Parsed, content_faults

CANONICAL_STEM = "https://id.gs1.org"
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.\-]+(?::\d{1,5})?(/[^?#]*)?(?:\?([^#]*))?(?:#.*)?$", re.IGNORECASE
)
_ALLOWED = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]*$")
_LOOK = "Look at the label again, and type or scan the code anew."
_ALPHAS = {"gtin": "01", "cpv": "22", "lot": "10", "ser": "21", "giai": "8004", "sscc": "00", "grai": "8003"}


def parse(address: str, lenient: bool = False) -> Parsed:
    """Elements of a GS1 Digital Link in the order key, qualifiers, attributes; bad input is never raised.

    lenient : also take what early versions of the standard allowed: a GTIN of 8, 12 or 13 digits, which is
              filled to 14, and names such as `gtin`; and pass over numbers that GS1 has not assigned
    """
    if not _ALLOWED.match(address):
        return (), (Fault("address", "It holds a character that no web address may hold.", _LOOK),)
    matched = _ADDRESS.match(address)
    if matched is None:
        return (), (Fault("address", "It is no web address that starts with http:// or https://.", _LOOK),)
    path, query = matched.groups()
    found = _path_elements(path or "", lenient)
    if isinstance(found, Fault):
        return (), (found,)
    attributes = _query_elements(query or "", lenient)
    if isinstance(attributes, Fault):
        return (), (attributes,)
    elements = [_filled(element, lenient) for element in (*found, *attributes)]
    faults = [*content_faults(elements), *_repeated(elements), *_misplaced(found[0].ai, attributes)]
    return tuple(elements), tuple(faults)


def _path_elements(path: str, lenient: bool) -> list[Element] | Fault:
    """Key and qualifiers at the end of the path; what stands before them is the stem."""
    parts = path.split("/")[1:]
    found: list[Element] = []
    while len(parts) >= 2:
        ai, value = parts[-2], unquote(parts[-1], encoding="latin-1")
        ai = _ALPHAS.get(ai, ai) if lenient else ai
        known = application_identifiers.find(ai)
        if known is None or not value:
            break
        found.insert(0, Element(ai, value))
        parts = parts[:-2]
        if known.qualifiers is not None:
            return found if _in_order([e.ai for e in found[1:]], known.qualifiers) else _wrong_order(found)
    return Fault(
        "path", "It does not end with a GS1 key, such as /01/ and a GTIN, and its qualifiers.", _LOOK
    )


def _in_order(given: Sequence[str], alternatives: Sequence[Sequence[str]]) -> bool:
    return any([ai for ai in choice if ai in given] == list(given) for choice in alternatives)


def _wrong_order(found: Sequence[Element]) -> Fault:
    after = ", ".join(element.ai for element in found[1:])
    return Fault(f"({found[0].ai})", f"The qualifiers {after} may not follow it in this way.", _LOOK)


def _query_elements(query: str, lenient: bool) -> list[Element] | Fault:
    """Attributes; a name that is no number is for somebody else and passes."""
    found = []
    for pair in re.split("[&;]", query):
        name, equals, value = pair.partition("=")
        if not equals or not name.isdigit():
            continue
        known = application_identifiers.find(name)
        if not value or (known is None and not lenient):
            cause = "A number there must be a GS1 application identifier with a value."
            return Fault(f"query {pair}", cause, _LOOK)
        if known is None:
            continue
        found.append(Element(name, unquote(value.replace("+", " "), encoding="latin-1")))
    return found


def _filled(element: Element, lenient: bool) -> Element:
    short = element.ai == "01" and len(element.value) in (8, 12, 13) and element.value.isdigit()
    return Element("01", element.value.zfill(14)) if lenient and short else element


def _repeated(elements: Sequence[Element]) -> list[Fault]:
    given = [element.ai for element in elements]
    twice = sorted({ai for ai in given if given.count(ai) > 1})
    return [Fault(f"({ai})", "It stands there twice.", _LOOK) for ai in twice]


def _misplaced(key: str, attributes: Sequence[Element]) -> list[Fault]:
    """Attributes that may not stand in the query: the qualifiers of the key, and some others."""
    qualifiers = {ai for choice in _alternatives(key) or () for ai in choice}
    known = {element.ai: application_identifiers.find(element.ai) for element in attributes}
    return [
        Fault(f"({ai})", "It may stand in the path only, after its key.", _LOOK)
        for ai, one in known.items()
        if ai in qualifiers or (one is not None and not one.link_attribute)
    ]


def build(elements: Sequence[Element], stem: str = CANONICAL_STEM) -> str:
    """The web address of the elements: the first primary key among them leads, its qualifiers follow in
    order.

    InputError if an element is faulty, none is a primary key, or one can stand neither in path nor query.
    """
    if faults := (*content_faults(elements), *_repeated(elements)):
        raise InputError("These elements make no GS1 Digital Link.", faults=faults)
    key = next((e for e in elements if _alternatives(e.ai) is not None), None)
    if key is None:
        raise InputError(
            "None of them is a key.", "elements", "Give a GTIN (01) or an asset (8004), for example."
        )
    values = {element.ai: element.value for element in elements}
    for choice in _alternatives(key.ai) or ():
        path = [key.ai, *(ai for ai in choice if ai in values)]
        rest = [element for element in elements if element.ai not in path]
        if not _misplaced(key.ai, rest):
            way = "".join(f"/{ai}/{quote(values[ai], safe='', encoding='latin-1')}" for ai in path)
            query = "&".join(f"{e.ai}={quote(e.value, safe='', encoding='latin-1')}" for e in rest)
            return stem.rstrip("/") + way + (f"?{query}" if query else "")
    raise InputError(
        "One of them can stand neither after the key nor in the query.", f"({key.ai})", "Leave it out."
    )


def _alternatives(ai: str) -> tuple[tuple[str, ...], ...] | None:
    known = application_identifiers.find(ai)
    return None if known is None else known.qualifiers
