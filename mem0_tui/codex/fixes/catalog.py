"""The repair for each kind of fault: Codex's own command where it has one, else a careful edit.

Codex's commands keep comments and know its rules, but need a config.toml that parses. Keys and
project trust are never written for the user.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

from mem0_tui.codex.facts.plugins import Plugin
from mem0_tui.codex.facts.scan import Install
from mem0_tui.codex.files.spot import KeyPath, Spot
from mem0_tui.codex.report import FileEdit, Fix, Move

MEM0_URL = "https://mcp.mem0.ai/mcp"
REPOSITORY = "https://github.com/mem0ai/mem0"


def step(id: str, summary: str) -> Fix:
    """Something that only the user can do."""
    return Fix(id, summary)


def plugin_add(install: Install, plugin: str, why: str) -> Fix:
    """``codex plugin add``: installs, repairs, enables and refreshes.

    A step for the user where Codex would refuse what the marketplace offers.
    """
    if not install.rules.plugin_commands:
        return step(
            "plugin.add", f"{why}: open /plugins in Codex, or update Codex (0.131 has `plugin add`)"
        )
    if refused := install.refused(plugin):
        return step(
            "plugin.add",
            f"{why} with `codex plugin add {plugin}`, once this is put right: {refused}",
        )
    return Fix(
        "plugin.add",
        why,
        argv=("codex", "plugin", "add", plugin),
        touches=(install.homes.config, *_cache(install, plugin)),
    )


def copy_again(install: Install, plugin: str) -> Fix:
    """``codex plugin add`` for a fault in the cached files: a step where the source has it too."""
    source = install.sources.get(plugin)
    if source is not None and source.drift is not None and not source.drift:
        return step(
            "plugin.source",
            f"the plugin's source has the same fault: update or correct {source.root}, then"
            f" `codex plugin add {plugin}`",
        )
    return plugin_add(install, plugin, "copy the plugin into the cache again")


def plugin_remove(install: Install, plugin: str, why: str) -> Fix:
    """``codex plugin remove``: the entry and the cache go."""
    return Fix(
        "plugin.remove",
        why,
        argv=("codex", "plugin", "remove", plugin),
        touches=(install.homes.config, *_cache(install, plugin)),
    )


def _cache(install: Install, plugin: str) -> tuple[str, ...]:
    name, _, marketplace = plugin.rpartition("@")
    return (os.path.join(install.homes.codex_home, "plugins", "cache", marketplace, name),)


def marketplace_add(install: Install, place: str, why: str) -> Fix:
    """``codex plugin marketplace add``."""
    argv = ("codex", "plugin", "marketplace", "add", place)
    return Fix("marketplace.add", why, argv=argv, touches=(install.homes.config,))


def mcp_remove(install: Install, name: str, why: str) -> Fix:
    """``codex mcp remove`` where the user's config.toml alone has the table, which is all that it
    knows; else the table is taken out of the one file that has it."""
    writers = install.config.writers("mcp_servers", name)
    if len(writers) > 1:
        files = " and ".join(layer.document.path for layer in writers)
        return step("mcp.remove", f"{why}: take [mcp_servers.{name}] out of {files}")
    if not all(layer.editable for layer in writers):
        return administrator(f"take [mcp_servers.{name}] out of {writers[0].document.path}")
    if writers and writers[0].name == "project":
        return remove_toml("mcp.remove", why, writers[0].document.path, ("mcp_servers", name))
    argv = ("codex", "mcp", "remove", name)
    return Fix("mcp.remove", why, argv=argv, touches=(install.homes.config,))


def feature_enable(install: Install, name: str) -> Fix:
    """``codex features enable``, which writes the user's config.toml, unless another file wins."""
    argv = ("codex", "features", "enable", name)
    key = ("features", name)
    requirements = install.config.requirements
    if requirements.feature(name) is False:
        return administrator(f"allow the feature {name}: {requirements.feature_spot(name)}")
    if _beyond_user(install, key):
        return set_merged(install, f"features.enable-{name}", f"switch {name} on", key, True)
    why = f"switch the feature {name} on"
    return Fix(f"features.enable-{name}", why, argv=argv, touches=(install.homes.config,))


def administrator(what: str) -> Fix:
    """A file of the whole machine, which is not the user's to change."""
    return step("administrator", f"ask whoever looks after this machine to {what}")


def set_merged(install: Install, id: str, summary: str, key: KeyPath, value: object) -> Fix:
    """Set what the layers add up to at *key*, in the file that decides about it.

    That is the one that has it now, be it a project's; else the user's.
    """
    written = install.config.origins.get(key)
    if written is not None and written.layer == "managed":
        return administrator(f"change {'.'.join(map(str, key))} in {written.spot.path}")
    project = written is not None and written.layer == "project"
    path = written.spot.path if written is not None and project else install.homes.config
    return set_toml(id, summary, path, key, value)


