"""Records sessions of the real Codex for the tests here: ``python -m tests.evidence.record``.

Each session goes through ``codex app-server``, with a real ``mem0-tui serve`` and the bundle's
hooks; the model is a stand-in. What the stand-in was sent is the truth that the index is held to: a
memory was given to a session when its text stood in something that the model was sent and had not
written itself.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.codex.appserver import app_server
from tests.codex.conftest import CACHE
from tests.codex.conversation import converse, use
from tests.codex.homes import Home
from tests.codex.model import Model, call, say, standin
from tests.codex.test_against_codex import real_home
from tests.codex.test_plugin_with_codex import ask, installer, trust
from tests.support.hurry import ENOUGH, hooks_have
from tests.support.serving import KEY, Serving, serving

VERSIONS = ("0.171.0", "0.150.0")
RECORDED = Path(__file__).parent / "recorded"
STORED = {
    "database": ("We chose PostgreSQL over MySQL for the orders database", "decision"),
    "releases": ("Releases go out every Thursday at noon", "environmental"),
    "branches": ("Branches are named after the ticket", "environmental"),
    "linker": ('The linker runs twice because of the "symbols" step', "environmental"),
    "currency": ("Prices are kept in cents, never in floating point", "environmental"),
    "mail": ("Invoices are mailed as PDF by the night job", "environmental"),
    "cache": ("The cache of images is emptied by hand on Mondays", "environmental"),
    "never": ("Nobody ever asks about the colour of the bicycle shed", "environmental"),
}
WRITTEN = ("Columns are added with a migration", "Shipping costs depend on the weight")
_LONG = ("base_instructions", "state", "dynamic_tools")


def search(query: str, number: int = 1) -> dict[str, Any]:
    """The model searches memories."""
    given = {"query": query, "top_k": 1, "user_id": "kim", "app_id": "work"}
    return _mcp("search_memories", number, **given)


def _mcp(tool: str, number: int, **arguments: Any) -> dict[str, Any]:
    return {**call(tool, arguments, namespace="mcp__mem0"), "call_id": f"call_{tool}_{number}"}


def code(number: int, script: str) -> dict[str, Any]:
    """The model runs JavaScript."""
    item = {"type": "custom_tool_call", "id": f"ct_{number}", "call_id": f"call_exec_{number}"}
    return {**item, "name": "exec", "input": script}


class Recording:
    """A home with real hooks, a real server, and what is stored there."""

    def __init__(self, folder: Path, version: str, served: Serving, program: str = "") -> None:
        """*program* is Codex of that *version*, by default the one that other tests installed."""
        self.version, self.served = version, served
        program = program or str(CACHE / version / "node_modules" / ".bin" / "codex")
        self.home: Home = real_home(folder, program)
        self.home.environ |= {"MEM0_TUI_SERVE_KEY": KEY, "USER": "kim", "SHELL": "/bin/sh"}
        self.home.environ |= hooks_have(ENOUGH)
        ways = ("--mcp", "--hooks") if version == "0.150.0" else ()
        installer(self.home, "install", "--yes", *ways, "--url", served.url)
        trust(self.home)
        self.ids = {name: self.add(*given) for name, given in STORED.items()}
        self.given: dict[str, set[str]] = {}
        self.written: dict[str, list[str]] = {}

    def add(self, text: str, kind: str) -> str:
        body = {"messages": [{"role": "user", "content": text}], "user_id": "kim", "app_id": "work"}
        made = ask(
            self.served,
            "POST",
            "/v3/memories/add/",
            {**body, "metadata": {"type": kind}, "infer": False},
        )
        return str(made["results"][0]["id"])

    def label(self, model: Model, forks: dict[str, str] | None = None) -> None:
        """Note which memories each thread was sent; a fork (of a thread by that id) is not sent
        again what its origin was."""
        texts = {self.ids[name]: memory for name, (memory, _) in STORED.items()}
        for thread, _, id_, _ in sent_to(model, texts, forks):
            self.given.setdefault(thread, set()).add(id_)


def sent_to(
    model: Model, texts: Mapping[str, str], forks: Mapping[str, str] | None = None
) -> set[tuple[str, str, str, str]]:
    """Thread, turn and memory of all that *model* was sent of *texts*, which are by id, each time
    that it stood in something new, and whether a ``hook`` or a ``tool`` gave it."""
    seen: dict[str, set[str]] = {}
    found: set[tuple[str, str, str, str]] = set()
    for request in model.requests:
        about = json.loads(request["client_metadata"]["x-codex-turn-metadata"])
        thread = str(about["thread_id"])
        known = seen.setdefault(thread, set(seen.get((forks or {}).get(thread, ""), ())))
        for item in request["input"]:
            said = json.dumps(item, ensure_ascii=False)
            if said in known or not _is_sent(item):
                continue
            known.add(said)
            plain, by = said.replace("\\", ""), "hook" if "role" in item else "tool"
            there = (id_ for id_, text in texts.items() if text in plain)
            found |= {(thread, str(about.get("turn_id")), id_, by) for id_ in there}
    return found


def _is_sent(item: dict[str, Any]) -> bool:
    """Whether the model was told this, and did not say it."""
    return item.get("role") != "assistant" and not str(item.get("type")).endswith("_call")


def record_work(made: Recording) -> None:
    """Recall, search, reading, writing, refusals, a citation, a compaction."""
    ids = made.ids
    script = [
        [search("currency of prices in cents")],
        [_mcp("add_memory", 2, text=WRITTEN[0], infer=False, user_id="kim", app_id="work")],
        [_mcp("get_memory", 3, memory_id=ids["branches"])],
        [_mcp("update_memory", 4, memory_id=ids["never"], text="x")],
        [_mcp("get_memory", 5, memory_id="nonesuch")],
        [_mcp("delete_memory", 6, memory_id=ids["never"])],
        [call("exec_command", {"cmd": "echo hello > made.txt"})],
        [say(f"It is in PostgreSQL [mem0:{ids['database'][:8]}].")],
    ]
    with standin(*script) as model:
        use(made.home, model)
        with app_server(made.home) as codex:
            talk = converse(codex, made.home)
            talk.say("Which database holds the orders? Please add a currency column there.")
            talk.compact()
            model.script = [[say("On Thursday.")]]
            talk.say("When do our releases go out?")
        made.label(model)
    made.written[talk.thread] = [WRITTEN[0]]


def record_helper(made: Recording) -> None:
    """A subagent that searches; the one that sent it does not."""
    task = "Please find out in depth why the linker runs twice."

    def answer(request: dict[str, Any]) -> list[dict[str, Any]]:
        given = [item for item in request["input"] if item.get("type") == "function_call_output"]
        if any(task in json.dumps(item) for item in request["input"] if "role" in item):
            return [[search("why the linker runs twice")], [say("It is called twice.")]][
                bool(given)
            ]
        if not given:
            spawned = call("spawn_agent", {"message": task}, namespace="multi_agent_v1")
            return [{**spawned, "call_id": "m1"}]
        if len(given) == 1:
            (agent,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", json.dumps(given[0]["output"]))
            waiting = {"targets": [agent], "timeout_ms": 60_000}
            return [{**call("wait_agent", waiting, namespace="multi_agent_v1"), "call_id": "m2"}]
        return [say("Done by the helper.")]

    with standin() as model:
        model.choose = answer
        with using(made, model) as codex:
            converse(codex, made.home).say("Please make the nightly build of the shop faster.")
        made.label(model)


def record_revert(made: Recording) -> None:
    """A turn that is taken back, and another in its place; then a fork."""
    script = [
        [search("mailing invoices as PDF", 1)],
        [say("By the night job.")],
        [say("Fine.")],
        [search("cache of images", 2)],
        [say("By hand.")],
        [say("As before.")],
    ]
    with standin(*script) as model:
        with using(made, model) as codex:
            talk = converse(codex, made.home)
            turn = talk.say("How do invoices get to people?")
            talk.say("Thanks, noted.")
            if made.version == "0.150.0":
                answer = codex.ask("thread/rollback", {"threadId": talk.thread, "numTurns": 2})
                assert "result" in answer, answer
            else:
                talk.revert(turn)
            talk.say("Who empties the images?")
            fork = talk.fork()
            fork.say("And in the other way?")
        made.label(model, {fork.thread: talk.thread})


def record_code(made: Recording) -> None:
    """Code mode: a result that is shown, one that is not, texts only, a name that is computed."""
    want = "{query: %s, top_k: 1, user_id: 'kim', app_id: 'work'}"
    find = "const r = await tools.mcp__mem0__search_memories(" + want + ");"
    texts = "text(r.structuredContent.results.map(m => m.memory).join('\\n'));"
    hidden = "const name = 'search' + '_memories'; const r = await tools['mcp__mem0__' + name]("
    script = [
        [code(1, find % "'currency of prices in cents'" + " text(r);")],
        [code(2, find % "'mailing invoices as PDF'" + " text('found');")],
        [code(3, find % "'why the linker runs twice'" + texts)],
        [code(4, hidden + want % "'cache of images'" + "); text(r.content[0].text);")],
        [
            code(
                5,
                f"await tools.mcp__mem0__add_memory({{text: '{WRITTEN[1]}', infer: false,"
                " user_id: 'kim', app_id: 'work'}); text('kept');",
            )
        ],
        [say("All done.")],
    ]
    made.home.add_config("[features]\ncode_mode = true\n")
    with standin(*script) as model:
        with using(made, model) as codex:
            talk = converse(codex, made.home)
            talk.say("Please look up a few things about the shop.")
        made.label(model)
    made.written[talk.thread] = [WRITTEN[1]]


def using(made: Recording, model: Model) -> Any:
    """An app-server whose model is *model*."""
    config = made.home.config.read_text(encoding="utf-8")
    if "model_providers.standin" not in config:
        use(made.home, model)
        return app_server(made.home)
    port = rf"\g<1>{model.port}/v1"
    made.home.write_config(re.sub(r"(http://127\.0\.0\.1:)\d+/v1", port, config))
    return app_server(made.home)


def keep(made: Recording, folder: Path) -> None:
    """Write what was recorded below *folder*, without what is long and of no use, or of here."""
    home = str(made.home.folder)
    for file in sorted((made.home.codex_home / "sessions").rglob("*.jsonl")):
        target = folder / file.relative_to(made.home.codex_home)
        target.parent.mkdir(parents=True, exist_ok=True)
        lines = [_short(line) for line in file.read_text(encoding="utf-8").splitlines()]
        text = "".join(f"{line}\n" for line in lines).replace(home, "/home/kim")
        target.write_text(text.replace(str(made.home.root), "/home/kim"), encoding="utf-8")
    truth = {
        "ids": made.ids,
        "given": {thread: sorted(ids) for thread, ids in sorted(made.given.items())},
        "written": made.written,
    }
    (folder / "truth.json").write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8")


def _short(line: str) -> str:
    record = json.loads(line)
    payload = record["payload"]
    for name in _LONG:
        if name in payload:
            payload[name] = {}
    content = payload.get("content")
    for part in content if isinstance(content, list) else []:
        if str(part.get("text", "")).startswith("<skills_instructions>"):
            part["text"] = "<skills_instructions>"
    payload.pop("permission_profile", None)
    if isinstance(payload.get("thread_settings"), dict):
        payload["thread_settings"].pop("permission_profile", None)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def main(versions: list[str]) -> None:
    for version in versions or list(VERSIONS):
        with tempfile.TemporaryDirectory() as name, serving(Path(name) / "store.db") as served:
            served.warm_up()
            made = Recording(Path(name) / "machine", version, served)
            for session in (record_work, record_helper, record_revert, record_code):
                session(made)
            keep(made, RECORDED / version)


if __name__ == "__main__":
    main(sys.argv[1:])
