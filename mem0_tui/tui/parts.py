"""What the app is put together from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from mem0_tui.model.late import late_dataclass

if TYPE_CHECKING:
    from pathlib import Path

    from mem0_tui.backends.http.request_log import RequestLogEntry
    from mem0_tui.backends.library.entities import Part
    from mem0_tui.backends.library.library import Library
    from mem0_tui.backends.paging.waits import Waiting
    from mem0_tui.codex import InstallReport
    from mem0_tui.codex.reach.scope_map import ScopeMap
    from mem0_tui.codex.watch import HealthService
    from mem0_tui.curator.planning.plan import Plan
    from mem0_tui.curator.purge.carry_out import Purger
    from mem0_tui.curator.service import Curator
    from mem0_tui.detect.review_queues import ReviewQueues
    from mem0_tui.evidence.origin import Origin
    from mem0_tui.evidence.staleness.service import StaleNames
    from mem0_tui.evidence.use import Use
    from mem0_tui.model.memory import Memory
    from mem0_tui.model.query import Query
    from mem0_tui.presenting.spans import Line
    from mem0_tui.settings.schema import Settings


class PromptLook(Protocol):
    """Says what Codex would be given for a prompt, now and after a plan."""

    def __call__(self, prompt: str, *, plan: Plan | None) -> Sequence[Line]:
        """The lines to show; asks servers, so it is called in a thread."""
        ...


class RecordedUse(Protocol):
    """What Codex did with memories. Each is brought up to date first, in a thread."""

    async def use(self, memory: Memory) -> Use | None:
        """What is recorded of *memory*; None where nothing can be."""
        ...

    async def uses(self, memories: Sequence[Memory]) -> Mapping[str, Use]:
        """What is recorded of *memories*, by id; nothing where no session is recorded."""
        ...

    async def order(self) -> Sequence[str]:
        """The ids of what Codex was given: what it was given most often first, the latest of those
        first."""
        ...

    async def told(self, query: Query) -> Query:
        """*query*, knowing what its terms about Codex mean."""
        ...

    async def origin(self, memory: Memory) -> Origin:
        """Where *memory* comes from."""
        ...

    async def turn(self, origin: Origin, at: int) -> Sequence[Line]:
        """The lines of one turn of the session of *origin*."""
        ...


class OwnKeys(Protocol):
    """The keys that the user gave to actions, in the settings file."""

    def tried(self, action_id: str, keys: str | None) -> dict[str, str]:
        """The keys by action id if *action_id* had *keys*, or None for its default ones; raises
        SettingsError where that is not possible."""
        ...

    def keep(self, action_id: str, keys: str | None) -> dict[str, str]:
        """The same, and written."""
        ...


@late_dataclass(frozen=True)
class Parts:
    """What the app is put together from; ``cli.screenparts`` makes it."""

    library: Library
    curator: Callable[[], Curator]
    """Made on first use: it brings modules that the first frame does not need."""
    doctor: Callable[[], InstallReport]
    """Reads the install's files; milliseconds, run in a thread."""
    now: Callable[[], datetime]
    title: str
    """Which memories these are, in a few words."""
    target: str
    remote: bool = False
    theme: str = "mem0-dark"
    read_only: bool = False
    locked: str = ""
    """Why the user cannot allow writing in this session; blank where they can."""
    last_visit: datetime | None = None
    """When the app was last left; what is newer is in the Inbox."""
    searches: Mapping[str, str] = field(default_factory=dict)
    """The user's saved searches: name to query."""
    save_search: Callable[[str, str], None] | None = None
    forget_search: Callable[[str], None] | None = None
    save_theme: Callable[[str], None] | None = None
    """Keeps the theme that was chosen for the next time."""
    save_setting: Callable[[str, str | None], None] | None = None
    """Writes a setting's value to the settings file, for the next start; None takes it out."""
    own_keys: OwnKeys | None = None
    """Gives actions other keys, in the settings file; None where there is no such file."""
    prepare: Callable[[], None] = lambda: None
    """Imports what the first act needs; called in a thread, once the first keys are answered."""
    started: Callable[[], None] | None = None
    """Called once the first rows are on the screen."""
    close: Callable[[], Awaitable[None]] | None = None
    """Called when the app ends."""
    typed_folder: Path | None = None
    """Keeps what was typed when the terminal went away."""
    takes_categories: Callable[[], bool] = lambda: False
    """Whether the backend can be told what a memory is filed under; over MCP that is known once
    the server was asked."""
    default_user: str | None = None
    default_app: str | None = None
    keymap: dict[str, str] = field(default_factory=dict)
    """Keys of the user's own, by action id; checked by ``settings.keymap``. The app changes it when
    the user gives an action another key."""
    left_out: tuple[str, ...] = ()
    """What of the user's settings does not count here, and why."""
    settings: Settings | None = None
    requests: Callable[[], Sequence[RequestLogEntry]] | None = None
    """The requests sent so far, oldest first; None for a backend that sends none."""
    waiting: Callable[[], Waiting | None] = lambda: None
    """The request that has been waited for longest, and since when, if there is any."""
    install: Callable[[], HealthService] | None = None
    """The same install with its repairs, made on first use; None has no health screen."""
    queues: Callable[[Callable[[], Awaitable[None]]], ReviewQueues] | None = None
    """What deserves a look, made on first use; it awaits what it is given every few hundredths of
    a second, so that keys go first. None scans nothing and keeps no verdicts."""
    stale_names: Callable[[], StaleNames] | None = None
    """What compares memories with git; it is up to date once a scan has ended."""
    scanned: Callable[[], None] | None = None
    """Called once a scan has read everything: what it has made is there to stay."""
    purger: Callable[[], Purger] | None = None
    """What removes memories for good."""
    recorded: RecordedUse | None = None
    """What Codex did with these memories; None where it knows nothing of them."""
    scopes: Callable[[Iterable[Part]], ScopeMap] | None = None
    """Says of memories, as an entity list counts them, who finds them in the working folder's
    repository. Called in a thread; None has no repository to look at."""
    prompt: PromptLook | None = None
    """None has nothing to look at."""
    first_run: bool = False
    """Whether nothing is set up: no settings file, no key, and the embedded store is used."""
