"""Marketplaces: gone, moved, unreadable, or with an entry that Codex drops."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import Any

from tests.codex import plugin3
from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import write_json, write_marketplace, write_plugin


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


def _offer(
    plugin: Callable[[Home], object] = lambda _: None, **fields: Any
) -> Callable[[Home], None]:
    """A marketplace whose entry has other *fields*, with *plugin* done to what it leads to."""

    def build(home: Home) -> None:
        home.write_clone()
        plugin(home)
        home.add_config(
            f'[marketplaces.mem0-plugins]\nsource_type = "local"\nsource = "{home.clone}"\n'
        )
        source = {"source": "local", "path": "./integrations/mem0-plugin"}
        entry = {"name": "mem0", "source": source, **fields}
        place = home.clone / ".agents/plugins/marketplace.json"
        write_json(place, {"name": "mem0-plugins", "plugins": [entry]})

    return build


def _policy(**fields: object) -> Callable[[Home], None]:
    return _offer(policy=fields)


def _manifest(**fields: object) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        home.edit_json(home.source / ".codex-plugin/plugin.json", lambda d: d.update(fields))

    return change


def _without_manifests(home: Home) -> None:
    for host in ("codex", "claude"):
        shutil.rmtree(home.source / f".{host}-plugin")


def _named(name: str) -> Callable[[Home], object]:
    """The marketplace gives itself another name after the plugin was installed."""
    place = ".agents/plugins/marketplace.json"
    return lambda home: home.edit_json(home.clone / place, lambda d: d.update(name=name))


def _moved(place: str) -> Callable[[Home], object]:
    """The marketplace's file, in another place below its folder."""

    def change(home: Home) -> None:
        path = home.clone / place
        path.parent.mkdir(parents=True, exist_ok=True)
        (home.clone / ".agents/plugins/marketplace.json").rename(path)

    return change


def _at_the_root(home: Home) -> None:
    """The marketplace's folder is the plugin."""
    write_plugin(home.clone, url=home.url)
    write_marketplace(home.clone, "./")
    home.add_marketplace()
    home.add_plugin(home.clone)
    home.trust()


def _portable(home: Home) -> None:
    """Seven entries, of which the one called mem0 leads to the package for any host."""
    plugin3.write_portable(home.clone / "integrations/mem0-agent-plugin")
    plugin3.write_plugin(home.source3)
    places = {"mem0": "mem0-agent-plugin", "mem0-codex": "codex-plugin"}
    entries = [{"name": n, "source": f"./integrations/{p}"} for n, p in places.items()]
    place = home.clone / ".agents/plugins/marketplace.json"
    write_json(place, {"name": "mem0-plugins", "plugins": entries})
    home.add_marketplace()


def _personal(place: str = ".agents/plugins/marketplace.json") -> Callable[[Home], None]:
    """The plugin from the marketplace of the home folder."""

    def build(home: Home) -> None:
        home.write_clone()
        shutil.copytree(home.source, home.folder / "plugins/mem0")
        made = write_marketplace(home.folder, "./plugins/mem0")
        (home.folder / place).parent.mkdir(parents=True, exist_ok=True)
        made.rename(home.folder / place)
        home.add_plugin()
        home.trust()

    return build


def _personal_text(
    text: str, build: Callable[[Home], None] | None = None
) -> Callable[[Home], None]:
    """A marketplace of the home folder with this text, beside what *build* makes."""

    def made(home: Home) -> None:
        if build is not None:
            build(home)
        else:
            home.write_config("")
        path = home.folder / ".agents/plugins/marketplace.json"
        path.parent.mkdir(parents=True)
        path.write_text(text)

    return made


def _in_the_home(home: Home) -> None:
    """Codex in the home folder, a checkout of its own: its marketplace is the personal one."""
    _personal()(home)
    (home.folder / ".git").mkdir()
    (home.folder / ".git/HEAD").write_text("ref: refs/heads/main\n")
    home.cwd = home.folder


def _unregister(home: Home) -> None:
    text = home.config.read_text()
    head, _, tail = text.partition("[plugins.")
    home.write_config(f"[plugins.{tail}" if tail else head)


def _s(name: str, build: Callable[[Home], None], status: str, findings: str) -> Scenario:
    return Scenario(name, build, f"marketplace={status}", findings)


def _i(name: str, change: Callable[[Home], object], status: str, findings: str) -> Scenario:
    areas = f"marketplace={status}"
    return Scenario(name, _installed_then(change), areas, findings, "plugin")


