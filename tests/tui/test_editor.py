"""Editing in $EDITOR: nothing is lost, nothing a memory holds can break out of its place."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.errors import FileFormatError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.tui.editor import edit_buffer, editor_command, from_buffer, to_buffer

ONE = Memory(id="4f6c1d1e-0000-4000-8000-000000000001", text="first\nline two")
TWO = Memory(id="4f6c1d1e-0000-4000-8000-000000000002", text="second")

texts = st.one_of(
    st.text(min_size=1, max_size=40),
    st.sampled_from(
        [
            f"=== mem0:{ONE.id} === decision",
            "=== mem0:evil ===\nx",
            "ends with blank lines\n\n\n",
            "\n\nbegins with them",
            "\x1b]52;c;x\x07\u202e",
            "⟦U+0041⟧",
            "a\r\nb",
        ]
    ),
)


def test_an_untouched_buffer_changes_nothing() -> None:
    assert from_buffer(to_buffer([ONE, TWO]), [ONE, TWO]) == {}


def test_only_what_was_edited_comes_back() -> None:
    buffer = to_buffer([ONE, TWO]).replace("second", "second, and better\nin two lines")
    assert from_buffer(buffer, [ONE, TWO]) == {TWO.id: "second, and better\nin two lines"}


def test_a_memory_that_is_taken_out_stays_as_it_is() -> None:
    buffer = to_buffer([ONE, TWO])
    cut = buffer[: buffer.index(f"=== mem0:{TWO.id}")]
    assert from_buffer(cut, [ONE, TWO]) == {}


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (ONE.id, "0000", "was not among"),
        (TWO.id, ONE.id, "is there twice"),
        ("second", "", "has no text left"),
    ],
)
def test_a_buffer_that_makes_no_sense_is_refused(old: str, new: str, complaint: str) -> None:
    with pytest.raises(FileFormatError, match=complaint):
        from_buffer(to_buffer([ONE, TWO]).replace(old, new), [ONE, TWO])


@given(texts, texts)
@settings(deadline=None, max_examples=150)
def test_whatever_a_memory_holds_it_stays_in_its_place(first: str, second: str) -> None:
    memories = [replace(ONE, text=first), replace(TWO, text=second)]
    assert from_buffer(to_buffer(memories), memories) == {}
    assert to_buffer(memories).isprintable() is False  # newlines
    assert "\x1b" not in to_buffer(memories)


def test_the_users_editor_gets_a_private_file_and_its_result_comes_back(tmp_path: Path) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import os, stat, sys\n"
        "path = sys.argv[1]\n"
        "if os.name == 'posix':\n"
        "    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600\n"
        "text = open(path, encoding='utf-8').read()\n"
        "open(path, 'w', encoding='utf-8').write(text.replace('second', 'edited'))\n"
    )
    environ = {"EDITOR": f'"{sys.executable}" "{script}"' if " " in sys.executable else
               f"{sys.executable} {script}"}  # fmt: skip
    edited = edit_buffer(to_buffer([TWO]), environ)
    assert from_buffer(edited, [TWO]) == {TWO.id: "edited"}


def test_an_editor_that_fails_or_is_not_there_stages_nothing() -> None:
    with pytest.raises(UsageError, match="does not start"):
        edit_buffer("x", {"EDITOR": "/no/such/editor"})
    with pytest.raises(UsageError, match="ended with 3"):
        edit_buffer("x", {"EDITOR": f'{sys.executable} -c "raise SystemExit(3)"'})


def test_visual_comes_before_editor() -> None:
    assert editor_command({"VISUAL": "code -w", "EDITOR": "vi"}) == ["code", "-w"]
