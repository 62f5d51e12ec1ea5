"""A repository with its own ``.codex`` folder."""

from __future__ import annotations

from collections.abc import Callable

from tests.codex import lookalike
from tests.codex.homes import Home, Scenario


def _repo(text: str, level: str | None, *, hooks: bool = False) -> Callable[[Home], None]:
    def build(home: Home) -> None:
        home.option_a()
        home.installer()
        home.trust()
        repo = home.folder / "src/shop"
        (repo / ".git").mkdir(parents=True)
        (repo / ".codex").mkdir()
        (repo / ".codex/config.toml").write_text(text.replace("URL", home.url))
        if hooks:
            lookalike.write_json(repo / ".codex/hooks.json", {"hooks": {}})
        home.cwd = repo
        if level is not None:
            home.add_config(f'[projects."{repo}"]\ntrust_level = "{level}"\n')

    return build


_OFF = "[features]\nhooks = false\n"
_SERVER = '[mcp_servers.mem0]\nurl = "URL"\nbearer_token_env_var = "MEM0_API_KEY"\n'


def _s(name: str, build: Callable[[Home], None], areas: str = "", findings: str = "") -> Scenario:
    return Scenario(name, build, areas, findings, "mcp")


SCENARIOS = [
    _s("r_no_decision", _repo(_OFF, None), "project=warn", "project.undecided"),
    _s("r_untrusted", _repo(_OFF, "untrusted"), "project=warn", "project.untrusted"),
    _s("r_hooks_only", _repo("", None, hooks=True), "project=warn", "project.undecided"),
    _s("r_empty", _repo("", None)),
    _s(
        "r_features_in_repo", _repo(_OFF, "trusted"), "project=fail hooks=fail", "project.hooks-off"
    ),
    _s("r_shadow_mcp", _repo(_SERVER, "trusted"), "project=info", "project.mcp"),
]
