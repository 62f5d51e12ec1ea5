"""The screen of ``--demo``: the user's theme and keys, and not a byte of it left behind."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from mem0_tui.cli.composition.chosen import settings_of
from mem0_tui.cli.composition.screen_parts import make_parts
from mem0_tui.cli.rendering.output import Output
from mem0_tui.settings.locations import locations
from mem0_tui.tui.app import Mem0App
from tests.tui.harness import SIZE, browse, find, notices, press, settle, text_of

pytestmark = pytest.mark.anyio


def demo() -> Mem0App:
    """The app as ``mem0-tui --demo`` opens it."""
    settings = settings_of(Namespace(demo=True, output=Output()))
    # No embeddings are made: that is the work of another process, and long.
    return Mem0App(replace(make_parts(settings), started=None))


def configure(text: str) -> None:
    file = locations(os.environ).settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def files() -> Mapping[Path, bytes]:
    """All that is in the user's own folders, without the demo's."""
    places = locations(os.environ)
    return {
        path: path.read_bytes()
        for folder in (places.config, places.data, places.state, places.cache)
        for path in folder.rglob("*")
        if path.is_file() and not path.is_relative_to(places.demo)
    }


async def test_the_users_keys_and_theme_hold_and_nothing_of_the_users_is_written() -> None:
    configure('theme = "mem0-light"\n[keys]\n"memory.delete" = "delete"\n"plan.open" = "f9"\n')
    before = files()
    app = demo()
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert app.theme == "mem0-light"
        count = int(text_of(app).split(" of ")[1].split()[0])
        await press(pilot, "d")
        assert not len(browse(app).session.triage.staging), "d is nobody's key any more"
        await press(pilot, "delete", "f9", "y")
        assert f"of {count - 1}" in text_of(app)
        await press(pilot, "ctrl+t")
        assert app.theme != "mem0-light"
        await find(pilot, "type:decision")
        await press(pilot, "colon", *"save", "space", *"Mine", "enter")
        assert "Mine" in text_of(app)
    assert files() == before
    again = demo()
    async with again.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert again.theme == "mem0-light"


async def test_keys_that_make_no_sense_are_told_and_the_usual_ones_hold() -> None:
    configure('[keys]\n"memory.delte" = "delete"\n')
    app = demo()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "your own keys are left out" in text_of(app)
        await press(pilot, "d")
        assert len(browse(app).session.triage.staging) == 1


async def test_what_lost_its_key_to_one_of_the_users_is_told_once() -> None:
    configure('[keys]\n"memory.copy" = "z"\n')
    app = demo()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "queue.snooze has no key" in notices(app)
        assert ":queue.snooze does it" in notices(app)
    again = demo()
    async with again.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert "queue.snooze" not in notices(again)


async def test_a_file_that_cannot_be_read_is_told() -> None:
    configure("theme = \n")
    app = demo()
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await settle(pilot)
        assert app.theme == "mem0-dark"
        assert "your own theme and keys are left out" in text_of(app)
