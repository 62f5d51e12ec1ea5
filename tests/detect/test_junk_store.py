"""Of 10,134 memories, of which 304 are worth keeping, nearly all others are proposed to go.

The floors are below what is reached, so that they fail where a detector forgets something.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mem0_tui.model.clock import FrozenClock
from mem0_tui.store.store import open_store
from tests.cli.conftest import Program
from tests.detect.junk.store import KEEPERS, NOW, SIZE, Labelled, Worth, junk_store

pytestmark = pytest.mark.anyio

program = Program
