"""Papers: what is known is filled in and named, what is not is left open; in PDF, as JSON, of any length."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.law import Case, decide, packaged_book, read_case
from kitaran.law import tables as law_tables
from kitaran.law.letter_papers import letter_papers
from kitaran.law.paper_files import paper_json, papers_of
from kitaran.law.paper_model import FILLED, PARTLY, PREPARED, TO_FILL, Entry, Paper
from kitaran.law.paper_pdf import paper_pdf
from kitaran.law.papers import catalogue, paper, papers_needed
from kitaran.law.particulars import Particulars, read_particulars
from tests.law.consignments import NAMES, consignment, party
from tests.law.dossiers import dossier, random_dossiers, waste

NAMED = tuple(name for name, row in catalogue().items() if row["parts"])
USED = dossier(route__export="TH", route__import="JP")


def told(content: Any, case: Case) -> Particulars:
    return read_particulars({"particulars": content}, case)


def all_papers(case: Case, content: Any = None) -> list[Paper]:
    """Every paper of a case, needed or not, letters too."""
    decision, particulars = decide(case), told(content, case)
    return [*(paper(name, decision, particulars) for name in NAMED), *letter_papers(decision, particulars)]


def entries(one: Paper) -> Iterator[Entry]:
    return (entry for part in one.parts for row in part.rows for entry in row)


def by_block(one: Paper, part: str = "") -> dict[str, Entry]:
    """The entries of the first row of each part, by their block."""
    return {
        block.block: entry
        for each in one.parts
        if part in ("", each.id)
        for row in each.rows[:1]
        for block, entry in zip(each.blocks, row, strict=True)
    }


def words(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


# -- nothing is made up


def places(content: Any, here: str = "") -> Iterator[str]:
    """Every place of some content, groups included."""
    if here:
        yield here
    rows = (
        content.items()
        if isinstance(content, dict)
        else enumerate(content)
        if isinstance(content, list)
        else ()
    )
    for key, value in rows:
        step = f"[{key}]" if isinstance(content, list) else f".{key}" if here else str(key)
        yield from places(value, f"{here}{step}")


def known_places(case: Case, content: Any) -> set[str]:
    decision = {*(f"decision.{name}" for name in decide(case).as_dict())}
    goods = {f"decision.dangerous_goods.{name}" for name in decide(case).transport.details}
    facts = {"as_of", "facts", *(f"facts.{name}" for name in case.facts)}
    return facts | decision | goods | {f"particulars.{place}" for place in places(content or {})}


@pytest.mark.parametrize("content", [None, consignment(1), consignment(5)], ids=["bare", "one", "five"])
@pytest.mark.parametrize("case", [USED, waste(item__mass_kg=300.0), dossier(route__import="EU")])
def test_a_filled_block_names_facts_that_are_there(case: Case, content: Any) -> None:
    there = known_places(case, content)
    for one in all_papers(case, content):
        for entry in entries(one):
            assert bool(entry.value) == bool(entry.facts), (one.id, entry)
            assert set(entry.facts) <= there, (one.id, entry)
            assert (entry.state in (FILLED, PARTLY)) == bool(entry.value)


def test_random_cases_fill_only_from_their_facts() -> None:
    for case in random_dossiers(60, seed=3):
        there = known_places(case, None)
        for one in all_papers(case):
            assert {name for entry in entries(one) for name in entry.facts} <= there


def leaf(content: Any, path: str) -> Any:
    """What stands at a path of the particulars, such as items[0].test.date."""
    for step in path.replace("[", ".[").split("."):
        content = content[int(step[1:-1])] if step.startswith("[") else content[step]
    return content


def test_a_block_of_one_particular_shows_that_and_no_other() -> None:
    content = consignment(4)
    seen = 0
    for one in all_papers(USED, content):
        for entry in entries(one):
            if len(entry.facts) == 1 and entry.facts[0].startswith("particulars."):
                found = leaf(content, entry.facts[0].removeprefix("particulars."))
                if isinstance(found, dict):  # the number of a row
                    assert entry.facts[0].endswith(f"[{int(entry.value) - 1}]")
                    continue
                shown = f"{found:.10g}" if isinstance(found, int | float) else str(found)
                shown = str(len(found)) if isinstance(found, list) else shown
                assert entry.value.replace(" ", "_").startswith(shown.replace(" ", "_")), entry
                seen += 1
    assert seen > 100


def without(content: Any, path: str) -> Any:
    """The same content without what stands at a path."""
    kept = json.loads(json.dumps(content))
    *groups, last = path.split(".")
    inside = kept
    for group in groups:
        inside = inside[group]
    del inside[last]
    return kept


LEAVES = (
    *("reference", "intended_use", "parties.holder.name", "parties.importer.email", "contract.with"),
    *("notification.number", "waste.composition", "waste.import_code", "transport.seal", "emergency.contact"),
)


@pytest.mark.parametrize("path", LEAVES)
def test_what_is_taken_out_of_the_particulars_is_gone_from_every_paper(path: str) -> None:
    content = consignment(2)
    value = content
    for key in path.split("."):
        value = value[key]
    mark = str(value).partition("\n")[0]
    assert any(mark in entry.value for one in all_papers(USED, content) for entry in entries(one))
    for one in all_papers(USED, without(content, path)):
        assert not any(mark in entry.value.split("\n") for entry in entries(one)), one.id
        assert not any(f"particulars.{path}" in entry.facts for entry in entries(one)), one.id


def test_what_is_not_known_is_a_ruled_blank_with_the_word_for_it() -> None:
    bare = decide(Case("2026-06-01", {}))
    for name in NAMED:
        one = paper(name, bare)
        assert one.counts[FILLED] < one.counts[TO_FILL]
        printed = words(paper_pdf(one))
        assert "TO FILL" in printed
        assert "....." not in printed  # blanks are rules to write on, not dots in the text


def test_a_total_is_given_only_where_every_part_of_it_is_known() -> None:
    whole = by_block(paper("packing_list", decide(USED), told(consignment(4), USED)))
    assert (whole["9"].value, whole["10"].value) == ("1212 kg", "1380 kg")
    content = consignment(4)
    del content["items"][3]["mass_kg"]
    del content["packages"][0]["gross_kg"]
    part = by_block(paper("packing_list", decide(USED), told(content, USED)))
    assert (part["9"].value, part["10"].value) == ("", "")


# -- particulars


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ({"parties": {"owner": {}}}, "parties.owner"),
        ({"items": {"id": "A"}}, "items"),
        ({"items": [{"id": "A", "test": {"date": "soon"}}]}, "items[0].test.date"),
        ({"items": [{"id": "A"}, {"id": "A"}]}, "items"),
        ({"items": [{"id": "A", "package": "Q"}], "packages": [{"id": "P"}]}, "items[0].package"),
        ({"items": [{"id": "A", "chemistry": "LFP"}]}, "items[0].chemistry"),
        ({"items": [{"id": "A", "soc_pct": 90}]}, "items[0].soc_pct"),
        ({"notification": {"shipments": 1.5}}, "notification.shipments"),
        ({"packages": [{"id": "P", "gross_kg": -1}]}, "packages[0].gross_kg"),
        ({"reference": "a\x00b"}, "reference"),
        ({"reference": "a\ud800b"}, "reference"),
    ],
)
def test_wrong_particulars_are_named_by_their_path(content: Any, place: str) -> None:
    with pytest.raises(InputError) as raised:
        told(content, USED)
    assert [fault.place for fault in raised.value.faults] == [f"case: particulars.{place}"]


def test_a_load_brings_its_items_into_the_papers() -> None:
    content = {
        "as_of": "2026-06-01",
        "facts": {
            "item": {"kind": "ev_pack", "condition": "functional", "soc_pct": 20},
            "purpose": "direct_reuse",
            "route": {"export": "JP", "import": "MN", "transit": [], "mode": "sea"},
            "items": [
                {"id": "A", "item": {"chemistry": "NMC", "mass_kg": 300}},
                {"id": "B", "item": {"chemistry": "lead_acid", "mass_kg": 20}},
            ],
        },
        "particulars": {"items": [{"id": "A", "package": "P1"}], "packages": [{"id": "P1"}]},
    }
    case = read_case(content)
    particulars = read_particulars(content, case)
    goods = paper("dangerous_goods", decide(case), particulars)
    assert by_block(goods, "goods")["A"].value == "UN3480; UN2794"
    assert by_block(goods, "lines")["14c"].value.startswith("UN 3480, LITHIUM ION BATTERIES")
    listed = paper("packing_list", decide(case), particulars)
    assert by_block(listed)["9"].value == "320 kg"
    assert "facts.items.B.item.mass_kg" in by_block(listed)["9"].facts


def test_an_item_that_the_load_does_not_decide_is_refused() -> None:
    case = read_case({"as_of": "2026-06-01", "facts": {"items": [{"id": "A", "item": {"kind": "cell"}}]}})
    with pytest.raises(InputError, match="decides no item 'C'"):
        told({"items": [{"id": "C"}]}, case)


# -- what each paper says


def test_every_paper_carries_its_versions_its_ground_and_what_it_is_not() -> None:
    decision = decide(USED)
    for one in all_papers(USED, consignment(1)):
        printed = " ".join(words(paper_pdf(one)).split())
        assert PREPARED in printed
        assert decision.rules_version in printed
        assert decision.facts_version in printed
        assert "Departure 2026-06-01" in printed
        assert "Page 1 of" in printed
        assert one.cite
        assert one.id.startswith("letter") or one.cite in printed
        facts = json.loads(paper_json(one))
        assert (facts["rules_version"], facts["facts_version"]) == (
            decision.rules_version,
            decision.facts_version,
        )
        assert (facts["as_of"], facts["prepared"]) == ("2026-06-01", PREPARED)


def test_each_source_of_the_tables_of_papers_is_known() -> None:
    sources = packaged_book().sources
    cited = [row["source"] for row in law_tables.packaged_rows("paper_blocks.csv") if row["source"]]
    cited += [
        text["source"]
        for row in catalogue().values()
        for part in row["parts"]
        for text in part.get("texts", ())
    ]
    assert {name for cell in cited for name in cell.split(";")} <= set(sources)


def test_a_used_battery_needs_proofs_and_waste_needs_forms() -> None:
    used, thrown = papers_needed(decide(USED)), papers_needed(decide(waste()))
    assert {"declaration", "test_records", "packing_list", "dangerous_goods"} <= set(used)
    assert {"notification", "movement", "packing_list", "dangerous_goods"} <= set(thrown)
    assert "notification" not in used
    assert "declaration" not in thrown
    assert paper("declaration", decide(waste())).needed is False


def test_the_sentence_of_the_union_stands_only_on_its_routes() -> None:
    texts = {
        cc: paper("declaration", decide(dossier(route__import=cc))).parts[4].texts for cc in ("MN", "EU")
    }
    assert len(texts["MN"]) == 1
    assert any("2008/98/EC" in said.text for said in texts["EU"])


def test_the_dangerous_goods_note_follows_mode_and_charge() -> None:
    by_air = by_block(paper("dangerous_goods", decide(dossier(route__mode="air"))), "goods")
    assert "30 %" in by_air["I"].value
    assert by_air["D"].value == "not assigned"
    by_sea = by_block(paper("dangerous_goods", decide(USED)), "goods")
    assert by_sea["I"].value == "no limit seen for this way of transport"
    powder = by_block(paper("dangerous_goods", decide(waste(item__kind="black_mass"))), "goods")
    assert (powder["A"].value, powder["I"].value, powder["D"].value) == ("", "", "")
    assert powder["A"].lacks == ("to be classified by test",)


def test_a_load_that_must_not_be_loaded_says_so_on_its_papers() -> None:
    case = dossier(route__mode="air", item__soc_pct=80.0)
    printed = " ".join(words(paper_pdf(paper("dangerous_goods", decide(case)))).split())
    assert "Not to be loaded as it is: By air at most 30 % state of charge" in printed


def test_a_letter_is_printed_for_each_question_that_decides() -> None:
    decision = decide(dossier(purpose="recycling", item__condition="non_functional", route__export="LA",
                              route__import="KR", route__transit=("TH",)))  # fmt: skip
    assert "letter" in papers_needed(decision)
    one = letter_papers(decision, told({"parties": {"exporter": party(1)}}, decision.case))[0]
    printed = " ".join(words(paper_pdf(one)).split())
    question = next(question for question in decision.questions if question.decides)
    assert question.question[1:40] in printed
    assert question.cite in printed
    assert "Person1" in printed


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(NotFoundError, match="no paper"):
        papers_of(decide(USED), names=("passport",))


# -- print


@pytest.mark.parametrize("items", [1, 30, pytest.param(200, marks=pytest.mark.slow)])
def test_every_item_is_printed_once_whatever_their_number(items: int) -> None:
    decision, particulars = decide(USED), told(consignment(items), USED)
    sheet = PdfReader(io.BytesIO(paper_pdf(paper("test_records", decision, particulars))))
    texts = [page.extract_text() for page in sheet.pages]
    for number in (0, items // 2, items - 1):
        [page] = [text for text in texts if f"Record {number + 1} of {items}\n" in text]
        assert all(mark in page for mark in (f"TH-{number:05}", f"meter{number}", f"works{number}"))
    assert f"Page {len(texts)} of {len(texts)}" in texts[-1]
    assert len(texts) <= 2 + items / 2


def test_the_same_paper_gives_the_same_bytes() -> None:
    first, second = ([paper_pdf(one) for one in all_papers(USED, consignment(3))] for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_names_in_every_script_are_printed(name: str) -> None:
    content = {"parties": {"holder": {"name": name}}}
    one = paper("declaration", decide(USED), told(content, USED))
    assert by_block(one)["1"].value == name
    assert "do not hold" not in words(paper_pdf(one))


LONG = st.text("ABCxyz-_/.#$*@\\[]{}<>\"'=~`", min_size=1, max_size=400).filter(lambda text: text.strip())


@settings(max_examples=15, deadline=None)
@given(LONG)
def test_a_long_or_hostile_name_stays_on_the_page_letter_by_letter(name: str) -> None:
    content = {"parties": {"holder": {"name": name}}, "items": [{"id": "A", "name": name}]}
    pdf = PdfReader(io.BytesIO(paper_pdf(paper("declaration", decide(USED), told(content, USED)))))
    width = float(pdf.pages[0].mediabox.width)
    seen: list[str] = []

    def note(text: str, _cm: Any, matrix: Any, _font: Any, size: float) -> None:
        assert matrix[4] < width
        seen.append(text)

    for page in pdf.pages:
        page.extract_text(visitor_text=note)
    printed = "".join("".join(seen).replace("\u200b", "").split())
    assert "".join(name.split()) in printed


def test_papers_may_be_made_at_the_same_time() -> None:
    papers = all_papers(USED, consignment(2)) * 3
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(paper_pdf, papers)) == [paper_pdf(one) for one in papers]
