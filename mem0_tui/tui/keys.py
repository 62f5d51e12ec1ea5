"""The one registry of what can be done by key: bindings, footer, help, palette and the README's
table are all made from it, so they cannot disagree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from mem0_tui.model.late import late_dataclass

if TYPE_CHECKING:
    from mem0_tui.settings.keymap import Bound


_PACKAGE = __name__.partition(".")[0]


class KeyContext(StrEnum):
    """The part of the app in which an action works."""

    APP = "everywhere"
    BROWSE = "main screen"
    LIST = "memory list"
    FIND = "search box"
    SCOPE = "scope tree"
    PLAN = "plan"
    HEALTH = "health screen"


@late_dataclass(frozen=True)
class Action:
    """Something a key does."""

    id: str
    """Stable name, for the user's keymap: ``memory.delete``."""
    keys: str
    """Textual key names, comma-separated; the first is shown."""
    action: str
    """Textual's action string."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for help and palette."""
    where: KeyContext
    show: bool = False
    """Whether the footer shows it."""
    display: str | None = None
    """How the key is written, where Textual's own way is poor."""

    def binding(self) -> Binding:
        """Textual's binding for it."""
        return Binding(
            self.keys,
            self.action,
            self.label,
            show=self.show,
            tooltip=self.help,
            id=self.id,
            key_display=self.display,
        )


_MAIN_SCREEN = frozenset({KeyContext.BROWSE, KeyContext.LIST, KeyContext.FIND, KeyContext.SCOPE})
"""Places whose actions the main screen's controllers do, by their ids."""


def _action(
    id_: str, keys: str, label: str, help_: str, where: KeyContext, *, show: bool = False,
    display: str | None = None, action: str | None = None,
) -> Action:  # fmt: skip
    verb = action or id_.replace(".", "_").replace("-", "_")
    if where in _MAIN_SCREEN:
        verb = f"screen.act({id_!r})"
    elif where is not KeyContext.APP:
        verb = f"screen.{verb}"
    return Action(id_, keys, verb, label, help_, where, show, display)


MOVEMENTS: tuple[tuple[str, str], ...] = (
    ("down,j", "One row down."),
    ("up,k", "One row up."),
    ("pagedown,ctrl+f", "One page down."),
    ("pageup,ctrl+b", "One page up."),
    ("ctrl+d", "Half a page down."),
    ("ctrl+u", "Half a page up."),
    ("home,g", "To the first row."),
    ("end,G", "To the last row."),
)
"""What the keys do that move in lists; they cannot be given to anything else."""

_A, _B, _L, _H = KeyContext.APP, KeyContext.BROWSE, KeyContext.LIST, KeyContext.HEALTH