def _beyond_user(install: Install, key: KeyPath) -> bool:
    """Whether a file that goes before the user's config.toml decides about *key*."""
    written = install.config.origins.get(key)
    return written is not None and written.layer in ("project", "managed")


def plugin_enable(install: Install, plugin: str) -> Fix:
    """Enable a plugin where it was disabled."""
    key = ("plugins", plugin, "enabled")
    if _beyond_user(install, key):
        return set_merged(install, "plugin.enable", "enable the plugin", key, True)
    return plugin_add(install, plugin, "enable the plugin")


def set_toml(id: str, summary: str, path: str, key: KeyPath, value: object) -> Fix:
    """Set one key of a TOML file."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.toml_edit import edit_toml, set_key

        return edit_toml(path, set_key(key, value))

    return Fix(id, summary, plan=plan)


def remove_toml(id: str, summary: str, path: str, *keys: KeyPath) -> Fix:
    """Remove keys of a TOML file."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.toml_edit import edit_toml, remove_key

        return edit_toml(path, *(remove_key(key) for key in keys))

    return Fix(id, summary, plan=plan)


def rename_toml(id: str, summary: str, path: str, key: KeyPath, name: str) -> Fix:
    """Give a key of a TOML file another name."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.toml_edit import rename_key

        return rename_key(path, key, name)

    return Fix(id, summary, plan=plan)


def bearer_variable(path: str, name: str, *, drop: tuple[KeyPath, ...] = ()) -> Fix:
    """Have Codex take the key from MEM0_API_KEY, and drop what stood for it."""
    key = ("mcp_servers", name, "bearer_token_env_var")

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.toml_edit import edit_toml, remove_key, set_key

        removed = (remove_key(old) for old in drop)
        return edit_toml(path, *removed, set_key(key, "MEM0_API_KEY"))

    return Fix("mcp.bearer-token-env-var", "take the key from the variable MEM0_API_KEY", plan=plan)


def pass_variable(path: str, server: KeyPath, name: str) -> Fix:
    """Have Codex pass the variable *name* on to a stdio server, in place of a text in `env`."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.toml_edit import edit_toml, pass_variable

        return edit_toml(path, pass_variable(server, name))

    return Fix("mcp.env-vars", f"pass the variable {name} on with env_vars", plan=plan)


def set_json(id: str, summary: str, path: str, key: KeyPath, value: object) -> Fix:
    """Set one value of a JSON file."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.json_edit import edit_json, set_value

        return edit_json(path, set_value(key, value))

    return Fix(id, summary, plan=plan)


def plain_json(path: str) -> Fix:
    """Take out of a JSON file what Codex does not accept: byte order mark, comments."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.json_edit import without_bom, without_comments

        return without_comments(path) or without_bom(path)

    return Fix(
        "json.plain", "take out the byte order mark, comments and trailing commas", plan=plan
    )


def drop_json_keys(path: str, keys: list[str]) -> Fix:
    """Remove top-level keys of a hooks.json that Codex refuses."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.json_edit import drop_keys, edit_json

        return edit_json(path, drop_keys(keys))

    return Fix("hooks.drop-unknown-keys", f"remove {', '.join(keys)} from hooks.json", plan=plan)


def drop_handlers(id: str, summary: str, path: str, places: list[tuple[str, int, int]]) -> Fix:
    """Remove handlers of a hooks.json by (event, group, index)."""

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.json_edit import drop_handlers, edit_json

        return edit_json(path, drop_handlers(places))

    return Fix(id, summary, plan=plan)


def drop_handlers_with_trust(
    install: Install, id: str, summary: str, source: str, places: list[tuple[str, int, int]]
) -> Fix:
    """Remove handlers of the user's hooks.json, and keep the trust in those that stay."""
    homes = install.homes

    def plan() -> Sequence[FileEdit]:
        from mem0_tui.codex.fixes.dropped_hooks import drop_with_trust

        states = install.hooks.states
        return drop_with_trust(homes.hooks, homes.config, source, places, states)

    return Fix(id, summary, plan=plan)


def move_away(install: Install, plugin: Plugin, names: list[str]) -> Fix:
    """Move stray folders of the plugin cache out of Codex's sight, deleting nothing."""
    aside = os.path.join(install.homes.codex_home, "plugins", "moved-aside", plugin.name)
    moves = tuple(
        Move(os.path.join(plugin.folder, name), _free(os.path.join(aside, name))) for name in names
    )
    return Fix("plugin.move-strays", f"move {', '.join(names)} out of the cache", moves=moves)


def _free(path: str) -> str:
    number, candidate = 1, path
    while os.path.lexists(candidate):
        number += 1
        candidate = f"{path}-{number}"
    return candidate


def edit_by_hand(spot: Spot, what: str) -> Fix:
    """A place that only its author can put right."""
    return step("edit", f"open {spot} and {what}")


def trust_in_codex() -> Fix:
    """Hooks are trusted in Codex alone, by a person who has seen them."""
    return step("hooks.trust", "start codex, open /hooks and press t on each hook you want to run")
