"""Marketplaces: gone, moved, unreadable, or with an entry that Codex drops."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import write_marketplace


def _entry(path: object) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.write_clone()
        home.add_marketplace()
        write_marketplace(home.clone, path)

    return build


def _text(text: str) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.write_clone()
        home.add_marketplace()
        (home.clone / ".agents/plugins/marketplace.json").write_text(text, encoding="utf-8")

    return build


def _installed_then(change: Callable[[Home], object]) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_b()
        home.trust()
        change(home)

    return build


def _personal(home: Home) -> None:
    home.write_clone()
    shutil.copytree(home.source, home.folder / "plugins/mem0")
    write_marketplace(home.folder, "./plugins/mem0")
    home.add_plugin()
    home.trust()


def _unregister(home: Home) -> None:
    text = home.config.read_text()
    head, _, tail = text.partition("[plugins.")
    home.write_config(f"[plugins.{tail}" if tail else head)


def _s(name: str, build: Callable[[Home], None], status: str, findings: str) -> Scenario:
    return Scenario(name, build, f"marketplace={status}", findings)


def _i(name: str, change: Callable[[Home], object], status: str, findings: str) -> Scenario:
    areas = f"marketplace={status}"
    return Scenario(name, _installed_then(change), areas, findings, "plugin")


_GONE, _DROPPED, _BROKEN = (
    "marketplace.plugin-gone",
    "marketplace.entry-dropped",
    "marketplace.manifest-broken",
)

SCENARIOS = [
    _s(
        "b_not_installed", _entry("./integrations/mem0-plugin"), "info", "marketplace.not-installed"
    ),
    _s("b_seed_path_stale", _entry("./mem0-plugin"), "fail", _GONE),
    _s("p_absolute", _entry("/opt/mem0-plugin"), "fail", _DROPPED),
    _s("p_no_dot", _entry("integrations/mem0-plugin"), "fail", _DROPPED),
    _s("p_tilde", _entry("~/mem0-plugin"), "fail", _DROPPED),
    _s("p_outside", _entry("./../mem0-plugin"), "fail", _DROPPED),
    _s("p_clone_root", _entry("./integrations"), "fail", "marketplace.no-plugin"),
    _s("p_malformed", _text('{"name": "mem0-plugins",\n "plugins": [}'), "fail", _BROKEN),
    _s("p_no_name", _text('{"plugins": []}'), "fail", _BROKEN),
    _s("p_plugins_object", _text('{"name": "mem0-plugins", "plugins": {}}'), "fail", _BROKEN),
    _s("p_bom", _text('\ufeff{"name": "mem0-plugins", "plugins": []}'), "fail", _BROKEN),
    Scenario("p_ok", _personal, install="plugin", real=False),
    _i("b_source_deleted", lambda h: shutil.rmtree(h.clone), "warn", "marketplace.source-gone"),
    _i(
        "b_source_moved",
        lambda h: h.clone.rename(h.folder / "moved"),
        "warn",
        "marketplace.source-gone",
    ),
    _i("b_unregistered", _unregister, "warn", "marketplace.missing"),
    _i(
        "b_entry_removed",
        lambda h: h.edit_json(
            h.clone / ".agents/plugins/marketplace.json", lambda d: d.update(plugins=[])
        ),
        "warn",
        "marketplace.entry-missing",
    ),
]
