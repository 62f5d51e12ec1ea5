"""One memory of the demo set as it is written down here, and the short form it is written in.

A block of text holds many notes, with a blank line between two of them:

    @shop-api              the app of the notes that follow (``@`` alone: none)
    Text of the memory,
    joined to one line.
    < an earlier wording, oldest first; becomes the memory's history
    + age=12 files=a.py,b.py branch=main pinned confidence="0.9"
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from mem0_tui.model.memory import JsonObject


@dataclass(frozen=True, slots=True)
class Note:
    """What is known about a demo memory before it gets an id, dates and the usual metadata."""

    type: str | None
    text: str
    app: str | None = None
    user: str | None = None
    """None: whoever mostly works on the app."""
    age: float | None = None
    """Days before «now»; None: anywhere in the half year."""
    agent: str | None = None
    lane: str | None = None
    """Which lane of the app it is in, see :mod:`mem0_tui.demo.lanes`; then it has no user."""
    session: str | None = None
    """Names a session; equal names get the same session id."""
    run: bool = False
    """Whether the session is also the memory's run."""
    expires: int | None = None
    """Days from its creation to its expiry."""
    immutable: bool = False
    key: str | None = None
    """A name by which ``superseded_by`` of another note refers to this one."""
    superseded_by: str | None = None
    categories: tuple[str, ...] | None = None
    """None: as the type suggests."""
    metadata: JsonObject | None = None
    """The whole metadata where it is unlike what the plugin writes; None: as the type suggests."""
    extra: JsonObject = field(default_factory=dict)
    """Metadata on top of the usual."""
    earlier: tuple[str, ...] = ()
    raw_metadata: object = None
    """Metadata that is no JSON object, as a faulty client sends it; seen in ``raw`` only."""


def notes(type_: str | None, block: str) -> tuple[Note, ...]:
    """The notes of one type that *block* holds, in the form that the module describes."""
    return tuple(_read(type_, block))


def _read(type_: str | None, block: str) -> Iterator[Note]:
    app: str | None = None
    for paragraph in block.strip().split("\n\n"):
        lines = paragraph.splitlines()
        if lines[0].startswith("@"):
            app = lines.pop(0)[1:].strip() or None
        text = " ".join(line.strip() for line in lines if line[0] not in "<+")
        earlier = tuple(line[1:].strip() for line in lines if line[0] == "<")
        words = shlex.split(" ".join(line[1:] for line in lines if line[0] == "+"), posix=False)
        yield _with_attributes(type_, text, app, earlier, words)


def _with_attributes(
    type_: str | None, text: str, app: str | None, earlier: tuple[str, ...], words: list[str]
) -> Note:
    given = dict(word.partition("=")[::2] for word in words)
    extra: dict[str, object] = {}
    if "files" in given:
        extra["files"] = given["files"].split(",")
    if "dirs" in given:
        extra["dirs"] = given["dirs"].split(",")
    for name in ("branch", "source", "author", "project_id", "project"):
        if name in given:
            extra[name] = given[name]
    if "pinned" in given:
        extra["pinned"] = True
    if "confidence" in given:
        written = given["confidence"]
        extra["confidence"] = written.strip('"') if written.startswith('"') else float(written)
    return Note(
        type_,
        text,
        app,
        user=given.get("user"),
        age=float(given["age"]) if "age" in given else None,
        agent=given.get("agent"),
        lane=given.get("lane"),
        session=given.get("session"),
        expires=int(given["expires"]) if "expires" in given else None,
        immutable="immutable" in given,
        key=given.get("key"),
        superseded_by=given.get("by"),
        categories=tuple(given["categories"].split(",")) if "categories" in given else None,
        extra=extra,
        earlier=earlier,
    )
