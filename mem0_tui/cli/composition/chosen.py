"""What a command line chooses: the settings that hold for it, and how they are named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from mem0_tui.settings.demo import demo_settings
from mem0_tui.settings.load import load
from mem0_tui.settings.locations import tilde

if TYPE_CHECKING:
    from argparse import Namespace

    from mem0_tui.settings.schema import Settings


def settings_of(args: Namespace) -> Settings:
    """The settings that hold for a command line; with ``--demo``, its store is there afterwards.

    Raises:
        SettingsError: they are not valid.
        StoreError: the demo store cannot be made.
    """
    names = ("backend", "url", "store", "profile", "read_only")
    options = {name: getattr(args, name, None) for name in names}
    options["command"] = getattr(args, "server_command", None)
    options = {name: value for name, value in options.items() if value is not None}
    if getattr(args, "no_color", False):
        options["color"] = "never"
    if not getattr(args, "demo", False):
        return load(options)
    from mem0_tui.cli.commands.demo import ensure

    settings = demo_settings(options)
    ensure(settings, args.output)
    return settings


def screen_title(settings: Settings) -> str:
    """Which memories these are, in a word."""
    return "demo" if settings.demo else settings.backend


def screen_target(settings: Settings) -> str:
    """Where these memories are, as a person would write it."""
    return "" if settings.demo else settings.server or tilde(settings.store, os.environ)
