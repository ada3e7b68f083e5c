"""Movements by the law of the region's States: stops, open bars, permits and what settles them."""

from __future__ import annotations

from typing import Any

import pytest

from kitaran.law import decide
from tests.law.dossiers import CONTRACT, dossier, waste


def contract(**changes: Any) -> Any:
    """A faulty pack sent to be refurbished under a full contract."""
    proofs = {f"evidence__{name}": True for name in (*CONTRACT, "declaration", "protection", "transport_doc")}
    return dossier(
        **{
            "item__condition": "repairable_defect",
            "purpose": "refurbish",
            "evidence__invoice_contract": None,
            "evidence__test_records": None,
            **proofs,
            **changes,
        }
    )


def lao_to_korea(**permits: Any) -> Any:
    held = {"LA_export_authorisation": {"held": True, "written": True}, **permits}
    consents = {"LA": True, "KR": True, "TH": True}
    return decide(
        waste(route__export="LA", route__import="KR", route__transit=("TH",), consents=consents, permits=held)
    )


def thai_licence(issued: str, registered: bool | None = True) -> dict[str, Any]:
    return {"TH_transit_licence": {"held": True, "issued": issued, "holder_registered_in_TH": registered}}


def test_a_written_lao_authorisation_and_a_thai_licence_open_the_road_to_korea() -> None:
    decision = lao_to_korea(**thai_licence("2026-05-20"))
    assert (decision.movement, decision.procedure) == ("permitted_with_consent", "basel_pic")


@pytest.mark.parametrize(
    ("issued", "good"), [("2026-04-17", True), ("2026-04-16", False), ("2026-06-02", False)]
)
def test_a_thai_transit_licence_is_good_for_45_days(issued: str, good: bool) -> None:
    decision = lao_to_korea(**thai_licence(issued))
    assert decision.missing == (() if good else ("th_transit_licence",))
    assert (decision.movement == "blocked_pending_consent") is not good


@pytest.mark.parametrize("registered", [False, None])
def test_a_thai_transit_licence_needs_a_holder_registered_in_thailand(registered: bool | None) -> None:
    assert lao_to_korea(**thai_licence("2026-05-20", registered)).missing == ("th_transit_licence",)


def test_a_lao_authorisation_by_word_of_mouth_is_not_enough() -> None:
    permits = {"LA_export_authorisation": {"held": True, "written": False}, **thai_licence("2026-05-20")}
    decision = lao_to_korea(**permits)
    assert decision.movement == "escalate"
    assert "MAE" in str(decision.questions)


@pytest.mark.parametrize(("written", "movement"), [(True, "permitted_with_consent"), (False, "escalate")])
def test_other_waste_leaves_lao_pdr_by_a_written_authorisation_only(written: bool, movement: str) -> None:
    held = {"LA_export_authorisation": {"held": True, "written": written}}
    route = {"route__export": "LA", "route__import": "KR", "route__transit": ()}
    decision = decide(
        waste(**route, hazard__annex_iii=False, consents={"LA": True, "KR": True}, permits=held)
    )
    assert (decision.status, decision.movement) == ("waste_non_hazardous", movement)


def test_consents_cannot_cure_the_transit_bar_of_viet_nam() -> None:
    consents = {"LA": True, "VN": True, "KR": True}
    case = waste(route__export="LA", route__import="KR", route__transit=("VN",), consents=consents)
    decision = decide(case)
    assert (decision.movement, decision.missing, decision.questions) == ("forbidden", (), ())


def test_the_position_of_india_turns_a_used_pack_back_into_goods() -> None:
    case = dossier(route__export="BT", route__import="SG", route__transit=("IN",))
    assert decide(case).status == "waste_hazardous"
    settled = decide(case.with_fact("positions.IN", "not_waste"))
    assert (settled.status, settled.movement) == ("used_non_waste", "permitted")


def test_a_consent_that_has_run_out_is_not_held() -> None:
    case = waste(consents={"SG": True, "JP": True})
    assert decide(case).movement == "permitted_with_consent"
    expired = case.with_fact("permits.consent_JP", {"held": True, "valid_to": "2026-05-31"})
    assert decide(expired).missing == ("consent_JP",)


def test_transit_through_singapore_needs_its_permit_beside_the_consents() -> None:
    consents = {"LK": True, "KR": True, "SG": True}
    case = waste(route__export="LK", route__import="KR", route__transit=("SG",), consents=consents)
    assert decide(case).missing == ("sg_transit_permit",)


def test_a_tested_pack_into_thailand_is_a_question_and_not_a_ban() -> None:
    decision = decide(dossier(route__import="TH"))
    assert (decision.status, decision.movement) == ("used_non_waste", "escalate")
    assert any(question.authority == "DFT" and question.decides for question in decision.questions)


def test_an_importer_that_alone_ratified_the_ban_amendment_is_asked() -> None:
    case = waste(route__export="JP", route__import="MY")
    assert decide(case).movement == "escalate"
    assert decide(case.with_fact("consents.MY", True)).movement == "blocked_pending_consent"


