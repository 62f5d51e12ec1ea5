"""A memory has one name: on the screen, in a list and on its own page."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest

from mem0_tui.cli.rendering.memories import memory_page, memory_table
from mem0_tui.cli.rendering.output import Output
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Memory
from mem0_tui.presenting.memory import flags, headline, signed_headline, type_name
from mem0_tui.tui.render import row_text

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)


def printed(memory: Memory) -> str:
    output = Output(io.StringIO(), io.StringIO(), width=100)
    return memory_table(output, [memory], NOW)[-1]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Use RS256.", "Use RS256."),
        ("[PINNED] Use RS256.", "Use RS256."),
        (" \n[PINNED]  Use RS256.", "Use RS256."),
        ("", "(blank)"),
        (" \n\t", "(blank)"),
        ("[PINNED] ", "(blank)"),
        ("about [PINNED]", "about [PINNED]"),
        ("two\nlines", "two ⏎ lines"),
        ("\x1b[31mred", "␛[31mred"),
    ],
)
def test_lists_show_the_same_of_a_text(text: str, shown: str) -> None:
    memory = Memory("0" * 8, text)
    assert headline(text) == shown
    assert row_text(100, text, None, "", pinned=memory.pinned).headline.rstrip() == shown
    assert printed(memory).endswith(f"  {shown}")


def test_a_pinned_memory_has_its_sign_and_not_its_prefix() -> None:
    memory = Memory("0" * 8, "[PINNED] Use RS256.")
    assert signed_headline(memory) == "⚑ Use RS256."
    row = row_text(60, memory.text, None, "", pinned=memory.pinned)
    assert (row.pin + row.headline).rstrip() == "⚑ Use RS256."


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(None, "untyped"), ("decision", "decision"), ("trap ", '"trap "'), ("a\nb", "a ⏎ b")],
)
def test_lists_name_a_kind_alike(kind: str | None, shown: str) -> None:
    assert type_name(kind) == shown
    assert row_text(120, "text", kind, "").kind.rstrip() == shown
    assert f" {shown} " in printed(Memory("0" * 8, "text", metadata={"type": kind}))


def test_kinds_of_the_plugin_have_a_short_name() -> None:
    assert type_name("anti_pattern", short=True) == "anti-pat"
    assert type_name("mine", short=True) == "mine"


def test_a_page_says_what_is_special_in_the_words_of_the_screen() -> None:
    memory = Memory(
        "0" * 8,
        "[PINNED] text",
        expires_on=date(2026, 6, 14),
        immutable=True,
        synthesized=True,
        replaced_by="1" * 8,
    )
    said = flags(memory, NOW.date())
    assert said == (
        "⚑ pinned", "immutable", "synthesized by the server", "superseded", "expired",
    )  # fmt: skip
    output = Output(io.StringIO(), io.StringIO(), width=100)
    page = memory_page(output, memory, NOW)
    assert page[0].endswith(" · ".join(said))
    assert any("no entity: " in line for line in page)
    assert flags(Memory("0", "text", Scope(user_id="kim")), NOW.date()) == ()
