"""Codes on labels against the test tables of GS1's own Barcode Syntax Engine and Dictionary."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.identity import digital_link, element_string
from kitaran.registry.identity.content_checks import CHECKS
from kitaran.registry.identity.scan import read_scan

pytestmark = pytest.mark.shared

OFFLINE = "GS1_LINTER_GCP_DATASOURCE_OFFLINE"
# Kept by GS1 on request: here an identifier that is not assigned is passed over.
PASSED_OVER = {"^010952012345678899XYZ^89ABC123"}
PREFIX_LIST = "GS1_LINTER_INVALID_GCP_PREFIX"


def _engine(shared: Path, name: str) -> list[Any]:
    tables = json.loads((shared / "vectors/gs1-syntax-engine/vectors.json").read_text(encoding="utf-8"))
    return list(tables[name])


def _checks(shared: Path) -> dict[str, dict[str, list[list[str]]]]:
    path = shared / "vectors/gs1-syntax-dictionary/linter_vectors.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_every_check_of_the_dictionary_takes_what_gs1_takes(shared: Path) -> None:
    wrong = [
        (name, text, problem)
        for name, table in _checks(shared).items()
        for (text,) in table["pass"]
        if (problem := _fault(name, text))
    ]
    assert wrong == []


def test_every_check_of_the_dictionary_refuses_what_gs1_refuses(shared: Path) -> None:
    # The list of company prefixes is a service of GS1 and not part of the dictionary.
    wrong = [
        (name, text, code)
        for name, table in _checks(shared).items()
        for text, code, _ in table["fail"]
        if code not in (OFFLINE, PREFIX_LIST) and not _fault(name, text)
    ]
    assert wrong == []


def _fault(name: str, text: str) -> str | None:
    if name == "cset64":
        from kitaran.registry.identity.character_sets import stranger

        return stranger(text, "Z")
    return CHECKS[name](text)


def test_digital_links_are_read_as_gs1_reads_them_in_one_of_its_modes(shared: Path) -> None:
    wrong = []
    for sound, address, expected in _engine(shared, "test_parseDLuri"):
        answers = [digital_link.parse(address, lenient) for lenient in (False, True)]
        if sound:
            read = [element_string.scanned(elements) for elements, faults in answers if not faults]
            if expected not in read and expected not in PASSED_OVER:
                wrong.append((address, expected, answers[-1]))
        elif not answers[0][1]:
            wrong.append((address, "refused", answers[0]))
    assert wrong == []


def test_digital_links_are_built_as_gs1_builds_them(shared: Path) -> None:
    for sound, stem, text, expected in _engine(shared, "test_testGenerateDLuri"):
        elements, faults = element_string.parse_bracketed(text)
        if any("no such" in fault.cause for fault in faults):
            continue  # identifiers that GS1 has not assigned are not built here
        stem = digital_link.CANONICAL_STEM if stem == "NULL" else stem
        if sound:
            assert digital_link.build(elements, stem) == expected
        else:
            with pytest.raises(InputError):
                digital_link.build(elements, stem)


def test_bracketed_element_strings_are_read_as_gs1_reads_them(shared: Path) -> None:
    wrong = []
    for sound, text, expected in _engine(shared, "test_parseAIdata"):
        elements, faults = element_string.parse_bracketed(text)
        if (not faults) != sound or (sound and element_string.scanned(elements) != expected):
            wrong.append((text, expected, faults))
    assert wrong == []


def test_scanned_element_strings_are_judged_as_gs1_judges_them(shared: Path) -> None:
    wrong = [
        (text, sound)
        for sound, text in _engine(shared, "test_processAIdata")
        if text != "buf" and (not element_string.parse_scanned(text)[1]) != sound
    ]
    assert wrong == []


def test_what_a_scanner_sends_is_taken_apart_as_gs1_does(shared: Path) -> None:
    wrong = []
    for sound, sent, _, message in _engine(shared, "test_testProcessScanData"):
        read = read_scan(sent)
        if not sound and read is not None and not element_string.parse_scanned(read[1])[1]:
            wrong.append((sent, read))
        if sound and (read is None or read[1] not in (message, message.partition("|")[0], sent[3:])):
            wrong.append((sent, read))
    assert wrong == []
