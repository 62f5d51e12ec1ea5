"""No place of the screen shows a secret whole, until a key asks for the one under the cursor."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.model.change import Add, Delete, Edit, Update
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.tui.app import Mem0App
from mem0_tui.tui.modals.edit_memory import EditMemory
from mem0_tui.tui.modals.final_word import FinalWord
from mem0_tui.tui.modals.plan_view import PlanView
from mem0_tui.tui.screens.trash import TrashScreen
from mem0_tui.tui.widgets.memory_detail import ListedMemory
from tests.tui.harness import SIZE, Bench, browse, find, notices, press, settle, text_of

pytestmark = pytest.mark.anyio

TOKEN = "gh" + "p_Qr78Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56"
OLD = "gh" + "p_Zz11Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op99"
PASSWORD = "Ofen-Kartoffel77"
METADATA = "Fjord!Lachs5"
URL = "postgres://app:Xk9vv2pLm@db/orders"
WHOLE = (TOKEN, OLD, PASSWORD, METADATA, "Xk9vv2pLm")
SCOPE = Scope(user_id="kim", app_id="shop-api")


async def leak(desk: Bench) -> str:
    """Store memories with secrets in text, metadata and history; returns the first one's id."""
    drafts = [
        Draft(f"zebra CI pushes with {OLD}", SCOPE, {"password": METADATA, "type": "decision"}),
        Draft(f"zebra: the password of the staging box is {PASSWORD}", SCOPE, {}),
        Draft(f"zebra orders live in {URL}", SCOPE, {}),
    ]
    report = await desk.curator.apply(await desk.curator.plan([Add(draft) for draft in drafts]))
    first = report.items[0].added_id
    assert first is not None
    edit = Update(first, Edit(text=f"zebra CI pushes with {TOKEN}"))
    await desk.curator.apply(await desk.curator.plan([edit]))
    return first


def everything(folder: Path) -> bytes:
    """What all files in *folder* hold."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def leaks(app: Mem0App) -> list[str]:
    """The secrets that the terminal shows."""
    shown = text_of(app) + notices(app) + str(app.title)
    return [each for each in WHOLE if each in shown or (len(each) > 30 and each[9:-9] in shown)]


async def test_a_redaction_takes_a_word_and_leaves_nothing(desk: Bench, tmp_path: Path) -> None:
    first = await leak(desk)
    memory = await desk.curator.get(first)
    app = desk.app()
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        (change,) = [item.change for item in (await desk.curator.plan_redaction([memory])).items]
        browse(app).session.triage.restage([(change, [memory])])
        await press(pilot, "a")
        assert isinstance(app.screen, PlanView)
        assert "cannot be undone here" in text_of(app)
        await press(pilot, "y")
        assert isinstance(app.screen, FinalWord)
        await press(pilot, *"delete", "enter")
        assert isinstance(app.screen, FinalWord), "that is not the word"
        await press(pilot, *["backspace"] * 6, *"redact", "enter")
        await settle(pilot)
        assert "no file of ours holds the secrets any more" in notices(app)
    now = await desk.curator.get(first)
    assert now.text == "zebra CI pushes with [GitHub token removed]"
    assert now.metadata["password"] == "[password removed]"
    held = everything(tmp_path)
    assert not [each for each in (TOKEN, OLD, METADATA) if each.encode() in held]


async def test_nothing_on_the_screen_shows_a_secret(desk: Bench) -> None:
    first = await leak(desk)
    app = desk.app()
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        await find(pilot, "zebra")
        for _ in range(3):  # the list, and each in full with its metadata, history and neighbours
            await press(pilot, "3")
            assert leaks(app) == []
            assert "zebra" in text_of(app)
            await press(pilot, "2", "down")
        assert "ghp_…Op56" in text_of(app)
        await press(pilot, "home", "P", "d", "a")
        assert isinstance(app.screen, PlanView)
        assert "zebra" in text_of(app)
        assert leaks(app) == []
        await press(pilot, "escape", "at", "escape", "l")
        assert leaks(app) == []
        await press(pilot, "ctrl+p", *"zebra")
        assert leaks(app) == []
    await desk.curator.apply(await desk.curator.plan([Delete(first)]))
    app = desk.app()
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        await press(pilot, "T")
        assert isinstance(app.screen, TrashScreen)
        assert "ghp_…Op56" in text_of(app)
        assert leaks(app) == []


async def test_a_key_shows_one_until_the_cursor_moves(desk: Bench) -> None:
    await leak(desk)
    app = desk.app()
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        await find(pilot, "zebra staging")
        assert "S shows it" in text_of(app)
        await press(pilot, "S")
        assert PASSWORD in text_of(app)
        await press(pilot, "S")
        assert leaks(app) == []
        await press(pilot, "S")
        assert PASSWORD in text_of(app)
        await find(pilot, "zebra")
        await press(pilot, "down", "up", "home")
        assert leaks(app) == []


async def test_what_is_copied_is_what_is_shown(desk: Bench) -> None:
    await leak(desk)
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await find(pilot, "zebra staging")
        await press(pilot, "y")
        assert PASSWORD not in app.clipboard
        assert "masked" in notices(app)
        await press(pilot, "S", "y")
        assert PASSWORD in app.clipboard


async def test_editing_shows_the_real_text_and_says_so(desk: Bench) -> None:
    await leak(desk)
    app = desk.app()
    async with app.run_test(size=(140, 50)) as pilot:
        await settle(pilot)
        await find(pilot, "zebra staging")
        await press(pilot, "e")
        assert isinstance(app.screen, EditMemory)
        shown = text_of(app)
        assert "the fields show it whole" in shown
        assert shown.count(PASSWORD) == 1


async def test_where_no_secret_is_known_the_key_says_so(desk: Bench) -> None:
    app = desk.app()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await press(pilot, "2", "S")
        detail = browse(app).query_one(ListedMemory)
        assert detail.display
        assert "no secret is known" in notices(app)
