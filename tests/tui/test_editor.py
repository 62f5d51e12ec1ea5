"""Editing in $EDITOR: nothing is lost, nothing a memory holds can break out of its place."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mem0_tui.model.errors import FileFormatError, NoEditorError, UsageError
from mem0_tui.model.memory import Memory
from mem0_tui.tui.buffer import from_buffer, to_buffer, with_reason
from mem0_tui.tui.editor import EditorError, edit_buffer, edit_texts, editor_command

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
        (TWO.id, ONE.id, "appears twice"),
        ("second", "", "has no text left"),
        (f"=== mem0:{TWO.id} ===", f"== mem0:{TWO.id} ==", "not a whole === line"),
        (f"=== mem0:{TWO.id} ===", f"===mem0:{TWO.id}===", "not a whole === line"),
        (f"=== mem0:{TWO.id} ===", f"mem0:{TWO.id} ===", "not a whole === line"),
        (f"=== mem0:{TWO.id} ===", f"# === mem0:{TWO.id} ===", "not a whole === line"),
        (f"=== mem0:{TWO.id} === untyped\n", "", "its text stands in"),
        (f"=== mem0:{ONE.id} === untyped\n", "", "above the first === line"),
        ("# Edit", "typed above everything\n# Edit", "above the first === line"),
        (f"=== mem0:{ONE.id}", f" === mem0:{ONE.id}", "above the first === line"),
        ("second", "sec\udcffond", "UTF-8"),
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


@given(texts, texts)
@settings(deadline=None, max_examples=100)
def test_a_reason_at_the_top_changes_nothing_and_is_replaced_by_the_next(
    first: str, second: str
) -> None:
    memories = [replace(ONE, text=first), replace(TWO, text=second)]
    once = with_reason(to_buffer(memories), FileFormatError("the reason"))
    assert from_buffer(once, memories) == {}
    twice = with_reason(once, FileFormatError("another"))
    assert twice.startswith("# ! another\n")
    assert "the reason" not in twice
    assert from_buffer(twice, memories) == {}


def test_an_id_with_blanks_keeps_its_place() -> None:
    odd = replace(ONE, id="x 1 === y\nz")
    buffer = to_buffer([odd, TWO]).replace("first", "edited")
    assert from_buffer(buffer, [odd, TWO]) == {odd.id: "edited\nline two"}


def test_an_empty_file_changes_nothing() -> None:
    emptied = f'{sys.executable} -c "import sys; open(sys.argv[1], chr(119))"'
    assert edit_texts([ONE, TWO], {"EDITOR": emptied}) == {}


def test_what_an_editor_left_behind_that_failed_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'a').write('typed')\nsys.exit(1)\n")
    with pytest.raises(EditorError, match="ended with 1") as caught:
        edit_texts([ONE], {"EDITOR": f"{sys.executable} {script}"})
    assert caught.value.kept is not None
    assert caught.value.kept.read_text().endswith("typed")
    assert str(caught.value.kept) in caught.value.hint
    script.write_text("import sys\nsys.exit(1)\n")
    with pytest.raises(EditorError, match="ended with 1") as caught:
        edit_texts([ONE], {"EDITOR": f"{sys.executable} {script}"})
    assert caught.value.kept is None
    assert len(list(tmp_path.glob("mem0-tui-*"))) == 1


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


def test_a_variable_that_is_no_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoEditorError) as caught:
        editor_command({"VISUAL": "vim 'x"})
    assert caught.value.message == "VISUAL is not a command: no closing quotation"
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NoEditorError) as caught:
        editor_command({})
    assert caught.value.title != UsageError.title
