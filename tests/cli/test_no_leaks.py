"""A run of everything over a store full of made-up secrets: only the store and the journal hold
one whole."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from mem0_tui.backends.local import LocalBackend
from mem0_tui.model.entity import Scope
from mem0_tui.model.memory import Draft
from mem0_tui.model.secret import find
from mem0_tui.server.access_log import RequestLines
from mem0_tui.server.auth import Access
from mem0_tui.server.rest.routes import platform_app
from mem0_tui.server.service import Service
from mem0_tui.store.store import MemoryStore, open_store
from mem0_tui.tui.app import Mem0App
from tests.cli.conftest import Program
from tests.detect.labelled import read_set
from tests.tui.harness import bench, browse, notices, press, settle, text_of

SCOPE = Scope(user_id="kim", app_id="shop")
SHORTEST = 8
"""Characters from which on a value in a file comes from its memory and from nowhere else."""


def _seen(row: dict[str, Any]) -> bool:
    start, end = row["text"].index(row["secret"]), row["text"].index(row["secret"])
    end += len(row["secret"])
    return any(hit.start <= start + 1 and hit.end >= end - 1 for hit in find(row["text"]))


ROWS = [row for row in read_set("secrets") if _seen(row)][::2]
SECRETS = sorted(
    {
        # Of a key in a block what lies between its first and its last line.
        row["secret"].split("-----")[2].strip() if "-----" in row["secret"] else row["secret"]
        for row in ROWS
    }
)
SECRETS = [secret for secret in SECRETS if len(secret) >= SHORTEST]


def whole(data: str) -> list[str]:
    """The secrets that *data* holds, also as JSON or SVG writes them."""
    plain = data.replace("&#160;", " ").replace("&amp;", "&").replace("\\/", "/")
    forms = (data, plain)
    return [
        secret
        for secret in SECRETS
        if any(secret in form or json.dumps(secret)[1:-1] in form for form in forms)
    ]


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which every memory holds a secret, some of them twice."""
    path = tmp_path_factory.mktemp("full") / "memories.db"
    store = open_store(path)
    drafts = [Draft(row["text"], SCOPE, {"type": "decision"}) for row in ROWS]
    drafts += [
        Draft(f"harmless {n}", SCOPE, {"password": row["secret"], "notes": row["text"]})
        for n, row in enumerate(ROWS[::9])
    ]
    asyncio.run(_add(store, drafts))
    store.close()
    return path


async def _add(store: MemoryStore, drafts: Sequence[Draft]) -> None:
    await store.add_many(drafts)


