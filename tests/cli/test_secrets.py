"""A key in a memory is neither shown nor exported whole unless it is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from mem0_tui.codex.files.mask import masked_settings
from tests.cli.conftest import Program

KEY = "sk-ant-api03-Ab12Cd34Ef56Gh78"


@pytest.fixture
def leaky(store: Program, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """A store with a key in a text and in metadata."""
    # A redaction looks through what others leave in the system's folder, too.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    store.add(f"the key is {KEY}", "--meta", "password=hunter2hunter")
    return store


def test_no_command_for_people_shows_a_key_whole(leaky: Program) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    shown = [
        leaky("list"),
        leaky("search", "--keyword", "key"),
        leaky("show", id_),
        leaky("history", id_),
        leaky("rm", id_, "--dry-run"),
        leaky("edit", id_, "--text", f"{KEY} it is", "--meta", "password=hunter3hunter", "-n"),
        leaky("rm", id_, "--yes"),
        leaky("trash"),
        leaky("restore", id_, "--dry-run"),
        leaky("add", f"another {KEY}", "--dry-run"),
    ]
    for result in shown:
        assert result.code == 0, result.err
        assert KEY not in result.out + result.err
        assert "hunter2" not in result.out + result.err
    assert "sk-ant-…Gh78" in shown[0].out


def test_they_are_shown_when_asked_for(leaky: Program) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    assert KEY in leaky("list", "--show-secrets").out
    assert KEY in leaky("--show-secrets", "show", id_).out
    assert leaky.json("show", id_, "--show-secrets")["memory"]["text"] == f"the key is {KEY}"


def test_no_document_holds_a_key_whole(leaky: Program) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    for arguments in (
        ("list",),
        ("search", "--keyword", "key"),
        ("show", id_),
        ("history", id_),
        ("review", "secrets"),
        ("audit",),
        ("export",),
        ("edit", id_, "--text", f"{KEY} it is", "--meta", "password=hunter3hunter", "-n"),
        ("rm", id_, "--yes"),
        ("trash",),
        ("restore", id_, "--dry-run"),
        ("add", f"another {KEY}", "--dry-run"),
    ):
        result = leaky(*arguments, "--json")
        assert result.code in (0, 1), result.err
        assert KEY not in result.out + result.err, arguments
        assert "hunter2" not in result.out + result.err, arguments


@pytest.mark.parametrize("name", ["out.jsonl", "out.md"])
def test_an_export_masks_secrets_and_an_import_puts_no_mask_over_one(
    leaky: Program, tmp_path: Path, name: str
) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    file = tmp_path / name
    told = leaky("export", str(file))
    assert "Secrets in 1 memory are masked; --with-secrets keeps them." in told.err
    assert KEY not in file.read_text()
    assert "hunter2" not in file.read_text()
    before = leaky.json("show", id_, "--show-secrets")["memory"]
    for option in ((), ("--overwrite",)):
        result = leaky("import", str(file), *option)
        assert "already there" in result.err
        assert leaky.json("show", id_, "--show-secrets")["memory"] == before
    leaky("edit", id_, "--text", f"now {KEY} is it", "--yes")
    result = leaky("import", str(file), "--overwrite")
    assert "no mask over a secret" in result.err
    assert KEY in leaky("show", id_, "--show-secrets").out


def test_an_export_with_secrets_is_whole_and_comes_back_whole(
    leaky: Program, tmp_path: Path
) -> None:
    file = tmp_path / "out.jsonl"
    told = leaky("export", str(file), "--with-secrets")
    assert "masked" not in told.err
    assert KEY in file.read_text()
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    leaky("rm", id_, "--yes")
    assert leaky("import", str(file)).code == 0
    assert KEY in leaky("list", "--show-secrets").out


def test_a_change_of_nothing_but_a_key_is_told(leaky: Program) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    changed = f"the key is {KEY[:-8]}1111{KEY[-4:]}"
    result = leaky("edit", id_, "--text", changed, "--dry-run")
    assert "what differs is masked" in result.out


SETTINGS = """\
[mcp_servers.mem0]
url = "https://mem0.example"
bearer_token_env_var = "MEM0_API_KEY"
env = { OTHER_TOKEN = "abcdefgh", B = "true" } # "kept"
[mcp_servers.x.env]
OTHER = "unknown-shape"
[mcp_servers.y]
command = "npx"
api_token = "qqqqqq"
"""
JSON = '{"a": {"env": {\n "FOO": "unknown-shape"\n }, "url": "kept"}, "headers": {"X": "abcdefgh"}}'


def test_the_diffs_of_repairs_hold_no_value_of_a_secret() -> None:
    for text in (SETTINGS, JSON):
        shown = masked_settings(text)
        for secret in ("abcdefgh", "unknown-shape", "qqqqqq"):
            assert secret not in shown
        assert shown.count("\n") == text.count("\n")
    for kept in ("https://mem0.example", "MEM0_API_KEY", "npx", '"true"', '"kept"'):
        assert kept in masked_settings(SETTINGS)
    assert '"url": "kept"' in masked_settings(JSON)


@pytest.mark.parametrize("key", ["k", "short"])
def test_a_key_that_can_be_guessed_is_refused(
    store: Program, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    refused = store("serve", "--api-key", key, "--port", "0")
    assert refused.code == 2
    assert "character" in refused.err
    monkeypatch.setenv("MEM0_TUI_SERVE_KEY", key)
    assert "character" in store("serve", "--port", "0").err


def test_a_redaction_asks_for_a_word_and_leaves_no_byte(leaky: Program, tmp_path: Path) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    shown = leaky("edit", id_, "--redact", "--dry-run")
    assert "redact 1 memory" in shown.out
    assert "cannot be undone here: the secrets are taken out of the history" in shown.out
    for way in (("--yes",), ()):
        refused = leaky("edit", id_, "--redact", *way, typed="y\n")
        assert (refused.code, refused.out) == (3, "")
        assert "Type redact to go on" in refused.err
    assert KEY in leaky("show", id_, "--show-secrets").out
    done = leaky("edit", id_, "--redact", typed="redact\n")
    assert done.code == 0, done.err
    assert "nothing is left of them" in done.out
    assert "undo" not in done.err.replace("undone", "")
    memory = leaky.json("show", id_, "--show-secrets")["memory"]
    assert memory["text"] == "the key is [Anthropic key removed]"
    assert memory["metadata"] == {"password": "[password removed]"}
    assert holding(tmp_path, KEY, "hunter2hunter") == []
    assert "cannot be brought back" in leaky("undo", "--yes").err


def test_a_redaction_by_a_script_needs_more_than_yes(leaky: Program, tmp_path: Path) -> None:
    refused = leaky("edit", "--query", "key", "--redact", "--yes")
    assert refused.code == 3
    assert "--without-undo" in refused.err
    done = leaky.json("edit", "--query", "key", "--redact", "--without-undo")
    assert done["report"]["redacted"]["left"] == []
    assert done["plan"]["items"][0]["change"] == "redact"
    assert holding(tmp_path, KEY, "hunter2hunter") == []
    nothing = leaky("edit", "--query", "key", "--redact", "--without-undo")
    assert "No secret is known" in nothing.err


def test_a_redaction_is_no_edit(leaky: Program) -> None:
    (id_,) = [memory["id"] for memory in leaky.json("list")["memories"]]
    refused = leaky("edit", id_, "--redact", "--type", "decision")
    assert refused.code == 2
    assert "--redact cannot be combined with --type" in refused.err


def test_the_queue_proposes_to_redact(leaky: Program, tmp_path: Path) -> None:
    refused = leaky("review", "secrets", "--apply", "--yes")
    assert "Type redact" in refused.err or "--without-undo" in refused.err
    done = leaky("review", "secrets", "--apply", typed="redact\n")
    assert done.code == 0, done.err
    assert holding(tmp_path, KEY, "hunter2hunter") == []


def holding(folder: Path, *values: str) -> list[str]:
    """The files in *folder* that hold one of *values*."""
    return [
        str(path)
        for path in folder.rglob("*")
        if path.is_file() and any(value.encode() in path.read_bytes() for value in values)
    ]
