"""Takes handlers out of a hooks.json together with their records of trust in config.toml.

Codex keeps trust by position: without the records being moved too, what stands behind a removed
handler would no longer be trusted, or worse, stand where another one was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from mem0_tui.codex.facts.hook_rules import snake
from mem0_tui.codex.files.json_doc import load_json
from mem0_tui.codex.files.spot import table
from mem0_tui.codex.fixes.json_edit import drop_handlers, edit_json
from mem0_tui.codex.fixes.toml_edit import Change, edit_toml, remove_key
from mem0_tui.codex.report import FileEdit

Place = tuple[str, int, int]
"""Event, group and position of a handler."""


def drop_with_trust(
    path: str, config: str, source: str, places: Sequence[Place], states: Mapping[str, object]
) -> list[FileEdit]:
    """The edits of *path* and of *config*.

    Args:
        source: what keys of trust begin with for handlers of *path*.
        places: the handlers that go.
        states: the records of trust, by key, as they are now.
    """
    moved = dict(_moves(table(load_json(path).table.get("hooks")), set(places)))
    gone = [key for place in places if (key := _key(source, place)) in states]
    renamed = [
        (_key(source, old), _key(source, new))
        for old, new in moved.items()
        if old != new and _key(source, old) in states
    ]
    edits = edit_json(path, drop_handlers(list(places)))
    if not edits or not (gone or renamed):
        return edits
    changes = [remove_key(("hooks", "state", key)) for key in gone]
    return [*edits, *edit_toml(config, *changes, *(_renamed(*pair) for pair in renamed))]


def _key(source: str, place: Place) -> str:
    event, group, position = place
    return f"{source}:{snake(event)}:{group}:{position}"


def _moves(hooks: Mapping[str, object], gone: set[Place]) -> Iterator[tuple[Place, Place]]:
    """Where each handler that stays is, and where it comes to be; in the order of the file."""
    for event, groups in hooks.items():
        new_group = 0
        for number, group in enumerate(groups if isinstance(groups, list) else []):
            handlers = table(group).get("hooks")
            count = len(handlers) if isinstance(handlers, list) else 0
            kept = [at for at in range(count) if (event, number, at) not in gone]
            if count and not kept:
                continue
            for new, old in enumerate(kept):
                yield (event, number, old), (event, new_group, new)
            new_group += 1


def _renamed(old: str, new: str) -> Change:
    """Put the record of trust *old* under the name *new*; a record that was there is replaced."""

    def change(document: object) -> None:
        states = document["hooks"]["state"]  # type: ignore[index]  # a wrong shape is a KeyError
        record = states[old]
        states.pop(new, None)
        del states[old]
        states[new] = record

    return change
