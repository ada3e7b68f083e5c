"""The forms: all blocks are there, what is known is filled, what is not is marked and never made up."""

from __future__ import annotations

import pytest

from kitaran.foundation.errors import NotFoundError
from kitaran.law import Case, decide
from kitaran.law.paper_model import BY_OTHERS, FILLED, PARTLY, TO_FILL, Entry
from kitaran.law.papers import paper
from tests.law.dossiers import dossier, waste


def blocks(name: str, case: Case) -> dict[str, Entry]:
    """The entries of a form by the number of their block."""
    found = paper(name, decide(case))
    return {
        block.block: entry
        for part in found.parts
        for row in part.rows
        for block, entry in zip(part.blocks, row, strict=True)
    }


def test_the_notification_has_21_blocks_and_the_movement_document_22() -> None:
    assert list(blocks("notification", waste())) == [str(n) for n in range(1, 22)]
    movement = list(blocks("movement", waste()))
    assert len(movement) == 22
    assert movement[7] == "8(a)-(c)"


def test_what_is_known_is_filled() -> None:
    case = waste(item__mass_kg=400.0, facility__preconsented=True, route__transit=("MY",))
    found = blocks("notification", case)
    assert found["3"].value == "B(ii) recovery; C pre-consented: yes"
    assert found["5"].value == "0.4 t"
    assert found["15"].value == "export: Singapore\ntransit: Malaysia\nimport: Japan"
    assert "(i) A1170" in found["14"].value
    assert "(x) UN3480" in found["14"].value
    assert "(xii) 8549.13" in found["14"].value


def test_what_is_not_known_is_marked_and_what_others_fill_is_left_to_them() -> None:
    found = blocks("notification", waste())
    assert (found["1"].value, found["1"].state) == ("", TO_FILL)
    assert (found["5"].value, found["5"].state) == ("", TO_FILL)
    assert {found[n].state for n in ("19", "20", "21")} == {BY_OTHERS}
    assert (found["6"].state, found["6"].lacks) == (PARTLY, ("last departure",))
    assert found["13"].state == FILLED


@pytest.mark.parametrize(("as_of", "listed"), [("2026-11-08", False), ("2026-11-09", True)])
def test_the_code_of_the_european_list_is_named_from_its_day(as_of: str, listed: bool) -> None:
    codes = blocks("notification", waste(as_of, route__import="EU"))["14"].value
    assert ("16 06 07*" in codes) is listed


def test_a_code_is_never_given_before_the_status_is_settled() -> None:
    codes = blocks("notification", dossier(evidence__test_records=None))["14"].value
    assert codes.startswith("(i) no code")
    assert "8549" not in codes


def test_cadmium_has_codes_of_its_own() -> None:
    codes = blocks("notification", waste(item__chemistry="NiCd"))["14"].value
    assert "(xii) 8549.12" in codes
    assert "Y26" in codes


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no paper"):
        paper("invoice", decide(waste()))
