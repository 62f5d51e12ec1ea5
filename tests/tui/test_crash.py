"""An end that nobody foresaw prints neither memories nor secrets."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from tests.tui.harness import Bench, settle

pytestmark = pytest.mark.anyio

TOKEN = "gh" + "p_Zq7Lm2Xc9Vb4Nn8Kk1Jj6Hh3Gg5Ff0Dd2Ss"


class Unforeseen(Exception):
    """What no test expects."""


async def test_a_crash_shows_no_variable_and_masks_what_was_raised(desk: Bench) -> None:
    app = desk.app()
    told = io.StringIO()
    app.error_console = Console(file=told, width=400)

    def fail() -> None:
        memory = f"a memory with a variable called memory, {TOKEN[:20]}"
        raise Unforeseen(f"it was about {TOKEN}", len(memory))

    async def run() -> None:
        async with app.run_test() as pilot:
            await settle(pilot)
            app.call_later(fail)
            await pilot.pause()

    with pytest.raises(Unforeseen):
        await run()
    app._print_error_renderables()
    assert "Unforeseen" in told.getvalue()
    assert "it was about ghp_…d2Ss" in told.getvalue()
    assert "a variable called memory, gh" not in told.getvalue()
