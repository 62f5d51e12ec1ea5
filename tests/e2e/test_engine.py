"""What the stand-in for Mem0's self-hosted server does, seen on the engine behind that server."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.clients import CACHE, SDK, ClientsUnavailableError, environment, install

PACKAGES = (
    SDK,
    "pgserver==0.1.4",
    "psycopg==3.3.9",
    "psycopg-binary==3.3.9",
    "psycopg-pool==3.3.3",
)
"""The engine, and PostgreSQL with pgvector as a wheel."""


@pytest.mark.clients
@pytest.mark.slow
def test_the_engine_does_what_the_stand_in_does(tmp_path: Path) -> None:
    try:
        binaries = install(CACHE, PACKAGES)
    except ClientsUnavailableError as error:
        pytest.skip(f"PostgreSQL or mem0ai cannot be installed: {error}")
    driver = Path(__file__).with_name("engine_driver.py")
    # pgserver lets root's PostgreSQL run as another user, who has to reach its folder; pytest
    # closes the folder above tmp_path again whenever another run begins.
    with TemporaryDirectory() as folder:
        result = subprocess.run(
            [str(binaries / "python"), str(driver), folder],
            capture_output=True,
            text=True,
            check=False,
            env=environment(tmp_path, OPENAI_API_KEY="none"),
        )
    assert result.returncode == 0, result.stderr
    facts = json.loads(result.stdout.splitlines()[-1])
    assert facts == {
        "search kim": 1200,
        "search *": 1204,
        "search blank": "ValueError",
        "list blank": "ValueError",
        "add blank": "ValueError",
        "add NUL": "UntranslatableCharacter",
        "add 1e400": "InvalidTextRepresentation",
        "add system": [],
        "merged": {"a": 1, "b": 3},
        "role": "assistant",
        "unknown": None,
    }