@pytest.fixture
def leaky(program: Program, full: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program on a copy of the full store."""
    path = tmp_path / "memories.db"
    path.write_bytes(full.read_bytes())
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    program.options = ("--store", str(path))
    return program


def files(folder: Path) -> Iterator[Path]:
    """Every file but the store and the journal."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith(("memories.db", "journal.db")):
            yield path


def commands(folder: Path, ids: list[str]) -> Iterator[tuple[str, ...]]:
    """One of every command that shows or writes memories."""
    one, two, three, four = ids[:4]
    yield from (("list", "--limit", "1000"), ("list", "--limit", "1000", "--wide"), ("entities",))
    yield from (("show", each) for each in ids[::25])
    yield from (("search", "--keyword", "password", "--limit", "50"), ("history", one))
    yield from (("audit",), ("audit", "--md"), ("review",), ("verify",), ("journal",), ("doctor",))
    yield from (("review", queue) for queue in ("secrets", "conflicts"))
    yield ("review", "secrets", "--plan-out", str(folder / "redactions.json"))
    yield ("review", "secrets", "--dry-run")
    yield ("export", str(folder / "out.jsonl"))
    yield ("export", str(folder / "out.md"))
    yield ("export",)
    yield ("rm", "--query", "password", "--plan-out", str(folder / "deletes.json"))
    yield ("edit", one, "--type", "convention", "--plan-out", str(folder / "edit.json"))
    yield (
        "edit",
        "--query",
        "harmless",
        "--meta",
        "seen=yes",
        "--plan-out",
        str(folder / "m.json"),
    )
    yield ("apply", str(folder / "m.json"), "--yes")
    yield ("edit", two, "--text", "the rest of it is gone", "--yes")
    yield ("undo", "--yes")
    yield ("redo", "--yes")
    yield ("merge", ids[7], ids[8], "--dry-run")
    yield from (("sessions",), ("codex", "status"), ("scopes",))
    yield ("move", three, "--app", "another", "--yes")
    yield ("rm", three, four, "--yes")
    yield from (("trash",), ("restore", four, "--dry-run"), ("history", four))
    yield ("restore", four, "--yes")
    yield ("rm", "--scope", "app:another", "--confirm-scope", "app:another", "--yes")
    yield ("rm", "--scope", "user:kim", "--dry-run")
    yield ("purge", three, "--dry-run")
    yield ("edit", ids[5], "--redact", "--without-undo")


def test_no_command_prints_or_writes_one(leaky: Program, tmp_path: Path) -> None:
    assert len(SECRETS) > 100
    ids = [memory["id"] for memory in leaky.json("list", "--limit", "1000")["memories"]]
    for number, words in enumerate(commands(tmp_path, ids)):
        result = leaky(*words) if number % 2 else leaky("--debug", *words)
        assert result.code in (0, 1, 2, 3, 5), (words, result.err)
        assert not whole(result.out + result.err), words
        if "--plan-out" in words or words[0] in ("apply", "undo", "redo", "restore", "rm", "move"):
            continue
        result = leaky(*words, "--json")
        assert not whole(result.out + result.err), (*words, "--json")
    written = list(files(tmp_path))
    assert {"out.jsonl", "out.md", "redactions.json", "deletes.json", "edit.json"} <= {
        path.name for path in written
    }
    for path in written:
        assert not whole(path.read_text(encoding="utf-8", errors="replace")), path
    assert whole((tmp_path / "memories.db").read_bytes().decode("utf-8", "replace"))


def test_the_server_logs_none(full: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "memories.db"
    path.write_bytes(full.read_bytes())
    told: list[str] = []
    service = Service(LocalBackend(open_store(path)))
    app = RequestLines(platform_app(service, Access(None)), told.append)
    secret = next(each for each in SECRETS if each.startswith("sk-"))
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        client.get(f"/v1/memories/{secret}/")
        client.get("/v1/memories/", params={"query": secret})
        body = {"filters": {"user_id": "kim"}}
        masked = client.post("/v3/memories/", json=body, headers={"X-Mem0-Tui-Mask": "1"}).text
        assert '"masked":true' in masked.replace(" ", "")
        assert not whole(masked)
        assert whole(client.post("/v3/memories/", json=body).text), "clients get what is stored"

        def fail(*_: object) -> None:
            raise RuntimeError(f"what failed was about {secret}")

        service.row = fail  # type: ignore[method-assign, assignment]
        answer = client.get("/v1/memories/11111111-1111-4111-8111-111111111111/")
        assert answer.status_code == 500
        assert not whole(answer.text)
    logged = "\n".join([*told, *(record.getMessage() for record in caplog.records)])
    assert "RuntimeError" in logged
    assert not whole(logged)


@pytest.mark.anyio
async def test_no_picture_of_the_screen_shows_one(tmp_path: Path) -> None:
    with bench(tmp_path, count=0) as desk:
        await desk.store.add_many([Draft(row["text"], SCOPE, {}) for row in ROWS[::6]])
        app = desk.app()
        pictures: list[str] = []
        errors = io.StringIO()
        with redirect_stderr(errors):
            async with app.run_test(size=(160, 50)) as pilot:
                await settle(pilot)

                def look(app: Mem0App = app) -> None:
                    picture = app.export_screenshot(simplify=True)
                    pictures.append(picture + text_of(app) + notices(app) + app.title)

                look()
                # Only the edit pane shows a text as it is: it is edited there.
                for key in ("3", "h", "2", "d", "j", "d", "a"):
                    await press(pilot, key)
                    look()
                await press(pilot, "escape")
                browse(app)
        assert len(pictures) == 8
        for picture in pictures:
            assert not whole(picture)
        assert not whole(errors.getvalue())
