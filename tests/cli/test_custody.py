"""`kitaran custody`, as somebody at the computer of the registry uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.errors import KitaranError
from kitaran.registry.ledger.signature import make_key, public_bytes, write_private


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def run(*words: str) -> dict[str, Any]:
        done = CliRunner().invoke(build(), [*words, "--workspace", str(tmp_path / "work"), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


@pytest.fixture
def firms(ask: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    return (
        ask("parties", "add", "Delta", "--role", "producer"),
        ask("parties", "add", "Beta", "--role", "recycler"),
    )


def test_a_battery_is_offered_accepted_with_a_claim_and_its_history_told(ask: Any, firms: Any) -> None:
    delta, beta = firms
    ask("custody", "begin", "pack-1", "--mass-kg", "412.5", "--operator", delta["operator"])
    offered = ask("custody", "offer", "pack-1", "--to", beta["operator"], "--token", delta["token"])
    assert (offered["state"], offered["receipt"]["custody"]) == ("open", "custodial")
    accepted = ask(
        *("custody", "accept", offered["offer"], "--operator", beta["operator"], "--place", "Rayong"),
        *("--claim", "pack-1:mass_kg=410", "--claim", "pack-1:condition=dented"),
    )
    assert (accepted["state"], accepted["claims"][0]["mass_kg"]) == ("accepted", "410")
    assert "in Rayong" in accepted["receipts"]["giver"]
    told = ask("custody", "history", "pack-1")
    assert (told["holder"], told["lineage"]["up"]) == (beta["operator"], [])
    assert [one["kind"] for one in told["events"]] == ["custody.begun", "custody.offered", "custody.accepted"]
    assert ask("custody", "history", "pack-1", "--operator", delta["operator"])["holder"] is None


def test_an_operator_signs_with_its_own_key(ask: Any, firms: Any, tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = make_key()
    write_private(key, tmp_path / "own.pem")
    public = Ed25519PublicKey.from_public_bytes(public_bytes(key))
    form = (Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "own.pub.pem").write_bytes(public.public_bytes(*form))
    ask("parties", "key", firms[0]["operator"], "--add", str(tmp_path / "own.pub.pem"))
    ask("custody", "begin", "pack-1", "--key", str(tmp_path / "own.pem"))
    made = ask("custody", "offer", "pack-1", "--to", firms[1]["operator"], "--key", str(tmp_path / "own.pem"))
    assert made["receipt"]["custody"] == "own"


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (["offer", "pack-1", "--to", "x"], "not said who acts"),
        (["offer", "pack-1", "--to", "x", "--token", "kitaran_x"], "No valid token"),
        (["accept", "0" * 32, "--operator", "DELTA"], "no such offer for you"),
        (["accept", "0" * 32, "--operator", "DELTA", "--claim", "heavy"], "is no claim"),
        (["offer", "pack-1", "--to", "x", "--until", "soon", "--operator", "DELTA"], "is no time"),
        (["history", "pack-0"], "no such item for you"),
        (["begin", "pack-0", "--mass-kg", "-4", "--operator", "DELTA"], "is no quantity"),
    ],
)
def test_what_cannot_be_done_is_told_in_words(ask: Any, firms: Any, words: list[str], cause: str) -> None:
    with pytest.raises(KitaranError, match=cause):
        ask("custody", *(firms[0]["operator"] if word == "DELTA" else word for word in words))


def test_a_history_is_told_in_words_too(ask: Any, firms: Any, tmp_path: Path) -> None:
    ask("custody", "begin", "pack-1", "--operator", firms[0]["operator"])
    told = CliRunner().invoke(
        build(), ["custody", "history", "pack-1", "--workspace", str(tmp_path / "work")]
    )
    assert f"pack-1: held, held by {firms[0]['operator']}" in told.output
    assert "begun" in told.output


def test_an_offer_is_declined_or_taken_back(ask: Any, firms: Any) -> None:
    delta, beta = firms
    ask("custody", "begin", "pack-1", "--operator", delta["operator"])
    for command, who in (("decline", beta), ("withdraw", delta)):
        made = ask("custody", "offer", "pack-1", "--to", beta["operator"], "--operator", delta["operator"])
        told = ask("custody", command, made["offer"], "--operator", who["operator"], "--reason", "Swollen")
        assert told["state"] == {"decline": "declined", "withdraw": "withdrawn"}[command]
    with pytest.raises(KitaranError, match="no such offer"):
        ask("custody", "withdraw", "f" * 32, "--operator", delta["operator"])


def test_a_lot_is_divided_installed_lost_found_and_corrected(ask: Any, firms: Any) -> None:
    delta, _ = firms
    acts = ("--operator", delta["operator"])
    begun = ask("custody", "begin", "lot-1", "--count", "3", "--mass-kg", "30", *acts)
    ask(
        "custody",
        "correct",
        "lot-1",
        "--event",
        begun["receipt"]["id"],
        "--mass-kg",
        "31",
        "--reason",
        "W",
        *acts,
    )
    ask("custody", "split", "lot-1", "--part", "pack-1=pack,1,10.5", "--rest", "2,20.5", *acts)
    ask("custody", "install", "pack-1", "--what", "vehicle", "--host", "bus-17", *acts)
    ask("custody", "remove", "pack-1", "--reason", "End of lease", *acts)
    ask("custody", "lost", "pack-1", "--reason", "Not in the store", *acts)
    assert ask("custody", "history", "pack-1")["status"] == "lost"
    ask("custody", "found", "pack-1", *acts)
    ask("custody", "lost", "pack-1", "--reason", "Over the fence", "--stolen", *acts)
    told = ask("custody", "history", "pack-1")
    assert told["status"] == "stolen"
    kinds = [one["kind"].removeprefix("custody.") for one in told["events"]]
    assert kinds == ["split", "installed", "removed", "lost", "found", "stolen"]
    assert ask("custody", "history", "lot-1")["mass_kg"] == "20.5"


def test_what_was_divided_whole_is_told_taken_apart(ask: Any, firms: Any, tmp_path: Path) -> None:
    delta = firms[0]["operator"]
    ask("custody", "begin", "lot-1", "--count", "2", "--mass-kg", "20", "--operator", delta)
    parts = ("--part", "pack-1=pack,1,10", "--part", "pack-2=pack,1,10")
    ask("custody", "split", "lot-1", *parts, "--operator", delta)
    there = ("--workspace", str(tmp_path / "work"))
    words = CliRunner().invoke(build(), ["custody", "history", "lot-1", *there]).stdout.splitlines()[0]
    assert words == f"lot-1: taken apart, nothing is left of it as a whole, last held by {delta}"


YARD = """
facility: yard-1
operator: {operator}
name: Delta yard
economy: THA
activities: [store]
"""


def test_where_a_battery_lies_is_said_by_its_holder_of_a_facility_of_its_own(
    ask: Any, firms: Any, tmp_path: Path
) -> None:
    delta, beta = firms
    (tmp_path / "yard.yaml").write_text(YARD.format(operator=delta["operator"]), encoding="utf-8")
    ask("parties", "record", "facility_registered", str(tmp_path / "yard.yaml"))
    for who, item in ((delta, "pack-1"), (beta, "pack-2")):
        ask("custody", "begin", item, "--operator", who["operator"])
    stored = ask("custody", "store", "pack-1", "--facility", "yard-1", "--operator", delta["operator"])
    assert stored["items"] == ["pack-1"]
    assert ask("custody", "history", "pack-1")["events"][-1]["payload"] == {"facility": "yard-1"}
    with pytest.raises(KitaranError, match="no such facility of the holder"):
        ask("custody", "store", "pack-2", "--facility", "yard-1", "--operator", beta["operator"])


@pytest.mark.parametrize(
    "words",
    [
        ("split", "lot-1", "--part", "pack-1=pack,one,10.5"),
        ("split", "lot-1", "--part", "pack-1=pack,1,1", "--rest", "2"),
        ("merge", "pack-9", "--mass-kg", "1", "--take", "pack-1"),
    ],
)
def test_a_piece_without_count_and_mass_is_told(ask: Any, firms: Any, words: tuple[str, ...]) -> None:
    with pytest.raises(KitaranError, match="no count and mass"):
        ask("custody", *words, "--operator", firms[0]["operator"])


def test_things_are_put_together_where_that_is_licensed_only(ask: Any, firms: Any) -> None:
    acts = ("--operator", firms[0]["operator"])
    ask("custody", "begin", "m-1", "--form", "module", "--mass-kg", "5", *acts)
    with pytest.raises(KitaranError, match="facility"):
        ask("custody", "merge", "pack-9", "--mass-kg", "5", "--take", "m-1=1,5", *acts)


def test_a_battery_with_a_passport_is_handed_over_under_the_id_that_was_printed(
    ask: Any, firms: Any, tmp_path: Path
) -> None:
    delta, beta = firms
    model = {
        "model": "pack-52",
        "attributes": {"model_name": "Pack 52", "category": "ev", "chemistry": "LFP"},
    }
    (tmp_path / "model.json").write_text(json.dumps(model), encoding="utf-8")
    ask("passport", "model", str(tmp_path / "model.json"), "--operator", delta["operator"])
    (tmp_path / "packs.ndjson").write_text('{"model": "pack-52", "serial_number": "S1"}\n', encoding="utf-8")
    ids = tmp_path / "ids.csv"
    ask("passport", "import", str(tmp_path / "packs.ndjson"), "--ids", str(ids))
    battery = ids.read_text(encoding="utf-8").splitlines()[1].split(",")[1]
    offered = ask(*("custody", "offer", battery, "--to", beta["operator"], "--operator", delta["operator"]))
    assert offered["items"][0]["item"] == f"battery/{battery}"
    by = ("--operator", beta["operator"])
    done = ask("custody", "accept", offered["offer"], *by, "--claim", f"{battery}:mass_kg=300")
    assert done["claims"][0]["item"] == f"battery/{battery}"
    ask("custody", "install", battery, "--what", "vehicle", "--host", "bus-17", *by)
    told = ask("custody", "history", battery)
    assert (told["item"], told["holder"]) == (f"battery/{battery}", beta["operator"])
    assert told["events"][-1]["kind"] == "custody.installed"
    there = ("--workspace", str(tmp_path / "work"))
    words = CliRunner().invoke(build(), ["custody", "history", battery, *there])
    assert f"installed in vehicle bus-17, held by {beta['operator']}" in words.output
