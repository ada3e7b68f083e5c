"""Notes and keys are those of C2SP: read, written and checked as others do."""

from __future__ import annotations

import pytest

from kitaran.foundation.errors import InputError
from kitaran.registry.ledger.note import (
    LOG,
    WITNESS,
    Checkpoint,
    Note,
    NoteKey,
    cosign,
    read_note,
    read_note_key,
    sign_checkpoint,
)
from kitaran.registry.ledger.signature import make_key, public_bytes

SAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

\u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501
"""The example of c2sp.org/tlog-cosignature."""

KEY = make_key()
CHECKPOINT = Checkpoint("registry.example/log", 7, bytes(range(32)))


def test_the_example_of_the_specification_is_read_and_written_the_same() -> None:
    note = read_note(SAMPLE)
    assert (note.checkpoint.origin, note.checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert str(note) == SAMPLE


def test_a_key_of_the_go_library_is_read_with_its_id() -> None:
    """The key of the examples of golang.org/x/mod/sumdb/note."""
    text = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = read_note_key(text, LOG)
    assert key.id.hex() == "c74f20a3"
    assert str(key) == text


def test_a_signed_checkpoint_is_by_its_log_and_by_no_other() -> None:
    note = read_note(str(sign_checkpoint(CHECKPOINT, KEY)))
    log = NoteKey(CHECKPOINT.origin, LOG, public_bytes(KEY))
    assert note.signed_by(log)
    assert not note.signed_by(NoteKey(CHECKPOINT.origin, LOG, public_bytes(make_key())))
    assert not note.signed_by(NoteKey("other", LOG, public_bytes(KEY)))
    assert not note.signed_by(NoteKey(CHECKPOINT.origin, WITNESS, public_bytes(KEY)))
    for changed in (
        Checkpoint(CHECKPOINT.origin, 8, CHECKPOINT.root),
        Checkpoint(CHECKPOINT.origin, 7, bytes(32)),
    ):
        assert not Note(changed, note.lines).signed_by(log)


def test_a_cosignature_is_by_its_witness_over_its_time() -> None:
    witness = NoteKey("w.example", WITNESS, public_bytes(KEY))
    line = cosign(CHECKPOINT, "w.example", KEY, 1_800_000_000)
    note = sign_checkpoint(CHECKPOINT, make_key()).witnessed([line])
    assert read_note(str(note)).signed_by(witness)
    assert not Note(Checkpoint(CHECKPOINT.origin, 8, CHECKPOINT.root), note.lines).signed_by(witness)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        SAMPLE.replace("20852163", "020852163"),
        SAMPLE.replace("20852163", "-1"),
        SAMPLE.replace("CsUY", "Cs"),
        SAMPLE.replace("q2I=", "q2J="),
        SAMPLE.replace("\n\n", "\n"),
        SAMPLE.rstrip("\n"),
        SAMPLE.replace("\u2014 witness", "- witness"),
        SAMPLE + "\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_note(text)


@pytest.mark.parametrize(
    "text", ["", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        read_note_key(text, LOG)
