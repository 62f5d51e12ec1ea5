"""What Codex did with a memory, and a turn of a session, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from mem0_tui.model.counting import plural
from mem0_tui.model.text import one_line, visible
from mem0_tui.presenting.age import age, when
from mem0_tui.presenting.masking import MASKED, Masking
from mem0_tui.presenting.memory import headline
from mem0_tui.presenting.signs import MISSING
from mem0_tui.presenting.spans import Line, line

if TYPE_CHECKING:
    from mem0_tui.evidence.origin import Origin
    from mem0_tui.evidence.sessions import CodexSession, SessionTurn
    from mem0_tui.evidence.transcript import TurnText
    from mem0_tui.evidence.use import Use
    from mem0_tui.model.memory import Memory

_STEPS: Final = {"prompt": "asked", "answer": "said", "command": "ran", "file": "changed"}
_WORDS: Final = {1: "given", 2: "fetched", 3: "stored", 4: "changed", 5: "deleted", 6: "cited"}
"""What happened to a memory, by :class:`~mem0_tui.evidence.event.Kind`."""
_MOST_LINES = 200
"""Lines of one text that are shown."""


def use_facts(use: Use, now: datetime) -> list[tuple[str, str]]:
    """Names and values: how often it was given, when last, in how many sessions, and so on."""
    facts = [("given", _given(use, now))]
    if use.cited:
        facts.append(("cited", f"{use.cited}×, by answers that name it"))
    if use.fetched:
        facts.append(("looked up", f"{use.fetched}× without the model being shown it"))
    if use.written is not None:
        facts.append(("stored by", f"session {use.written.session} · {when(use.written.at, now)}"))
    return facts


class UseSign(NamedTuple):
    """What a row has room for."""

    times: str
    """How often it was given, in at most four cells: ``12×``, ``999+``, ``–`` where unknown."""
    age: str
    """How long ago that was last, in at most four cells; blank where it was not."""


def use_sign(use: Use, now: datetime) -> UseSign:
    """*use* for a row of a list."""
    if use.given is None:
        return UseSign(MISSING, "")
    count = f"{use.given}×" if use.given < 1000 else "999+"
    return UseSign(count, age(use.last, now) if use.last is not None else "")


def _given(use: Use, now: datetime) -> str:
    if use.given is None:
        return f"not recorded: {one_line(use.reason)}"
    if not use.given:
        return "never, and all its life is recorded"
    parts = [f"{use.given}×", f"last {when(use.last, now)}", plural(len(use.sessions), "session")]
    if use.best_rank is not None:
        parts.append(f"best rank {use.best_rank}")
    if use.likely:
        parts.append(f"{use.likely} by its text alone, so likely")
    if use.reason:
        parts.append(f"at least: {one_line(use.reason)}")
    return " · ".join(parts)


def met_in(session: CodexSession, turn: SessionTurn) -> list[tuple[str, str]]:
    """What happened to which memories in *turn*: a word and the memory's id, or the beginning of
    it where no more is known."""
    rows = sorted((row for row in session.rows if row.turn == turn.id), key=lambda r: r.at)
    met = ((_WORDS[row.kind], row.key) for row in rows if not row.key.startswith("="))
    return list(dict.fromkeys((word, key.lstrip("~").split("/")[0]) for word, key in met))


def origin_lines(
    origin: Origin,
    turn: SessionTurn | None,
    text: TurnText | None,
    met: Sequence[tuple[str, str, Memory | None]],
    now: datetime,
    masking: Masking = MASKED,
) -> Iterator[Line]:
    """A turn of the session of *origin*; *met* says what happened to which memories in it."""
    session = origin.session
    yield line((f"{origin.how[0].upper()}{one_line(origin.how[1:])}.", "muted"))
    if session is None:
        return
    yield line(("session ", "key"), (session.id, "id"), (_said_of(origin), "muted"), indent=8)
    where = " · ".join(filter(None, (session.folder, session.branch)))
    yield line(("in      ", "key"), one_line(where) or "an unknown folder", indent=8)
    if turn is None:
        yield line((f"No turn of it can be shown: its file is {session.state}.", "warning"))
        return
    place = f"turn {origin.turns.index(turn) + 1} of {len(origin.turns)}"
    yield line((f"{place}, {when(turn.at, now)}", "title"))
    yield line()
    if text is None or text.problem:
        yield line((f"Not readable: {one_line(text.problem if text else '')}", "warning"))
        return
    for step in text.steps:
        if step.kind == "skipped":
            yield line((f"        … {one_line(step.text)} are left out here …", "muted"))
        elif step.kind in _STEPS:
            yield from _step(_STEPS[step.kind], step.text, step.cut, masking)
    if text.more or text.left_out:
        yield line(("… there is more in the file", "muted"))
    if met:
        yield line()
    for word, memory_id, memory in met:
        said = headline(memory.text, masking) if memory is not None else "(not among these)"
        yield line((f"{word:<8}", "key"), (f"{memory_id[:8]} ", "id"), one_line(said), indent=8)


def _said_of(origin: Origin) -> str:
    session = origin.session
    assert session is not None
    notes = [f"subagent {one_line(session.agent)}" if session.parent else ""]
    notes += [f"forked from {session.forked_from}" if session.forked_from else ""]
    notes += ["" if session.state == "there" else session.state]
    return "".join(f" · {note}" for note in notes if note)


def _step(label: str, text: str, cut: bool, masking: Masking) -> Iterator[Line]:
    lines = visible(masking.text(text.strip())).split("\n")
    for at, each in enumerate(lines[:_MOST_LINES]):
        yield line((f"{'' if at else label:<8}", "key"), each, indent=8)
    if cut or len(lines) > _MOST_LINES:
        yield line(("        …", "muted"))
