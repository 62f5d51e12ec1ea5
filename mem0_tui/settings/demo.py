"""The settings of the demo: a store and a journal of its own, with the user's theme and keys.

What the user configured is read, and never written: nothing of the demo outlives it elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from mem0_tui.model.entity import Scope
from mem0_tui.model.errors import SettingsError
from mem0_tui.settings.load import Looks, load_looks
from mem0_tui.settings.locations import Locations, locations
from mem0_tui.settings.schema import SETTINGS, SettingOrigin, Settings, Source

_PLAIN = Looks("mem0-dark", "auto", {}, {})


def demo_settings(
    options: Mapping[str, object] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    places: Locations | None = None,
) -> Settings:
    """The settings of the demo; where the user's own are not valid, it does without them.

    Raises:
        SettingsError: an option contradicts the demo.
    """
    environ = os.environ if environ is None else environ
    places = places or locations(environ)
    options = options or {}
    for name in ("backend", "url", "command", "store", "profile"):
        if name in options and options[name] != "local":
            raise SettingsError(
                f"--demo has its own store, so {SETTINGS[name].option} does not go with it",
                hint="use only one of the two",
            )
    warnings: tuple[str, ...] = ()
    try:
        looks = load_looks(environ=environ, places=places)
    except SettingsError as error:
        looks = replace(_PLAIN, theme=environ.get("MEM0_TUI_THEME", "").strip() or _PLAIN.theme)
        warnings = (left_out(error),)
    return Settings(
        backend="local",
        url=None,
        store=places.demo / "memories.db",
        journal=places.demo / "journal.db",
        snapshots=places.demo / "snapshots",
        read_only=options.get("read_only") is True,
        scope=Scope(user_id="kim", app_id="shop-api"),
        timeout=30.0,
        allow_plain_http=False,
        color=str(options.get("color", looks.color)),
        theme=looks.theme,
        keys=looks.keys,
        demo=True,
        origins=dict.fromkeys(SETTINGS, SettingOrigin(Source.OPTION, "--demo"))
        | dict(looks.origins),
        warnings=warnings,
    )


def left_out(error: SettingsError, what: str = "theme and keys") -> str:
    """That the demo does without *what* the user configured, and why."""
    hint = f" ({error.hint})" if error.hint else ""
    return f"your own {what} are left out: {error.message}{hint}"