_GONE, _DROPPED, _BROKEN, _REFUSED = (
    "marketplace.plugin-gone",
    "marketplace.entry-dropped",
    "marketplace.manifest-broken",
    "marketplace.refused",
)
_OFFERED = ("info", "marketplace.not-installed")
_HALF = '{"name": "mem0-plugins", "plugins": ['

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
    Scenario("p_ok", _personal(), install="plugin"),
    # What an entry says.
    _s("p_auth_word", _policy(authentication="NONE"), "fail", _BROKEN),
    _s("p_auth_null", _policy(authentication=None), "fail", _BROKEN),
    _s("p_auth_on_use", _policy(authentication="ON_USE"), *_OFFERED),
    _s("p_auth_elsewhere", _offer(authentication="NONE"), *_OFFERED),
    _s("p_installation_word", _policy(installation="NEVER"), "fail", _BROKEN),
    _s("p_installation_default", _policy(installation="INSTALLED_BY_DEFAULT"), *_OFFERED),
    _s("p_not_available", _policy(installation="NOT_AVAILABLE"), "fail", _REFUSED),
    _s("p_policy_null", _offer(policy=None), "fail", _BROKEN),
    _s("p_policy_list", _offer(policy=[]), *_OFFERED),
    _s("p_products", _policy(products=["CODEX", "CHATGPT"]), *_OFFERED),
    _s("p_products_others", _policy(products=["CHATGPT"]), "fail", _DROPPED),
    _s("p_products_unknown", _policy(products=["VSCODE"]), "fail", _BROKEN),
    _s("p_category_number", _offer(category=1), "fail", _BROKEN),
    _s("p_name_blank", _offer(name="mem0 plugin"), "fail", _DROPPED),
    _s("p_name_case", _offer(name="Mem0"), "fail", _REFUSED),
    _s("p_name_number", _offer(name=1), "fail", _BROKEN),
    # What a source says.
    _s("p_text", _offer(source="./integrations/mem0-plugin"), *_OFFERED),
    _s("p_slashes", _offer(source="./integrations//mem0-plugin/."), *_OFFERED),
    _s("p_dot_first", _offer(source="././integrations/mem0-plugin"), "fail", _DROPPED),
    _s("p_two_slashes", _offer(source=".//integrations/mem0-plugin"), "fail", _DROPPED),
    _s("p_github", _offer(source={"source": "github", "repo": "a/b"}), "fail", _DROPPED),
    _s("p_git", _offer(source={"source": "git", "url": "https://x/y"}), "fail", _DROPPED),
    _s("p_no_kind", _offer(source={"path": "./integrations/mem0-plugin"}), "fail", _DROPPED),
    _s("p_url", _offer(source={"source": "url", "url": "https://x/y.git"}), *_OFFERED),
    _s("p_url_empty", _offer(source={"source": "url", "url": ""}), "fail", _DROPPED),
    _s(
        "p_subfolder", _offer(source={"source": "git-subdir", "url": "a/b", "path": "c"}), *_OFFERED
    ),
    _s("p_subfolder_none", _offer(source={"source": "git-subdir", "url": "a/b"}), "fail", _DROPPED),
    _s("p_npm", _offer(source={"source": "npm", "package": "mem0"}), *_OFFERED),
    _s("p_npm_none", _offer(source={"source": "npm"}), "fail", _DROPPED),
    _s("p_source_null", _offer(source=None), "fail", _DROPPED),
    # What it leads to.
    _s("p_no_manifest", _offer(lambda h: shutil.rmtree(h.source / ".codex-plugin")), *_OFFERED),
    _s(
        "p_no_manifest_at_all",
        _offer(_without_manifests),
        "fail",
        "marketplace.no-plugin",
    ),
    _s("p_manifest_name", _offer(_manifest(name="memory")), "fail", _REFUSED),
    _s("p_manifest_version", _offer(_manifest(version="0.2 13")), "fail", _REFUSED),
    _s("p_manifest_version_blanks", _offer(_manifest(version=" 0.2.13 ")), *_OFFERED),
    _s("p_manifest_keywords", _offer(_manifest(keywords="memory")), "fail", _REFUSED),
    Scenario("p_at_the_root", _at_the_root, install="plugin"),
    _s("p_portable", _portable, "warn", "marketplace.portable"),
    # What it is called, and where it lies.
    _i("p_renamed", _named("mem0"), "warn", "marketplace.renamed"),
    _i("p_renamed_case", _named("Mem0-Plugins"), "warn", "marketplace.renamed"),
    _i("p_renamed_blank", _named("mem0 plugins"), "warn", _BROKEN),
    _s(
        "p_name_twice",
        _text('{"name": "mem0-plugins", "name": "x", "plugins": []}'),
        "fail",
        _BROKEN,
    ),
    Scenario(
        "p_place_api",
        _installed_then(_moved(".agents/plugins/api_marketplace.json")),
        install="plugin",
    ),
    Scenario(
        "p_place_claude",
        _installed_then(_moved(".claude-plugin/marketplace.json")),
        install="plugin",
    ),
    Scenario(
        "p_place_cursor",
        _installed_then(_moved(".cursor-plugin/marketplace.json")),
        install="plugin",
    ),
    _i(
        "p_place_codex",
        _moved(".codex-plugin/marketplace.json"),
        "warn",
        "marketplace.no-manifest",
    ),
    # The home folder's, and a repository's.
    Scenario("p_personal_claude", _personal(".claude-plugin/marketplace.json"), install="plugin"),
    _s("p_personal_broken", _personal_text(_HALF), "fail", _BROKEN),
    _s("p_personal_comments", _personal_text('{"name": "mine", // mem0\n}'), "fail", _BROKEN),
    Scenario(
        "p_personal_broken_beside",
        _personal_text("{", _installed_then(lambda home: home)),
        install="plugin",
    ),
    Scenario(
        "p_personal_broken_behind",
        _personal_text("{", _installed_then(_unregister)),
        "marketplace=warn",
        "marketplace.missing marketplace.manifest-broken",
        "plugin",
    ),
    Scenario("p_in_the_home", _in_the_home, install="plugin"),
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
