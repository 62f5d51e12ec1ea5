"""What became of a memory on two sides since they last said the same."""

from __future__ import annotations

import pytest

from mem0_tui.curator.backup.comparing import NEVER, Agreed, SideState, ThreeWay, state_of

OLD, NEW, OTHER = "old", "new", "other"


@pytest.mark.parametrize(
    ("ours", "theirs", "agreed", "state"),
    [
        (OLD, OLD, Agreed(OLD, OLD), SideState.SAME),
        (NEW, NEW, Agreed(OLD, OLD), SideState.SAME),
        (NEW, OLD, Agreed(OLD, OLD), SideState.OURS),
        ("", OLD, Agreed(OLD, OLD), SideState.OURS),
        (NEW, "", NEVER, SideState.OURS),
        (OLD, NEW, Agreed(OLD, OLD), SideState.THEIRS),
        (OLD, "", Agreed(OLD, OLD), SideState.THEIRS),
        ("", NEW, NEVER, SideState.THEIRS),
        (NEW, OTHER, Agreed(OLD, OLD), SideState.BOTH),
        (NEW, "", Agreed(OLD, OLD), SideState.BOTH),
        ("", NEW, Agreed(OLD, OLD), SideState.BOTH),
        # after a merge the store dates a memory otherwise than the file does
        (NEW, OTHER, Agreed(NEW, OTHER), SideState.SAME),
        (OLD, OTHER, Agreed(NEW, OTHER), SideState.OURS),
        (NEW, OLD, Agreed(NEW, OTHER), SideState.THEIRS),
        # without an earlier state nothing counts as deleted
        ("", OLD, None, SideState.THEIRS),
        (OLD, "", None, SideState.OURS),
        (OLD, NEW, None, SideState.BOTH),
        (OLD, OLD, None, SideState.SAME),
    ],
)
def test_a_memory_stands(ours: str, theirs: str, agreed: Agreed | None, state: SideState) -> None:
    assert state_of(ours, theirs, agreed) is state


def test_only_what_is_settled_is_agreed_on() -> None:
    ours = {"same": OLD, "ours": NEW, "theirs": OLD, "both": NEW}
    theirs = {"same": OLD, "ours": OLD, "theirs": NEW, "both": OTHER, "gone": OLD}
    base = dict.fromkeys(("same", "ours", "theirs", "both", "gone"), Agreed(OLD, OLD))
    comparison = ThreeWay(ours, theirs, base)
    kept = dict.fromkeys(("theirs", "both"), Agreed(OLD, OLD))
    assert comparison.agreed(written=True) == {
        "same": Agreed(OLD, OLD),
        "ours": Agreed(NEW, NEW),
        **kept,
    }
    unwritten = comparison.agreed(written=False, ours_wins=frozenset({"both"}))
    assert unwritten["ours"] == unwritten["gone"] == Agreed(OLD, OLD)
    assert state_of(NEW, OTHER, unwritten["both"]) is SideState.OURS


def test_of_a_damaged_memory_nothing_is_said() -> None:
    base = {"a": Agreed(OLD, OLD)}
    comparison = ThreeWay({}, {"a": OLD}, base, unread=frozenset({"a"}))
    assert comparison.state("a") is SideState.SAME
    assert comparison.agreed(written=True) == base
