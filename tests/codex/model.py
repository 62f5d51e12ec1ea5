"""A stand-in for the model, on loopback: answers what the script says and keeps every request."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Model:
    """What the model is to say, answer by answer, and what it was asked."""

    script: list[list[dict[str, Any]]] = field(default_factory=list)
    """The output items of each coming answer; without one, it says "done"."""
    requests: list[dict[str, Any]] = field(default_factory=list)
    port: int = 0
    choose: Callable[[dict[str, Any]], list[dict[str, Any]]] | None = None
    """Answers by the request instead, where several agents ask at once."""

    @property
    def options(self) -> list[str]:
        """Options that make ``codex`` use this model."""
        provider = (
            f'{{name="standin",base_url="http://127.0.0.1:{self.port}/v1",'
            'wire_api="responses",requires_openai_auth=false}'
        )
        given = ('model="standin"', 'model_provider="standin"')
        pairs = [["-c", option] for option in (*given, f"model_providers.standin={provider}")]
        return [word for pair in pairs for word in pair]

    def told(self, index: int = -1) -> str:
        """Everything that one request told the model, as one text."""
        return "\n".join(self.parts(index))

    def parts(self, index: int = -1) -> list[str]:
        """Each text of one request's input."""
        found: list[str] = []
        for item in self.requests[index]["input"]:
            content = item.get("content")
            if isinstance(content, list):
                found += [part.get("text", "") for part in content]
        return found

    def answer(self, request: dict[str, Any]) -> list[dict[str, Any]]:
        if self.choose is not None:
            return self.choose(request)
        return self.script.pop(0) if self.script else [say("done")]


def say(text: str) -> dict[str, Any]:
    """The model speaks."""
    content = [{"type": "output_text", "text": text, "annotations": []}]
    return {"type": "message", "role": "assistant", "id": "msg_1", "content": content}


def call(name: str, arguments: dict[str, Any], *, namespace: str | None = None) -> dict[str, Any]:
    """The model calls a tool."""
    item = {
        "type": "function_call",
        "id": "fc_1",
        "call_id": f"call_{name}",
        "name": name,
        "arguments": json.dumps(arguments),
    }
    return {**item, "namespace": namespace} if namespace else item


def patch(text: str) -> dict[str, Any]:
    """The model edits files."""
    return {
        "type": "custom_tool_call",
        "id": "ct_1",
        "call_id": "call_patch",
        "name": "apply_patch",
        "input": text,
    }


@contextlib.contextmanager
def standin(*script: list[dict[str, Any]]) -> Iterator[Model]:
    """A running stand-in that gives these answers in turn."""
    model = Model(list(script))

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = json.loads(self.rfile.read(length))
            model.requests.append(request)
            body = _events(model.answer(request), len(model.requests))
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    model.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield model
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def _events(items: list[dict[str, Any]], number: int) -> bytes:
    identifier = f"resp_{number}"
    usage = {"input_tokens": 9, "output_tokens": 9, "total_tokens": 18}
    events: list[dict[str, Any]] = [{"type": "response.created", "response": {"id": identifier}}]
    for index, item in enumerate(items):
        events.append({"type": "response.output_item.added", "output_index": index, "item": item})
        events.append({"type": "response.output_item.done", "output_index": index, "item": item})
    completed = {"id": identifier, "output": items, "usage": usage}
    events.append({"type": "response.completed", "response": completed})
    lines = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events]
    return "".join(lines).encode()
