"""The forms: all blocks are there, what is known is filled, what is not is marked and never made up."""

from __future__ import annotations

import pytest

from kitaran.foundation.errors import NotFoundError
from kitaran.law import decide
from kitaran.law.forms import BY_OTHERS, FILLED, TO_FILL, form
from tests.law.dossiers import dossier, waste


def test_the_notification_has_21_blocks_and_the_movement_document_22() -> None:
    decision = decide(waste())
    assert [block.block for block in form("notification", decision).blocks] == [str(n) for n in range(1, 22)]
    movement = [block.block for block in form("movement", decision).blocks]
    assert len(movement) == 22
    assert movement[7] == "8(a)-(c)"


def test_what_is_known_is_filled() -> None:
    case = waste(item__mass_kg=400.0, facility__preconsented=True, route__transit=("MY",))
    blocks = {block.block: block for block in form("notification", decide(case)).blocks}
    assert blocks["3"].value == "B(ii) recovery; C pre-consented: yes"
    assert blocks["5"].value == "0.4 t"
    assert blocks["15"].value == "export: Singapore; transit: Malaysia; import: Japan"
    assert "(i) A1170" in blocks["14"].value
    assert "(x) UN3480" in blocks["14"].value
    assert "(xii) 8549.13" in blocks["14"].value


def test_what_is_not_known_is_marked_and_what_others_fill_is_left_to_them() -> None:
    blocks = {block.block: block for block in form("notification", decide(waste())).blocks}
    assert (blocks["1"].value, blocks["1"].state) == ("", TO_FILL)
    assert (blocks["5"].value, blocks["5"].state) == ("", TO_FILL)
    assert {blocks[n].state for n in ("19", "20", "21")} == {BY_OTHERS}
    assert blocks["6"].state == FILLED


@pytest.mark.parametrize(("as_of", "listed"), [("2026-11-08", False), ("2026-11-09", True)])
def test_the_code_of_the_european_list_is_named_from_its_day(as_of: str, listed: bool) -> None:
    decision = decide(waste(as_of, route__import="EU"))
    codes = {block.block: block.value for block in form("notification", decision).blocks}["14"]
    assert ("16 06 07*" in codes) is listed


def test_a_code_is_never_given_before_the_status_is_settled() -> None:
    decision = decide(dossier(evidence__test_records=None))
    codes = {block.block: block.value for block in form("notification", decision).blocks}["14"]
    assert codes.startswith("(i) no code")


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no form"):
        form("invoice", decide(waste()))
