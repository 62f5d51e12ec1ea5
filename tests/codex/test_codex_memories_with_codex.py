"""What mem0-tui changes in Codex's memories is what the real Codex works from next."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.backends.codexmemories.backend import CodexBackend
from mem0_tui.cli.main import main
from mem0_tui.model.memory import Draft
from tests.backends.codexmemories import sample
from tests.backends.codexmemories.test_backend import files
from tests.cli.conftest import Terminal
from tests.codex.appserver import app_server
from tests.codex.conversation import converse, use
from tests.codex.homes import Home
from tests.codex.model import say, standin
from tests.codex.test_against_codex import real_home

pytestmark = pytest.mark.codex

CENTS = "Prices are integers of cents."
NOTE = "Kim moved to Hamburg."


def changed(home: Home, state: Path) -> None:
    """Delete one memory, and leave a note."""

    async def work() -> None:
        backend = CodexBackend(home.codex_home, state)
        page = await backend.list(limit=100)
        [cents] = [memory.id for memory in page.items if memory.text == CENTS]
        assert await backend.delete([cents]) == {cents: None}
        await backend.add(Draft(NOTE))
        await backend.aclose()

    asyncio.run(work())


def test_a_note_and_an_edit_are_in_what_the_next_consolidation_reads(
    tmp_path: Path, codex: str
) -> None:
    home = real_home(tmp_path, codex)
    home.write_config("[features]\nmemories = true\n")
    folder = sample.write(home.codex_home)
    (folder / ".git/HEAD").unlink()
    (folder / ".git").rmdir()
    changed(home, tmp_path / "state")
    diff = folder / "phase2_workspace_diff.md"
    consolidating = threading.Event()
    read: list[str] = []

    def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
        if diff.name in json.dumps(request):
            # Codex takes the file away once this agent has had its answer.
            read.append(diff.read_text())
            consolidating.set()
        return [say("done")]

    with standin() as model:
        model.choose = answer
        use(home, model)
        with app_server(home) as server:
            converse(server, home).say("Hello, where do I live?")
            assert consolidating.wait(300), "Codex consolidates beside the session"
    said = read[0]
    assert f"+{NOTE}" in said
    assert re.search(r"^\+- " + re.escape(CENTS), said, re.M), "the note that says to forget it"
    registry = said.partition("diff --git a/MEMORY.md")[2].partition("diff --git")[0]
    assert CENTS not in registry
    assert "The linker ran twice" in registry


LINE = sample.REGISTRY.split("\n").index(f"- {CENTS}") + 1
CITED = f"""\
Cents, as before.

<oai-mem-citation>
<citation_entries>
MEMORY.md:{LINE}-{LINE}|note=[prices]
</citation_entries>
<rollout_ids>
0199aaaa-0000-7000-8000-000000000001
</rollout_ids>
</oai-mem-citation>"""


def test_an_answer_that_cites_a_memory_of_codex_is_found_by_query_and_in_its_detail(
    tmp_path: Path, codex: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = real_home(tmp_path, codex)
    home.write_config("[features]\nmemories = true\n[memories]\ngenerate_memories = false\n")
    folder = sample.write(home.codex_home)
    with standin([say(CITED)], [say(CITED)]) as model:
        use(home, model)
        with app_server(home) as server:
            converse(server, home).say("How are prices kept?")
    # Codex took it away, for no session in its database is behind it.
    (folder / "rollout_summaries/currency.md").write_text(sample.ROLLOUT)
    for name, value in home.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CODEX_HOME", raising=False)

    def listed(query: str) -> list[dict[str, Any]]:
        assert main(["--backend", "codex", "list", query, "--json"]) == 0
        found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["memories"]
        return found

    cited = listed("cited:yes")
    assert {each["metadata"]["type"] for each in cited} == {"reusable_knowledge", "rollout_summary"}
    assert CENTS in {each["text"] for each in cited}
    assert all(each["use"]["cited"] == 1 and each["use"]["given"] is None for each in cited)
    assert listed("used:0") == [], "what Codex reads by itself is not recorded"
    # Once the file is another, nobody knows which memory an answer of before meant.
    (folder / "MEMORY.md").write_text(sample.REGISTRY.replace(CENTS, "Prices are in euros."))
    assert [each["metadata"]["type"] for each in listed("cited:yes")] == ["rollout_summary"]


def test_a_reset_by_codex_is_taken_back_to_the_byte(
    tmp_path: Path, codex: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = real_home(tmp_path, codex)
    home.write_config("[features]\nmemories = true\n")
    folder = sample.write(home.codex_home)
    shutil.rmtree(folder / ".git")  # Codex makes it anew
    before = files(home.codex_home)
    for name, value in home.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CODEX_HOME", raising=False)
    monkeypatch.setattr(sys, "stdin", Terminal("reset\n"))
    assert main(["--write", "codex-memories", "reset"]) == 0, capsys.readouterr().err
    assert list(folder.iterdir()) == []
    assert main(["--write", "codex-memories", "undo", "--yes"]) == 0
    assert files(home.codex_home) == before
