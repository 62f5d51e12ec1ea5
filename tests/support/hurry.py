"""How much time hooks have, whoever starts them."""

from __future__ import annotations

import os
from pathlib import Path

ENOUGH = 40
"""Seconds: more than a hook takes on a busy machine."""
_UNHURRIED = Path(__file__).parent / "unhurried"


def hooks_have(seconds: float) -> dict[str, str]:
    """Variables with which each event's hook has *seconds*."""
    paths = (str(_UNHURRIED), os.environ.get("PYTHONPATH", ""))
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "HOOK_SECONDS": str(seconds)}
