"""What the command line promises on Mem0's own MCP server 0.2.1, and what an undo there gives back.

The server has no option for the host of its REST API: the driver that starts it names another one
to its client, a real ``mem0-tui serve``, and changes nothing else. Fields are compared there, as
the REST API answers them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Program
from tests.e2e.clients import CACHE, MCP_SERVER, ClientsUnavailableError, install
from tests.e2e.reference import reference_server
from tests.support.serving import KEY, Serving, serving

pytestmark = [pytest.mark.clients, pytest.mark.slow]

Row = dict[str, Any]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("served") / "memories.db") as running:
        yield running


@pytest.fixture(scope="module")
def url(served: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        binaries = install(CACHE, MCP_SERVER)
    except ClientsUnavailableError as error:
        pytest.skip(f"mem0-mcp-server cannot be installed: {error}")
    with reference_server(binaries, tmp_path_factory.mktemp("mcp"), served.url, KEY) as found:
        yield found


@pytest.fixture
def program(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Program:
    """The command line, with Mem0's MCP server as its backend."""
    made = Program(capsys, monkeypatch)
    made.options = ("--backend", "mcp", "--url", url, "--write")
    return made


class Upstream:
    """The REST API behind the MCP server."""

    def __init__(self, served: Serving) -> None:
        headers = {"Authorization": f"Token {KEY}"}
        self._http = httpx.Client(base_url=served.url, headers=headers, timeout=60)

    def add(self, text: str) -> str:
        body = {
            "messages": [{"role": "user", "content": text}],
            "user_id": "kim",
            "app_id": "shop",
            "run_id": "r1",
            "metadata": {"type": "decision", "files": ["a.py", "b.py"], "weight": 0.5},
            "expiration_date": "2099-12-31",
            "timestamp": 1_700_000_000,
            "infer": False,
        }
        answer = self._http.post("/v3/memories/add/", json=body).raise_for_status()
        return str(answer.json()["results"][0]["id"])

    def get(self, memory_id: str) -> Row | None:
        """All fields of a memory; None where it is gone."""
        answer = self._http.get(f"/v1/memories/{memory_id}/")
        if answer.status_code == 404:
            return None
        row: Row = answer.raise_for_status().json()
        return row

    def rows(self) -> list[Row]:
        body = {"filters": {"user_id": "kim"}, "show_expired": True}
        answer = self._http.post("/v3/memories/?page_size=200", json=body).raise_for_status()
        return list(answer.json()["results"])

    def close(self) -> None:
        self._http.close()


@pytest.fixture
def upstream(served: Serving) -> Iterator[Upstream]:
    made = Upstream(served)
    yield made
    made.close()


def differing(before: Row | None, after: Row | None) -> set[str]:
    """The names of the fields in which two answers differ."""
    assert before is not None
    assert after is not None
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_a_delete_promises_no_undo_and_has_none(program: Program, upstream: Upstream) -> None:
    doomed, other = upstream.add("Deploys are on Tuesdays."), upstream.add("Use RS256.")
    before = upstream.rows()
    shown = program("rm", doomed, "--dry-run").out
    assert "cannot be undone here: mcp cannot add text verbatim" in shown
    for words, typed in ((["--yes"], None), (["--yes"], "y\n"), ([], "y\n"), ([], "\n")):
        refused = program("rm", doomed, *words, typed=typed)
        assert (refused.code, upstream.rows()) == (3, before), words

    removed = program("rm", doomed, typed="delete\n")
    assert removed.code == 0, removed.err
    assert "cannot be undone here" in removed.err
    assert "mem0-tui undo" not in removed.err + removed.out
    assert upstream.get(doomed) is None
    left = upstream.rows()
    assert left == [row for row in before if row["id"] != doomed], "nothing else was touched"

    back = program("undo", "-y")
    assert back.code == 3
    assert "cannot be taken back here" in back.err
    assert "Cannot be put back here" in program("trash").err
    assert upstream.rows() == left, "an undo that gives nothing back adds nothing either"

    # What cannot be taken back does not stand in the way of what can.
    assert program("edit", other, "--text", "Use RS512.", "-y").code == 0
    assert program("undo", "-y").code == 0
    undone = upstream.get(other)
    assert undone is not None
    assert undone["memory"] == "Use RS256."


def test_an_edit_of_the_text_is_undone_field_by_field(program: Program, upstream: Upstream) -> None:
    memory_id = upstream.add("Deploys are on Tuesdays.")
    before, others = upstream.get(memory_id), upstream.rows()
    changed = "Deploys are on Mondays, at noon."
    shown = program("edit", memory_id, "--text", changed, "--dry-run").out
    assert "cannot be undone" not in shown
    assert upstream.get(memory_id) == before

    assert program("edit", memory_id, "--text", changed, "-y").code == 0
    after = upstream.get(memory_id)
    assert after is not None
    assert after["memory"] == changed
    assert differing(before, after) == {"memory", "hash", "updated_at"}

    undone = program("undo", "-y")
    assert undone.code == 0, undone.err
    assert differing(before, upstream.get(memory_id)) == {"updated_at"}
    assert program("redo", "-y").code == 0
    again = upstream.get(memory_id)
    assert differing(after, again) == {"updated_at"}
    for row in others:
        if row["id"] != memory_id:
            assert upstream.get(row["id"]) == row


@pytest.mark.parametrize(
    "words", [("--meta", "type=convention"), ("--expires", "2030-01-01"), ("--meta", "pinned=true")]
)
def test_an_edit_that_the_server_cannot_make_changes_nothing(
    program: Program, upstream: Upstream, words: tuple[str, ...]
) -> None:
    memory_id = upstream.add(f"Unchanged by {' '.join(words)}.")
    before = upstream.get(memory_id)
    refused = program("edit", memory_id, *words, "-y")
    assert refused.code == 3, refused.out + refused.err
    assert "mcp cannot" in refused.err
    assert upstream.get(memory_id) == before


def test_deleting_by_query_counts_what_cannot_be_put_back(
    program: Program, upstream: Upstream
) -> None:
    for number in range(3):
        upstream.add(f"Noise of the nightly build, number {number}.")
    kept = [row for row in upstream.rows() if "nightly" not in row["memory"]]
    shown = program("rm", "--query", "nightly", "--dry-run").out
    assert "3" in shown
    assert "cannot be undone here" in shown
    assert program("rm", "--query", "nightly", "--yes").code == 3
    removed = program("rm", "--query", "nightly", "--without-undo", "--yes")
    assert removed.code == 0, removed.err
    assert upstream.rows() == kept
