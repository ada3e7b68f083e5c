"""Claims on the terminal and on the page of the documentation."""

from __future__ import annotations

from pathlib import Path

import pytest

from kitaran.cli.claims import BEGIN, END, claims_page, in_unit, renew_page
from kitaran.foundation.errors import InputError
from kitaran.reference import read

PAGE = Path(__file__).resolve().parents[2] / "docs" / "published-claims.md"
ROW = {
    "number": 2,
    "part": "a",
    "claim": "Batteries that retire",
    "unit": "t",
    "claimed_low": 2e6,
    "claimed": 2e6,
    "claimed_high": 2e6,
    "p10": 1.9e6,
    "p50": 2.4e6,
    "p90": 2.7e6,
    "scope": "region",
    "verdict": "within our band",
    "reason": "It counts cars.",
    "source": "source-documents",
}


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (0.1, "fraction", "10 %"),
        (2e6, "t", "2 Mt"),
        (1e10, "USD", "10 billion USD"),
        (19.0, "1", "19 times"),
        (60.0, "GWh", "60 GWh"),
    ],
)
def test_a_figure_is_said_as_a_reader_says_it(value: float, unit: str, said: str) -> None:
    assert in_unit(value, unit) == said


def test_the_page_shows_claim_ours_and_reason() -> None:
    page = claims_page([ROW])
    assert (
        "| 2a | Batteries that retire | 2 Mt | 2.4 Mt (1.9 Mt to 2.7 Mt) | region | within our band |" in page
    )
    assert "- **2a** It counts cars. (Source: `source-documents`)" in page


def test_a_claim_that_cannot_be_computed_shows_no_figure() -> None:
    silent = {**ROW, "p10": None, "p50": None, "p90": None, "scope": "", "verdict": "cannot be computed"}
    assert "| none | nowhere | cannot be computed |" in claims_page([silent])


def test_renewing_a_page_keeps_what_stands_around_the_marks(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"# Title\n\n{BEGIN}\nold\n{END}\n\nend\n", encoding="utf-8")
    renew_page(file, [ROW])
    renew_page(file, [ROW])
    text = file.read_text(encoding="utf-8")
    assert text.startswith("# Title\n")
    assert text.endswith(f"{END}\n\nend\n")
    assert text.count("Batteries that retire") == 1
    assert "old" not in text


def test_a_page_without_marks_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no lines"):
        renew_page(tmp_path / "none.md", [ROW])


def test_the_packaged_page_holds_every_claim() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for row in read("published_claims"):
        shown = f"| {row['number']}{row['part']} | {row.text('claim')} |"
        assert shown in text, "kitaran scenario claims RUN --page docs/published-claims.md"
