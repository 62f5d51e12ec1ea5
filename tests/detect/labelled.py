"""The labelled sets, one JSON object a line, written by hand and not from the detectors' rules."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

SETS = Path(__file__).parent / "sets"


def read_set(name: str) -> list[dict[str, Any]]:
    """The rows of the set *name*; ``¦`` in them splits keys that public scanners would stop."""
    lines = (SETS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line.replace("¦", "")) for line in lines]