ACTIONS: tuple[Action, ...] = (
    # marking and staging
    _action("mark.toggle", "space", "mark", "Mark the memory and move down.", _L, show=True, display="␣"),
    _action("mark.range", "v", "range", "Begin or end marking a range.", _L),
    _action("mark.all", "asterisk", "mark all", "Mark everything the query matches.", _L, display="*"),
    _action("mark.invert", "i", "invert", "Mark what is unmarked, and the other way round.", _L),
    _action("mark.clear", "U", "unmark", "Take all marks away; undo gives them back.", _L),
    _action("memory.delete", "d", "delete", "Stage a delete of the marked memories, or this one.", _L, show=True),
    _action("memory.purge", "exclamation_mark", "purge", "Purge the marked memories, or this one: for good, with no undo.", _L, display="!"),
    _action("memory.edit", "e,enter", "edit", "Edit this memory's text, type, categories, metadata, expiry and scope.", _L, show=True),
    _action("memory.editor", "E", "$EDITOR", "Edit the marked memories, or this one, in $EDITOR.", _L),
    _action("memory.retype", "t", "type", "Stage another type or category of the marked memories, or this one.", _L),
    _action("memory.expire", "x", "expire", "Stage an expiry date of the marked memories, or this one.", _L),
    _action("memory.pin", "P", "pin", "Stage pinning or unpinning of the marked memories, or this one.", _L),
    _action("memory.merge", "M", "merge", "Merge the marked memories, or the group of this row, into one, side by side.", _L),
    _action("memory.add", "n", "new", "Add a memory.", _B),
    _action("memory.copy", "y", "copy", "Copy the text as it is shown to the clipboard.", _L),
    _action("memory.secrets", "S", "secrets", "Show this memory's secrets until the cursor moves, or mask them.", _L),
    _action("memory.copy-id", "Y", "copy id", "Copy the memory's id to the clipboard.", _L),
    _action("stage.drop", "backspace", "unstage", "Take back what is staged for the marked memories, or this one.", _L),
    _action("stage.clear", "R", "unstage all", "Take back everything that is staged.", _B),
    # what deserves a look
    _action("queue.keep", "K", "keep", "Keep the marked memories, or this one, as they are: out of the queue until their text changes.", _L),
    _action("queue.snooze", "z", "snooze", "Take the marked memories, or this one, out of the queue until a day.", _L),
    _action("queue.done", "c", "done", "Check off the marked memories, or this one: out of the queue until their text changes.", _L),
    _action("queue.accept", "p", "accept", "Stage what is proposed for the marked memories, or this one.", _L),
    _action("queue.accept-all", "A", "all", "Stage what is proposed for all findings of the queue, after showing what that comes to.", _L),
    # plan and undo
    _action("plan.open", "a", "apply", "Look at the plan, then apply it.", _B, show=True),
    _action("undo", "u", "undo", "Take back what was done last: a mark, a staged change, a verdict, or what was applied.", _B, show=True),
    _action("redo", "ctrl+r", "redo", "Do again what was taken back last: marks, staged changes and verdicts, then what was applied.", _B),
    _action("trash.open", "T", "trash", "Deleted memories, and how to get them back.", _B),
    _action("scope.delete", "D", "delete", "Delete all memories of what is under the cursor.", KeyContext.SCOPE, show=True),
    _action("scope.move", "m", "move", "Move all memories of what is under the cursor to another app, user, agent or run.", KeyContext.SCOPE, show=True),
    # finding
    _action("find.focus", "slash", "find", "Find: type to narrow, Tab to search by meaning.", _B, show=True, display="/"),
    _action("find.clear", "escape", "clear", "Clear the search, or leave the box; on memories that the statistics listed, go back to these.", _B, display="Esc"),
    _action("section.next", "right_square_bracket", "next tab", "Go to the next tab: a queue of what deserves a look, everything, or a saved search.", _B, display="]"),
    _action("section.previous", "left_square_bracket", "previous tab", "Go to the tab before.", _B, display="["),
    _action("memory.alike", "l", "alike", "Show what means much the same as this memory, the nearest first.", _L),
    _action("memory.follow", "o", "why", "Go to the memory that replaced this one, or show the commit that moved or removed what it names.", _L),
    _action("memory.origin", "O", "origin", "Open the session of Codex that this memory comes from, at its turn.", _L),
    _action("trail.back", "b", "back", "Go back to where a link or «alike» led away from.", _B),
    _action("sort.next", "s", "sort", "Sort by the next order.", _B),
    _action("show.expired", "X", "expired", "Show or hide expired memories.", _B),
    _action("type.bar", "F", "type bar", "Go to the type bar: Space shows a type too, - hides it.", _B),
    _action("type.pick", "f", "narrow", "Narrow by type, user, app, category and more, with counts.", _B),
    _action("view.refresh", "f5", "refresh", "Read everything again.", _B),
    # places
    _action("focus.scope", "1", "scope", "Go to the scope tree.", _B),
    _action("focus.list", "2", "list", "Go to the memory list.", _B),
    _action("focus.detail", "3", "detail", "Go to the detail pane.", _B),
    _action("focus.health", "4", "health", "Go to the install sidebar.", _B),
    _action("health.open", "h", "health", "What Codex has installed, and what is wrong with it.", _B),
    _action("scopes.open", "L", "lanes", "Who finds which memories of this repository, and what lies out of place.", _B),
    _action("stats.open", "C", "statistics", "How the memory grows and is used: a calendar and more, of what the list shows; each number leads to its memories.", _B),
    _action("prompt.open", "I", "prompt", "What Codex would be given for a prompt, now and after what is staged.", _B),
    _action("log.open", "at", "requests", "Every call sent, with its time and status.", _A, display="@"),
    _action("settings.open", "comma", "settings", "Every setting and key: where it comes from, and how to change it.", _A, display=","),
    _action("write.toggle", "W", "read-only", "Switch between read-only and writing.", _B),
    _action("palette.open", "ctrl+p", "palette", "Search actions, scopes, themes and memories.", _A, action="command_palette"),
    _action("theme.next", "ctrl+t", "theme", "Use the next theme.", _A),
    _action("jump", "ctrl+o", "jump", "Show a letter on every pane, link and type, and go to the one pressed.", _B),
    _action("help", "question_mark,f1", "help", "Every key that works here.", _A, show=True),
    _action("command", "colon", "command", "Type a command.", _B, display=":"),
    _action("suspend", "ctrl+z", "suspend", "Go to the background; fg in the shell comes back.", _A, action="suspend_process"),
    _action("quit", "q,ctrl+q", "quit", "Leave; what is staged is asked about.", _B, show=True),
    # health
    _action("health.repair", "f", "repair", "Show the repair and apply it.", _H, show=True, action="fix"),
    _action("health.undo", "u", "undo", "Take the last repair back.", _H, show=True, action="undo"),
    _action("health.live", "l", "live", "Ask Codex itself and the Mem0 server too.", _H, show=True, action="live"),
    _action("health.rescan", "r,f5", "look again", "Read all files again.", _H, action="rescan"),
    _action("health.edit", "enter,E", "open", "Open the file in $EDITOR.", _H, show=True, action="edit", display="⏎"),
    _action("health.copy", "y", "copy", "Copy the report, without keys, for a bug report.", _H, show=True, action="copy"),
    _action("health.fold", "space,left,right", "fold", "What follows from it.", _H, action="fold"),
    _action("health.hooks", "right_square_bracket,left_square_bracket", "hooks", "What Codex runs at each event, and back.", _H, show=True, action="tab", display="]"),
    _action("health.leave", "escape,q,h", "back", "Back to the memories.", _H, show=True, action="leave", display="Esc"),
)  # fmt: skip


