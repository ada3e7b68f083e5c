"""Codes as they stand on batteries: what they say, and that a slip of the pen is found and placed."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kitaran.foundation.errors import InputError
from kitaran.registry.identity import check_digits, digital_link, element_string, parse, traction_battery_code
from kitaran.registry.identity.application_identifiers import find
from kitaran.registry.identity.character_sets import CSET_82
from kitaran.registry.identity.element_string import Element

LINK = "https://example.com/01/09521234543213/21/ABC123"
NEW_PACK = "X12PBPM27KLPCLM2M2382320"


def test_a_digital_link_gives_model_and_serial_number() -> None:
    code = parse(LINK)
    assert (code.valid, code.scheme) == (True, "gs1_digital_link")
    assert code.keys == {"01": "09521234543213", "21": "ABC123"}


def test_an_individual_asset_is_a_key_of_its_own() -> None:
    assert parse("https://id.gs1.org/8004/9520614141234567").keys == {"8004": "9520614141234567"}


def test_bracketed_scanned_and_linked_forms_of_one_label_say_the_same() -> None:
    keys = parse(LINK).keys
    assert parse("(01)09521234543213(21)ABC123").keys == keys
    assert parse("]d2010952123454321321ABC123").keys == keys
    assert parse("]Q3010952123454321321ABC123\x1d").keys == keys
    assert parse(f"]Q1{LINK}").keys == keys


@pytest.mark.parametrize("place", range(14))
def test_one_wrong_digit_of_a_trade_item_number_is_found(place: int) -> None:
    digits = list("09521234543213")
    digits[place] = str((int(digits[place]) + 1) % 10)
    code = parse(f"https://example.com/01/{''.join(digits)}/21/ABC123")
    assert not code.valid
    assert "check digit" in code.errors[0].cause
    assert code.errors[0].place.startswith("(01)")


def test_a_serial_number_without_its_model_is_no_gs1_code() -> None:
    assert not parse("(21)ABC123").valid


def test_a_serial_number_belongs_into_the_path() -> None:
    code = parse("https://example.com/01/09521234543213?21=ABC123")
    assert not code.valid
    assert "path" in code.errors[0].cause


def test_another_web_address_is_no_battery() -> None:
    code = parse("https://example.com/products/pack?id=17")
    assert not code.valid
    assert code.errors[0].remedy


def test_the_published_example_of_a_traction_battery_code_is_read() -> None:
    code = parse("X12MCPM27KLPCLX2M2382320")
    assert (code.valid, code.scheme) == (True, "gbt_34014")
    assert code.keys["manufacturer"] == "X12"
    assert code.keys["product"] == "module"
    assert code.keys["serial"] == "2382320"
    assert code.keys["produced"] == "2029-02-21"


def test_a_pack_in_second_use_has_a_shorter_code() -> None:
    code = parse("X12PBPMM2M2382320R")
    assert (code.valid, code.keys["second_use"], code.keys["product"]) == (True, "yes", "pack")
    assert parse("X12PBPMM2M2382320RP").valid


def test_a_wrong_letter_in_a_traction_battery_code_is_placed() -> None:
    code = parse(NEW_PACK[:3] + "Q" + NEW_PACK[4:])
    assert [fault.place for fault in code.errors] == ["character 4"]
    assert not parse(NEW_PACK[:15] + "D" + NEW_PACK[16:]).valid  # there is no thirteenth month


def test_the_31st_of_february_is_no_date_of_production() -> None:
    assert traction_battery_code.production_date("M", "2", "0") is None
    assert str(traction_battery_code.production_date("M", "1", "0")) == "2021-01-31"


def test_a_vehicle_number_with_a_wrong_check_character_is_found() -> None:
    assert parse("1M8GDM9AXKP042788").valid
    code = parse("1M8GDM9A1KP042788")
    assert (code.valid, code.scheme, code.errors[0].place) == (False, "vin", "character 9")


def test_a_text_of_no_known_scheme_is_not_valid_and_says_what_to_do() -> None:
    code = parse("SN 4471-B")
    assert (code.valid, code.scheme) == (False, None)
    assert "serial number" in code.errors[0].remedy


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    code = parse(text)
    assert code.valid is (not code.errors)


@given(st.text(alphabet=string.printable, max_size=40))
def test_no_address_breaks_the_reader(tail: str) -> None:
    parse(f"https://a/01/{tail}")


serials = st.text(alphabet=CSET_82, min_size=1, max_size=20)


@given(st.integers(10_000, 10**12), serials)
def test_what_is_built_is_read_back(number: int, serial: str) -> None:
    body = str(number).zfill(13)
    elements = (Element("01", body + check_digits.gs1_check_digit(body)), Element("21", serial))
    if find("01").fault(elements[0].value):  # type: ignore[union-attr]
        return
    address = digital_link.build(elements, "https://example.com/kitaran")
    assert digital_link.parse(address) == (elements, ())
    assert element_string.parse_scanned(element_string.scanned(elements)) == (elements, ())


def test_a_faulty_element_is_never_built_into_an_address() -> None:
    with pytest.raises(InputError):
        digital_link.build([Element("01", "09521234543214"), Element("21", "A")])


@pytest.mark.parametrize("start", ["]E0", "]E4", "]Q3", "]C1", "(01)", "(3100)", "https://a/01/", ""])
@pytest.mark.parametrize("digit", ["\u00b2", "\u0663", "\u216f", "\U0001d7d8"])
@pytest.mark.parametrize("length", [8, 13, 14, 17, 24])
def test_digits_of_other_scripts_are_no_digits_of_a_code(start: str, digit: str, length: int) -> None:
    parsed = parse(start + digit * length)
    assert not parsed.valid
    assert parsed.errors
