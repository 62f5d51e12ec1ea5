"""How a row of a queue is laid out, whatever its width."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from mem0_tui.detect.suspicion import Tier
from mem0_tui.model.memory import Memory
from mem0_tui.review.queues.rows import QueueRow, arranged
from mem0_tui.tui.render import GUTTER_CELLS
from mem0_tui.tui.widgets.queue_row import QueueRowText, queue_row_text
from tests.review.queues.items import group, noise

MEMORY = Memory(id="a", text="Deploys happen on Tuesdays only.", metadata={"type": "decision"})
FIRST, SECOND = arranged([group("b", "a")])
(ALONE,) = arranged([noise("a", "a heartbeat, written every five minutes")])
(LOOK,) = arranged([noise("a", "a probe", Tier.LOOK)])


def line(row: QueueRowText) -> str:
    return row.kind + row.lead + "".join(text for text, _ in row.text) + row.reason


@pytest.mark.parametrize("width", [20, 40, 58, 60, 78, 84, 120, 218])
@pytest.mark.parametrize("why", [FIRST, SECOND, ALONE, LOOK])
@pytest.mark.parametrize("pinned", [False, True])
def test_a_row_fills_its_width_with_text_and_reason(
    width: int, why: QueueRow, pinned: bool
) -> None:
    memory = Memory(id="a", text=MEMORY.text, metadata={"pinned": pinned})
    row = queue_row_text(width, memory, why, tail=6)
    assert cell_len(line(row)) == width - GUTTER_CELLS - 6
    assert "Deploys"[: 4 if width > 30 else 1] in line(row)


def test_the_rows_of_a_group_hang_together_and_say_what_becomes_of_each() -> None:
    first, second = (queue_row_text(78, MEMORY, why, tail=6) for why in (FIRST, SECOND))
    assert (first.lead, second.lead) == ("▾ ", "└ ")
    assert first.reason.strip() == "they say the same"
    assert second.reason.strip() == "→ delete"


def test_what_is_only_worth_a_look_has_a_question_mark() -> None:
    assert queue_row_text(78, MEMORY, LOOK).reason.strip() == "? a probe"
    assert queue_row_text(78, MEMORY, ALONE).lead == ""


def test_the_kind_is_named_where_there_is_room() -> None:
    assert queue_row_text(83, MEMORY, ALONE).kind == ""
    assert queue_row_text(84, MEMORY, ALONE).kind == "decision "
