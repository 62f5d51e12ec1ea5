"""Mem0's OpenAPI document against a real server: schemathesis finds nothing to complain about."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.contract import amended
from tests.support.serving import KEY, Serving

_SETTINGS = """\
# A scope without an entity and a batch of unknown ids fit the schema and are refused all the same.
[checks]
positive_data_acceptance.expected-statuses = ["2xx", "400", "404"]
"""


@pytest.mark.slow
def test_every_operation_answers_as_documented(server: Serving, tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(amended()), encoding="utf-8")
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(_SETTINGS, encoding="utf-8")
    program = Path(sys.executable).with_name("st" + (".exe" if os.name == "nt" else ""))
    result = subprocess.run(
        [
            str(program), "--config-file", str(settings), "run", str(document),
            "--url", server.url,
            "--header", f"Authorization: Token {KEY}",
            "--seed", "20260101",
            "--max-examples", "20",
            "--request-timeout", "120",
            "--generation-database", "none",
            "--no-color",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=3600,
        cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Selected: 26/26" in result.stdout
    assert not [line for line in server.lines if "Traceback" in line]
