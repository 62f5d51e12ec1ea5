"""config.toml by the measured rules: what Codex refuses, the doctor refuses, and nothing else."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mem0_tui.codex import rules
from mem0_tui.codex.report import Status
from mem0_tui.codex.rules import Measured, Version, load, measured, versions
from scripts.codexrules.agreement import compared
from scripts.codexrules.cases import cases
from scripts.codexrules.difference import differences
from scripts.codexrules.judge import Judge, native_program
from scripts.codexrules.probe import Probe, learn
from scripts.codexrules.shape import fitting, split
from tests.codex.homes import Home

NEWEST = versions()[-1]
VERSION = ".".join(map(str, NEWEST))
EVERYTHING = bool(os.environ.get("MEM0_TUI_ALL_RULES"))
"""Try every rule, which takes minutes, in place of a sample that is another one each release."""

SAMPLE, OLDER_SAMPLE, MEASURED_AGAIN = 400, 100, 15

REFUSED = {
    'approval_policy = "untrusted"': "config.type",
    'model_verbosity = "loud"': "config.type",
    'web_search = "sometimes"': "config.type",
    'model_reasoning_effort = ""': "config.type",
    '[model_providers.x]\nname = "x"\nwire_api = "chat"': "config.type",
    '[model_providers.x]\nbase_url = "http://127.0.0.1:1/"': "config.type",
    'model_provider = "azure"': "config.reference",
    '[model_providers.openai]\nname = "x"': "config.reference",
    'model_instructions_file = "missing.md"': "config.reference",
    'default_permissions = "mine"': "config.reference",
    '[permissions.mine]\nextends = ":workspace"': "config.reference",
    'history.persistence = "all"': "config.type",
    "project_doc_max_bytes = -1": "config.type",
    "mcp_oauth_callback_port = 70000": "config.type",
    "model_post_turn_compact_threshold_percent = 101": "config.type",
    "tui.mouse_scroll_speed = 0": "config.type",
    "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\nstartup_timeout_sec = inf": "config.type",
    "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\nomit_tools_from = ['zz']": "config.type",
    "[marketplaces.x]\nauto_update = 'yes'": "config.type",
    "features.rollout_budget = true": "config.type",
    "experimental_thread_store = []": "config.type",
    "tui.presets.x = {}": "config.type",
    'shell_environment_policy.inherit = "some"': "config.type",
    "mcp_servers.x = { command = 'x', env_vars = [{ name = 'A', source = 'x' }] }": "config.type",
    "[mcp_servers.x]\ncommand = 'x'\nenv_vars = [{ name = 'A', b = 1 }]": "config.forbidden-key",
    'tui.alternate_screen = "sometimes"': "config.type",
    "tui.model_availability_nux.any = -1": "config.type",
    "notice.model_migrations.any = 1": "config.type",
    '[[skills.config]]\npath = "/any"': "config.type",
    "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\noauth = { client_id = 1 }": "config.type",
    "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\nhttp_headers = { A = 1 }": "config.type",
    '[model_providers.amazon-bedrock]\nname = "x"': "config.type",
    "[model_providers.amazon-bedrock]\nsupports_websockets = true": "config.type",
    "[model_providers.amazon-bedrock.aws]\nregion = 1": "config.type",
    '[model_providers.amazon-bedrock.aws.auth_refresh]\ncommand = "sso"': "config.type",
    '[model_providers.gcp]\naws = { region = "x" }': "config.type",
    "[tui.keymap.composer]\nqueue = 'ctrl-zz'": "config.type",
    "[tui.keymap.composer]\nqueue = ['a', 'ctrl-control-a']": "config.type",
    "[tui.keymap.global]\nleader = ''": "config.type",
    "[tui.keymap.list]\naccept = 'a b c'": "config.type",
    "memories.min_rate_limit_remaining_percent = 'x'": "config.type",
}
TAKEN = (
    'approval_policy = "on-request"',
    "approval_policy = { never = {} }",
    'model_provider = "ollama"',
    'model_provider = "x"\n[model_providers.x]\nname = "x"',
    'default_permissions = ":workspace"',
    'default_permissions = "mine"\n[permissions.mine]\nextends = ":workspace"',
    'model_instructions_file = "config.toml"',
    "project_doc_max_bytes = 0",
    "notify = ['a', 'b']",
    "mcp_servers.x = { url = 'http://127.0.0.1:1/', startup_timeout_sec = 0.5 }",
    "[marketplaces.x]\nauto_update = false",
    "features.rollout_budget = false",
    "mcp_servers.x = { command = 'x', env_vars = ['A', { name = 'B', source = 'local' }] }",
    "tui.model_availability_nux = { any = 1 }",
    "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\noauth = { client_id = 'x' }",
    "[model_providers.amazon-bedrock.aws]\nregion = 'eu-west-1'\nprofile = 'work'",
    "[model_providers.amazon-bedrock]\nrequires_openai_auth = false\nname = ''",
    "[model_providers.amazon-bedrock-runtime]\nbase_url = 'http://127.0.0.1:1/'",
    "[model_providers.gcp]\nlocation = 'europe-west4'\nproject_id = 'x'",
    "[tui.keymap.composer]\nqueue = ['leader page-up', 'Ctrl-X  ctrl-c', '?', 'shift-alt-F12']",
)


@pytest.fixture(scope="module")
def judge(codex_program: Callable[[str], str]) -> Iterator[Judge]:
    folder = Path(codex_program(VERSION)).parents[2]
    with Judge(native_program(folder)) as found:
        yield found


@pytest.mark.parametrize(("text", "finding"), REFUSED.items())
def test_a_value_that_codex_refuses(text: str, finding: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(text)

    report = home.report()

    assert [(f.id, f.status) for f in report.findings if f.area == "config"] == [
        (finding, Status.FAIL)
    ]


@pytest.mark.parametrize("text", TAKEN)
def test_a_value_that_codex_takes(text: str, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(text)

    assert home.scan().config.rejected is None


@pytest.mark.codex
def test_codex_refuses_and_takes_the_same(judge: Judge) -> None:
    refused = [judge.ask(text).taken for text in REFUSED]
    taken = [judge.ask(text) for text in TAKEN]

    assert refused == [False] * len(REFUSED)
    assert [verdict.said for verdict in taken] == [""] * len(TAKEN)


@pytest.mark.codex
@pytest.mark.slow
def test_every_rule_agrees_with_codex(judge: Judge) -> None:
    tried = list(cases(load(NEWEST), judge.file))
    assert len(tried) > 1_000
    if not EVERYTHING:
        tried = random.Random(VERSION).sample(tried, SAMPLE)

    assert list(compared(judge, tried, VERSION)) == []


@pytest.mark.codex
@pytest.mark.slow
@pytest.mark.parametrize("version", versions()[:-1], ids=lambda found: ".".join(map(str, found)))
def test_the_rules_of_an_older_codex_agree_with_it(
    version: Version, codex_program: Callable[[str], str]
) -> None:
    name = ".".join(map(str, version))
    with Judge(native_program(Path(codex_program(name)).parents[2])) as judge:
        tried = list(cases(load(version), judge.file))
        if not EVERYTHING:
            tried = random.Random(name).sample(tried, OLDER_SAMPLE)

        assert list(compared(judge, tried, name)) == []


@pytest.mark.codex
@pytest.mark.slow
def test_measuring_again_gives_the_same_rules(judge: Judge) -> None:
    document = load(NEWEST).document("config")
    learn(document)
    asked = {"words", "min", "max", "above", "finite", "filled", "full", "only"}
    asked |= {"with", "file", "one", "needs"}
    plain = [
        way
        for way, rule in document.items()
        if rule["is"] and not way.startswith(("hooks.", "model_providers.")) and "keys" not in rule
    ]
    for way in random.Random(VERSION).sample(sorted(plain), MEASURED_AGAIN):
        again = Probe(judge, split(way), fitting(split(way), document)).measure()
        kept = document[way]
        assert {k: v for k, v in again.items() if k in asked or k == "is"} == {
            k: v for k, v in kept.items() if k in asked or k == "is"
        }, way


def test_the_rules_of_the_nearest_version_that_is_not_newer() -> None:
    assert measured((999, 0, 0)).version == VERSION
    assert measured((0, 1, 0)).version == ".".join(map(str, versions()[0]))
    assert measured(NEWEST).version == VERSION


def test_what_moved_between_two_versions_is_said() -> None:
    moved = list(differences(load((0, 169, 0)), load((0, 171, 0))))

    assert "marketplaces.*.auto_update: new: {'is': 'b'}" in moved
    assert "feature tui_workspace: was under development false, is stable true" in moved
    assert list(differences(load(NEWEST), load(NEWEST))) == []


def test_what_moved_in_another_document_is_said() -> None:
    path = Path(rules.__file__).with_name(f"{VERSION}.json")
    data = json.loads(path.read_text())
    data["documents"]["manifest"][""] = {"s": "name"}

    moved = list(differences(load(NEWEST), Measured(data)))

    assert "manifest: version: no longer known" in moved
    assert all(line.startswith("manifest: ") for line in moved)


def test_words_and_names_for_other_checks() -> None:
    found = load(NEWEST)

    assert "writes" in found.words("config", "mcp_servers.*.default_tools_approval_mode")
    assert {"url", "command", "http_headers_helper"} <= found.names("config", "mcp_servers.*")
    assert found.words("config", "model") == ()
    assert found.features["memories"] == "stable false"


def test_a_codex_newer_than_the_rules_is_said(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config('model = "x"\n')
    program = tmp_path / "opt/Caskroom/codex/999.0.0/codex"
    program.parent.mkdir(parents=True)
    program.write_text("")
    program.chmod(0o755)
    home.environ["PATH"] = str(program.parent)

    found = next(f for f in home.report().findings if f.id == "config.rules-older")

    assert found.status is Status.INFO
    assert VERSION in found.detail


def test_what_the_rules_do_not_judge_is_counted(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config(
        "[mcp_servers.x]\nurl = 'http://127.0.0.1:1/'\n"
        "oauth = { authorization_server_issuer = 'http://127.0.0.1:1/' }\n"
    )

    area = next(area for area in home.report().areas if area.name == "config")

    assert area.summary.endswith("; 1 value was not checked")
    assert f"rules of Codex {VERSION}" in area.summary


def test_a_large_config_is_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write_config("# " + "x" * (2 << 20) + '\nmodel_verbosity = "loud"\n')

    assert [f.id for f in home.report().findings if f.area == "config"] == ["config.type"]
