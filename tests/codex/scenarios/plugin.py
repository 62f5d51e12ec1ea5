"""The plugin (Option B): its entry, its cache, its manifest, its skills."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from tests.codex.homes import Home, Scenario
from tests.codex.lookalike import write_plugin


def _b(
    change: Callable[[Home], object] | None = None, *, trusted: bool = True
) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_b()
        if trusted:
            home.trust()
        if change is not None:
            change(home)

    return build


def _unset(home: Home) -> None:
    del home.environ["MEM0_API_KEY"]


def _disable(home: Home) -> None:
    home.write_config(home.config.read_text().replace("enabled = true", "enabled = false"))


def _nothing_left(home: Home) -> None:
    shutil.rmtree(home.cache)
    shutil.rmtree(home.clone)


def _no_manifest(home: Home) -> None:
    shutil.rmtree(home.cached / ".codex-plugin")


def _no_manifest_at_all(home: Home) -> None:
    _no_manifest(home)
    shutil.rmtree(home.cached / ".claude-plugin")


def _source_version(version: str) -> Callable[[Home], None]:
    def change(home: Home) -> None:
        home.edit_json(
            home.source / ".codex-plugin/plugin.json", lambda d: d.update(version=version)
        )

    return change


def _older_beside(home: Home) -> None:
    shutil.copytree(home.cached, home.cache / "0.2.9")


def _stray(home: Home) -> None:
    (home.cache / "backup").mkdir()


def _forget_entry(home: Home) -> None:
    home.write_config("")


def _empty_version(home: Home) -> None:
    shutil.rmtree(home.cached)
    home.cached.mkdir()


def _one_skill(home: Home) -> None:
    (home.cached / "skills/pin/SKILL.md").write_text("no front matter\n")


def _skills_path(home: Home) -> None:
    home.edit_json(
        home.cached / ".codex-plugin/plugin.json", lambda d: d.update(skills="./abilities/")
    )


def _skills_path_ignored(home: Home) -> None:
    home.edit_json(
        home.cached / ".codex-plugin/plugin.json", lambda d: d.update(skills="abilities")
    )


def _write(relative: str, text: str) -> Callable[[Home], object]:
    return lambda home: (home.cached / relative).write_text(text)


def _remove(relative: str) -> Callable[[Home], object]:
    return lambda home: (home.cached / relative).unlink()


def _no_version(home: Home) -> None:
    home.write_clone(version=None)
    home.add_marketplace()
    home.add_plugin()
    home.trust()


def _another_mem0(home: Home) -> None:
    write_plugin(home.codex_home / "plugins/cache/other/mem0/1.0.0", url=home.url)
    home.add_config('[plugins."mem0@other"]\nenabled = true\n')


def _s(
    name: str, change: Callable[[Home], object] | None, areas: str = "", findings: str = ""
) -> Scenario:
    return Scenario(name, _b(change), areas, findings, "plugin")


_LOST = "mcp=fail plugin=fail skills=fail hooks=fail"

SCENARIOS = [
    Scenario("n_none", lambda _: None),
    Scenario("n_empty_config", lambda home: home.write_config("")),
    Scenario("b_untrusted", _b(trusted=False), "hooks=warn", "hooks.untrusted", "plugin"),
    _s("b_ok", None),
    _s("b_env_missing", _unset, "mcp=fail key=fail", "key.missing"),
    _s(
        "b_plugin_disabled",
        _disable,
        "mcp=warn plugin=warn skills=warn hooks=warn",
        "plugin.disabled",
    ),
    _s(
        "b_switch_off",
        lambda h: h.add_config("[features]\nplugins = false\n"),
        _LOST,
        "plugin.switch-off",
    ),
    _s("b_cache_deleted", lambda h: shutil.rmtree(h.cache), _LOST, "plugin.not-cached"),
    _s(
        "b_cache_deleted_nosource",
        _nothing_left,
        _LOST + " marketplace=fail",
        "plugin.not-cached marketplace.source-gone",
    ),
    Scenario(
        "b_config_only",
        lambda h: h.write_config('[plugins."mem0@mem0-plugins"]\nenabled = true\n'),
        _LOST + " marketplace=fail",
        "plugin.not-cached marketplace.missing",
        "plugin",
    ),
    _s("b_cache_older", _source_version("0.2.14"), "plugin=info", "plugin.update"),
    _s("b_cache_newer", _source_version("0.1.0"), "plugin=warn", "plugin.newer-than-source"),
    _s("b_two_versions", _older_beside, "plugin=warn", "plugin.extra-versions"),
    _s("b_stray_dirs", _stray, _LOST, "plugin.stray-folder"),
    _s("b_cache_empty_version", _empty_version, _LOST, "plugin.manifest-missing"),
    _s(
        "b_manifest_missing",
        _no_manifest,
        "mcp=fail plugin=fail hooks=warn",
        "plugin.manifest-fallback hooks.untrusted",
    ),
    _s("b_manifest_missing_all", _no_manifest_at_all, _LOST, "plugin.manifest-missing"),
    _s(
        "b_manifest_broken",
        _write(".codex-plugin/plugin.json", "{"),
        _LOST,
        "plugin.manifest-broken",
    ),
    _s(
        "b_mcp_file_missing",
        _remove(".codex-mcp.json"),
        "mcp=fail plugin=fail hooks=warn",
        "plugin.mcp-file",
    ),
    _s(
        "b_mcp_file_broken",
        _write(".codex-mcp.json", "{,"),
        "mcp=fail plugin=fail hooks=warn",
        "plugin.mcp-file",
    ),
    _s(
        "b_hooks_file_missing", _remove("hooks/codex-hooks.json"), "hooks=fail", "hooks.plugin-file"
    ),
    _s(
        "b_hooks_file_broken",
        _write("hooks/codex-hooks.json", "[1]"),
        "hooks=fail",
        "hooks.plugin-file",
    ),
    _s("b_skill_bad_frontmatter", _one_skill, "skills=warn hooks=warn", "skills.broken"),
    _s("b_skills_elsewhere", _skills_path, "skills=fail hooks=warn", "skills.none"),
    _s(
        "b_skills_path_ignored",
        _skills_path_ignored,
        "plugin=info hooks=warn",
        "plugin.source-changed",
    ),
    Scenario("b_no_version", _no_version, install="plugin"),
    Scenario(
        "b_cache_no_config",
        _b(_forget_entry, trusted=False),
        "plugin=warn",
        "plugin.left-over",
    ),
    _s(
        "p_both",
        _another_mem0,
        "plugin=warn hooks=fail",
        "plugin.two hooks.untrusted",
    ),
]
