"""What a memory holds never reaches the terminal as anything but text, wherever it is shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.widgets import Input, TextArea

from mem0_tui.demo.generator import DEMO_NOW
from mem0_tui.demo.hostile import _TEXTS
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft, Memory
from mem0_tui.tui.app import Mem0App
from tests.tui.harness import SIZE, Bench, bench, browse, find, press, settle, text_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

_BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
METADATA = {"type": "[red]\x1b[31m", "\x1b]0;x\x07": "\u202eevil", "nested": {"[b]": ["\x9b"]}}


@pytest.fixture
def hostile(tmp_path: Path) -> Iterator[Bench]:
    with bench(tmp_path, count=0) as desk:
        yield desk


EDITED = (
    "escape clipboard", "control c0", "control c1", "carriage return", "bidi override",
    "invisible", "wide", "crlf",
)  # fmt: skip


async def fill(desk: Bench, names: Sequence[str] = tuple(_TEXTS)) -> list[Memory]:
    """Hostile texts, with hostile metadata and names."""
    memories = [
        Memory(
            id=f"4f6c1d1e-0000-4000-8000-{number:012d}",
            text=_TEXTS[name],
            scope=Scope(user_id="ki\x1b[2Jm", app_id="[b]app\u202e[/b]"),
            metadata=METADATA if number % 2 else {},
            categories=("\x1b[31m",),
            created_at=DEMO_NOW,
            updated_at=DEMO_NOW,
        )
        for number, name in enumerate(names)
    ]
    await desk.store.restore(memories)
    return memories


def offences(app: Mem0App) -> set[str]:
    """The characters on the screen that a terminal would obey, and lines of a wrong width."""
    width, height = app.size
    found: set[str] = set()
    for strip in app.screen._compositor.render_strips()[:height]:
        text = strip.text
        found |= {f"U+{ord(c):04X}" for c in text if unicodedata.category(c) == "Cc" or c in _BIDI}
        alone = len(app.screen_stack) == 1  # a modal's edge may cut a wide sign below it in two
        if alone and (cell_len(text) != width or strip.cell_length != width):
            found.add(f"{cell_len(text)} cells: {text[:60]!r}")
    return found


@pytest.mark.parametrize("size", [(60, 20), (130, 40)])
async def test_list_detail_and_tree_show_nothing_that_a_terminal_obeys(
    hostile: Bench, size: tuple[int, int]
) -> None:
    memories = await fill(hostile)
    app = hostile.app()
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        if size[0] < 80:
            await press(pilot, "1")
            assert not offences(app)
            await press(pilot, "2")
        for _ in memories:
            await press(pilot, "j")
            assert not offences(app)
        await press(pilot, "asterisk", "d", "a")
        for _ in memories[::4]:
            await press(pilot, "j")
            assert not offences(app)
        await press(pilot, "y", "T")
        for _ in memories[:4]:
            await press(pilot, "j")
            assert not offences(app)


async def test_emoji_take_as_many_cells_as_a_terminal_gives_their_parts(hostile: Bench) -> None:
    await hostile.store.add_many(
        [
            Draft(
                "👩🏽\u200d💻 ⚠\ufe0f never ❤\ufe0f 1\ufe0f\u20e3 🏳\ufe0f\u200d🌈",
                metadata={"type": "👍🏽"},
            )
        ]
    )
    app = hostile.app()
    async with app.run_test(size=(130, 40)) as pilot:
        await settle(pilot)
        for key in ("2", "e"):
            await press(pilot, key)
            for row in text_of(app).splitlines():
                assert sum(map(cell_len, row)) == cell_len(row) == 130
            assert not set(text_of(app)) & set("🏽\u200d\ufe0f")


async def test_editing_hides_nothing_and_gives_back_every_byte(hostile: Bench) -> None:
    memories = await fill(hostile, EDITED)
    app = hostile.app()
    async with app.run_test(size=(130, 40)) as pilot:
        await settle(pilot)
        seen = set()
        for _ in memories:
            memory = browse(app).memories.current
            assert memory is not None
            seen.add(memory.id)
            await press(pilot, "e")
            assert not offences(app)
            await press(pilot, "escape")
            assert app.screen is browse(app), f"unchanged, yet asked about: {memory.text[:40]!r}"
            await press(pilot, "e")
            area = app.screen.query_one("#edit-text", TextArea)
            area.text = f"{area.text}!"
            await press(pilot, "ctrl+s", "j")
        assert len(seen) == len(memories)
        await press(pilot, "a")
        assert not offences(app)
        await press(pilot, "y")
        for memory in memories:
            after = await hostile.backend.get(memory.id)
            assert after.text == f"{memory.text}!"
            assert dict(after.metadata) == dict(memory.metadata)
            assert after.scope == memory.scope


async def test_searching_for_markup_finds_it_as_text(hostile: Bench) -> None:
    await fill(hostile)
    app = hostile.app()
    async with app.run_test(size=(130, 40)) as pilot:
        await settle(pilot)
        await press(pilot, "slash", "left_square_bracket", "b", "right_square_bracket", "enter")
        memory = browse(app).memories.current
        assert memory is not None
        assert memory.text == _TEXTS["markup bold"]
        assert not offences(app)


@pytest.mark.parametrize("kind", [["a", "b"], {"x": 1}, 5, None, True, ""])
async def test_a_type_that_is_no_name_is_shown_and_kept(hostile: Bench, kind: object) -> None:
    await hostile.store.add_many([Draft("odd", metadata={"type": kind, "branch": "main"})])
    app = hostile.app()
    async with app.run_test(size=(130, 40)) as pilot:
        await settle(pilot)
        detail = text_of(app).split("metadata")[-1]
        assert any("type" in row and "untyped" not in row for row in detail.splitlines())
        await press(pilot, "e")
        assert '"type": ' in app.screen.query_one("#edit-metadata", TextArea).text
        await press(pilot, "escape")
        assert app.screen is browse(app), "unchanged, yet asked about"
        await press(pilot, "e")
        app.screen.query_one("#edit-text", TextArea).text = "even"
        await press(pilot, "ctrl+s", "a", "y")
        memory = browse(app).memories.current
        assert memory is not None
        assert (memory.text, memory.metadata) == ("even", {"type": kind, "branch": "main"})
        await press(pilot, "e")
        app.screen.query_one("#edit-type", Input).value = "decision"
        app.screen.query_one("#edit-metadata", TextArea).text = '{"branch": "main"}'
        await press(pilot, "ctrl+s", "a", "y")
        memory = browse(app).memories.current
        assert memory is not None
        assert memory.type == "decision"


async def test_a_text_that_is_not_what_was_stored_is_called_damaged(desk: Bench) -> None:
    kept = await desk.backend.add(Draft("as it was stored", Scope(user_id="kim")))
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{kept.id}")
        assert "this text is not what was stored" not in text_of(app)
    flip = "UPDATE memories SET text = 'bs it was stored' WHERE id = ?"
    desk.store.database.write(lambda c: c.execute(flip, (kept.id,))).result()
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, f"id:{kept.id}")
        assert "! damaged: this text is not what was stored" in text_of(app)
