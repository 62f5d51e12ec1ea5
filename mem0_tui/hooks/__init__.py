"""What Codex's lifecycle hooks run: one short process an event, the standard library alone.

Codex waits for a hook, so nothing here imports what it does not need at once: no dataclasses, no
typing, no httpx. Importing one of those costs more than the hook's own work.
"""