def test_between_oecd_members_over_singapore_the_basel_procedure_holds() -> None:
    case = waste(route__export="AU", route__import="KR", route__transit=("SG",))
    assert decide(case).procedure == "basel_pic"


def test_waste_for_disposal_stands_outside_the_oecd_procedure() -> None:
    consents = {"AU": True, "KR": True}
    decision = decide(waste(route__export="AU", route__import="KR", purpose="disposal", consents=consents))
    assert (decision.procedure, decision.decision_period) == ("basel_pic", None)


def test_tested_sorted_batteries_move_freely_between_oecd_members_but_not_from_australia() -> None:
    tested = {"hazard__annex_iii": False, "route__import": "KR"}
    free = decide(waste(route__export="JP", **tested))
    assert (free.status, free.movement, free.procedure) == ("waste_non_hazardous", "permitted", "oecd_green")
    assert decide(waste(route__export="AU", **tested)).missing == ("consent_AU",)


@pytest.mark.parametrize(("as_of", "movement"), [("2026-11-08", "escalate"), ("2026-11-09", "forbidden")])
def test_tested_packs_leave_the_union_until_its_list_makes_them_hazardous(as_of: str, movement: str) -> None:
    decision = decide(waste(as_of, route__export="EU", route__import="IN", hazard__annex_iii=False))
    assert decision.movement == movement


def test_black_mass_that_meets_the_standard_is_goods_for_china_unless_it_comes_from_the_union() -> None:
    mass = {"item__kind": "black_mass", "item__condition": "shredded", "route__import": "CN"}
    assert decide(waste(route__export="KR", standard_met=True, **mass)).status == "product"
    assert decide(waste(route__export="EU", standard_met=True, **mass)).movement == "forbidden"
    assert decide(waste("2025-07-31", route__export="KR", standard_met=True, **mass)).movement == "forbidden"
    unknown = decide(waste(route__export="KR", **mass))
    assert (unknown.status, unknown.movement) == ("undetermined", "blocked_missing_evidence")


def test_black_mass_has_two_candidate_entries_and_older_ones_before_2025() -> None:
    mass = {"item__kind": "black_mass", "item__condition": "shredded"}
    assert decide(waste(**mass)).basel_entry == ("A1181", "Y49")
    assert decide(waste("2024-12-31", **mass)).basel_entry == ("A1180",)


def test_a_state_without_a_row_is_asked_unless_a_stop_is_true() -> None:
    assert decide(dossier(route__export="BR", route__import="JP")).movement == "escalate"
    assert decide(waste(route__export="BR", route__import="CN")).movement == "forbidden"
    assert decide(waste(route__export="DE", route__import="IN")).movement == "forbidden"


def test_hazardous_waste_may_not_enter_a_forum_island_country() -> None:
    assert decide(waste(route__export="AU", route__import="PG")).movement == "forbidden"


def test_a_load_that_cannot_be_shown_to_be_allowed_by_air_does_not_get_a_green_card() -> None:
    by_air = {"route__import": "NZ", "route__mode": "air"}
    assert decide(dossier(**by_air)).card == "MAY MOVE"
    assert decide(dossier(**by_air, item__soc_pct=60.0)).card == "DO NOT LOAD"
    assert decide(dossier(**by_air, item__soc_pct=None)).card == "PAPERS MISSING"


def test_an_unknown_transit_is_not_taken_for_none() -> None:
    decision = decide(dossier(route__transit=None))
    assert decision.movement == "blocked_missing_evidence"
    assert "route.transit" in decision.facts_to_ask


def test_a_route_that_leaves_and_reenters_one_state_is_not_domestic() -> None:
    assert decide(waste(route__export="MY", route__import="MY")).procedure == "domestic_only"
    assert (
        decide(waste(route__export="MY", route__import="MY", route__transit=("TH",))).procedure == "basel_pic"
    )


def test_repurposing_is_asked_about_until_every_state_has_answered() -> None:
    case = dossier(purpose="repurpose", route__export="JP", route__import="KR")
    assert decide(case).movement == "escalate"
    answered = case.with_fact("positions.JP", "not_waste").with_fact("positions.KR", "not_waste")
    assert decide(answered).movement == "permitted"


def test_refurbishment_under_a_full_contract_is_no_waste_and_in_the_union_a_question() -> None:
    assert decide(contract(route__export="PH", route__import="SG")).movement == "permitted"
    assert decide(contract(route__export="EU", route__import="SG")).movement == "escalate"


@pytest.mark.parametrize(("as_of", "un"), [("2024-12-31", "UN3171"), ("2025-01-01", "UN3556")])
def test_an_electric_car_has_its_own_un_number_since_2025(as_of: str, un: str) -> None:
    assert decide(dossier(as_of, item__kind="vehicle")).transport.un == un
