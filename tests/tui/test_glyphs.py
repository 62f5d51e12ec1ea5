"""ASCII drawing, for terminals and locales that know nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mem0_tui.model.memory import Draft
from mem0_tui.model.text import one_line
from mem0_tui.presenting.ascii import ascii_wanted
from mem0_tui.tui.plain_signs import to_ascii
from tests.tui.harness import Bench, press, settle, text_of


@pytest.mark.parametrize(
    ("environ", "encoding", "wanted"),
    [
        ({}, "utf-8", False),
        ({}, "UTF8", False),
        ({}, "cp65001", False),
        ({}, "ISO-8859-1", True),
        ({}, "ANSI_X3.4-1968", True),
        ({}, None, True),
        ({}, "no-such-encoding", True),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "POSIX"}, "utf-8", True),
        ({"LANG": "C", "LC_CTYPE": "en_GB.UTF-8"}, "utf-8", False),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8", False),
        ({"LANG": "C", "MEM0_TUI_ASCII": "0"}, "utf-8", False),
        ({"MEM0_TUI_ASCII": "1"}, "utf-8", True),
        ({"MEM0_TUI_ASCII": "0"}, "latin-1", False),
        ({"MEM0_TUI_ASCII": ""}, "utf-8", False),
    ],
)
def test_the_locale_decides_unless_the_variable_does(
    environ: dict[str, str], encoding: str | None, wanted: bool
) -> None:
    assert ascii_wanted(environ, encoding) is wanted


@settings(deadline=None, max_examples=200)
@given(st.text(st.one_of(st.characters(), st.sampled_from("👩🚀\u200d\ufe0f☀ 会é…│"))))
def test_what_comes_out_is_ascii_and_as_wide_as_before(text: str) -> None:
    shown = one_line(text)
    plain = to_ascii(shown)
    assert plain.isascii()
    assert cell_len(plain) == cell_len(shown)


@pytest.mark.anyio
async def test_nothing_but_ascii_reaches_an_ascii_terminal(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.store.add_many([Draft("会话 naïve ✓ 👩‍🚀 done")])
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    app = desk.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "space", "d", "question_mark")
        written = "\n".join(
            "".join(segment.text for segment in strip)
            for strip in app.screen._compositor.render_strips()
        )
        assert text_of(app).isascii()
        assert written.isascii()
        await press(pilot, "escape")
        assert "na?ve v" in text_of(app)


@pytest.mark.anyio
async def test_no_color_leaves_letters_and_signs_to_tell_things_apart(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    app = desk.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        await press(pilot, "d", "down", "space")
        rows = text_of(app).splitlines()
        assert any(re.search(r"│ D \w+ ", row) for row in rows)
        assert any(re.search(r"│●  \w+ ", row) for row in rows)
        colours = {
            colour
            for strip in app.screen._compositor.render_strips()
            for segment in strip
            if segment.style is not None
            for style_colour in (segment.style.color, segment.style.bgcolor)
            if style_colour is not None and (colour := style_colour.triplet) is not None
        }
        assert all(max(each) - min(each) <= 2 for each in colours)


@pytest.mark.anyio
async def test_every_theme_draws_the_main_screen(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        seen = {app.theme}
        for _ in range(3):
            await press(pilot, "ctrl+t")
            seen.add(app.theme)
            assert "decision" in text_of(app)
        await press(pilot, "ctrl+t")
        assert app.theme in seen
        assert seen == {"mem0-dark", "mem0-light", "mem0-contrast", "ansi-dark"}


@pytest.mark.anyio
async def test_keys_are_spelt_out_where_their_signs_cannot_be_drawn(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEM0_TUI_ASCII", "1")
    app = desk.app()
    async with app.run_test(size=(140, 30)) as pilot:
        await settle(pilot)
        assert "Space mark" in text_of(app).splitlines()[-1]
        await press(pilot, "x")
        assert "Enter accept" in text_of(app)
        await press(pilot, "escape", "slash")
        assert "Up earlier Enter to the list" in text_of(app).splitlines()[-1]
        await press(pilot, "escape", "question_mark", *"one row down")
        assert "Down j" in text_of(app)
