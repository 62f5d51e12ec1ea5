"""How long deleted content is kept, in the trash and in the journal alike."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

KEPT: Final = timedelta(days=30)
"""How long a deleted memory can be put back, and what was applied can be taken back."""
