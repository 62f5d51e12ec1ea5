"""The tokenizer agrees with the model's own, and takes anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.errors import StoreError
from mem0_tui.store.embedding.minilm.wordpiece import MAX_PIECES, WordPiece

REFERENCE = json.loads(
    Path(__file__).with_name("minilm_reference.json").read_text(encoding="utf-8")
)
CLS, SEP, UNKNOWN = 101, 102, 100
WORDPIECE = WordPiece.load()

any_text = st.text(st.characters(codec=None))
"""Every code point, lone surrogates included."""


@pytest.mark.parametrize("entry", REFERENCE, ids=lambda entry: ascii(entry["text"][:24]))
def test_agrees_with_the_reference_tokenizer(entry: dict[str, object]) -> None:
    assert WORDPIECE.encode(str(entry["text"])) == entry["ids"]


@given(any_text)
@settings(deadline=None, max_examples=300)
def test_any_text_gives_bounded_framed_known_ids(text: str) -> None:
    ids = WORDPIECE.encode(text)
    assert 2 <= len(ids) <= MAX_PIECES
    assert ids[0] == CLS
    assert ids[-1] == SEP
    assert all(0 <= number < 30_522 for number in ids)


@given(st.text(st.characters(max_codepoint=0x7F)))
@settings(deadline=None, max_examples=300)
def test_ascii_takes_a_shorter_way_to_the_same_ids(text: str) -> None:
    padded = text + "\ue000"  # dropped as private use, but the text is no longer ASCII
    assert WORDPIECE.encode(padded) == WORDPIECE.encode(text)


@pytest.mark.parametrize("dropped", ["\x00", "\ufffd", chr(0xD800), "\u200b", "\x1b", "\u0301"])
def test_what_cannot_be_seen_does_not_split_a_word(dropped: str) -> None:
    assert WORDPIECE.encode(f"mig{dropped}ration") == WORDPIECE.encode("migration")


def test_long_texts_are_cut_to_what_the_model_reads() -> None:
    ids = WORDPIECE.encode("migration " * 10_000)
    assert len(ids) == MAX_PIECES
    assert ids[1] == ids[-2] != UNKNOWN
    assert ids[-1] == SEP


def test_a_word_without_end_is_one_unknown_piece() -> None:
    assert WORDPIECE.encode("x" * 100_000) == [CLS, UNKNOWN, SEP]


def test_stacked_combining_marks_are_taken_in_stride() -> None:
    marks = "\u0301\u0323" * 500_000
    assert WORDPIECE.encode(f"mig{marks}ration") == WORDPIECE.encode("mig")


def test_a_missing_vocabulary_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        WordPiece.load(tmp_path / "vocab.txt")
    assert raised.value.hint == "reinstall mem0-tui"


def test_a_damaged_vocabulary_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "vocab.txt").write_text("nothing\nspecial\n", encoding="utf-8")
    with pytest.raises(StoreError, match="vocabulary"):
        WordPiece.load(tmp_path / "vocab.txt")