def bindings(*places: KeyContext) -> list[BindingType]:
    """Textual's bindings for the actions of *places*."""
    return [action.binding() for action in ACTIONS if action.where in places]


def declared(kind: type) -> Iterator[Binding]:
    """The bindings that the class and its bases declare; Textual's own go without saying."""
    for each in kind.__mro__:
        if each.__module__.startswith(_PACKAGE):
            for binding in vars(each).get("BINDINGS", ()):
                if isinstance(binding, Binding):
                    yield binding


def places_of(screen: type) -> tuple[KeyContext, ...]:
    """The places that belong to a kind of screen, the most particular first."""
    ids = {binding.id for binding in declared(screen)}
    own = {action.where for action in ACTIONS if action.id in ids}
    if KeyContext.BROWSE in own:
        return (
            KeyContext.LIST,
            KeyContext.BROWSE,
            KeyContext.SCOPE,
            KeyContext.FIND,
            KeyContext.PLAN,
            KeyContext.APP,
        )
    return (KeyContext.HEALTH, KeyContext.APP) if KeyContext.HEALTH in own else (KeyContext.APP,)


_BY_ID = {action.id: action for action in ACTIONS}


def find_action(id_: str) -> Action:
    """The action named *id_*; KeyError if there is none."""
    return _BY_ID[id_]


def is_action(id_: str) -> bool:
    """Whether there is an action of that name."""
    return id_ in _BY_ID


_SIGNS = {
    "slash": "/", "question_mark": "?", "asterisk": "*", "comma": ",", "colon": ":", "at": "@",
    "minus": "-", "space": "Space", "escape": "Esc", "enter": "Enter", "backspace": "Backspace",
    "pagedown": "PgDn", "pageup": "PgUp", "up": "↑", "down": "↓", "left": "←", "right": "→",
    "delete": "Del", "home": "Home", "end": "End", "tab": "Tab",
}  # fmt: skip


def written(keys: str) -> str:
    """Textual's comma-separated key names as a person reads them: ``? F1``, ``Ctrl+R``."""
    return " ".join(_written(key.strip()) for key in keys.split(","))


def key_for(id_: str, keymap: Mapping[str, str]) -> str:
    """The key that does the action *id_* once the user's *keymap* counts: ``Ctrl+R``; where it has
    none left, what does it instead."""
    action = find_action(id_)
    if action.display and id_ not in keymap:
        return action.display
    keys = keys_of(action, keymap)
    return written(keys.partition(",")[0]) if keys else without_key(action)


def without_key(action: Action) -> str:
    """How *action* is done where it has no key: by a command, or where there are none from the
    palette."""
    return "the palette" if action.where is KeyContext.HEALTH else f":{action.id}"


def _written(key: str) -> str:
    *modifiers, last = key.split("+")
    sign = _SIGNS.get(last) or _character(last)
    if sign is None:
        sign = last.upper() if len(last) > 1 or modifiers else last
    return "+".join([*(modifier.capitalize() for modifier in modifiers), sign])


def _character(name: str) -> str | None:
    try:
        return unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return None


_PARTS = {
    KeyContext.APP: (KeyContext.APP,),
    KeyContext.BROWSE: (KeyContext.BROWSE, KeyContext.APP),
    KeyContext.LIST: (KeyContext.LIST, KeyContext.BROWSE, KeyContext.APP),
    KeyContext.FIND: (KeyContext.FIND, KeyContext.BROWSE, KeyContext.APP),
    KeyContext.SCOPE: (KeyContext.SCOPE, KeyContext.BROWSE, KeyContext.APP),
    KeyContext.PLAN: (KeyContext.PLAN,),
    KeyContext.HEALTH: (KeyContext.HEALTH, KeyContext.APP),
}


def bound_actions() -> list[Bound]:
    """The actions as the check of the user's own keys takes them."""
    from mem0_tui.settings.keymap import Bound

    return [
        Bound(action.id, action.keys, tuple(place.value for place in _PARTS[action.where]))
        for action in ACTIONS
    ]


def reserved_keys() -> dict[str, str]:
    """The keys that no action can be given, and what they are for."""
    fixed = {key: text.rstrip(".") for keys, text in MOVEMENTS for key in keys.split(",")}
    fixed = {key: f"for moving: {text[0].lower()}{text[1:]}" for key, text in fixed.items()}
    return fixed | {
        "tab": "for going from pane to pane",
        "shift+tab": "for going from pane to pane",
        "ctrl+c": "for copying what is selected",
    }


NO_KEY = "<none>"
"""What Textual is told for an action without a key; no terminal sends it."""


def keys_of(action: Action, keymap: Mapping[str, str]) -> str:
    """The keys of *action*, once the user's *keymap* is taken into account, as Textual names;
    empty where others have them all."""
    return keymap.get(action.id, action.keys)
