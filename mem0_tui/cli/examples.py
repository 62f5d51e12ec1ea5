"""Command lines to copy, by command, as the help and the man page show them."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "list": (
        ("list", "the newest memories"),
        ("list type:decision -app:shop-api 'age>90d'", "old decisions, of all apps but one"),
        ("list used:0 --all --ids", "the ids of all that Codex was never given"),
    ),
    "search": (("search 'how do we round prices'", "the memories nearest in meaning"),),
    "show": (("show 3f2a", "the memory whose id begins so, with all about it"),),
    "history": (("history 3f2a", "what became of it"),),
    "stats": (("stats type:decision", "how many decisions, by entity and age"),),
    "scopes": (("scopes", "what each source finds of this repository's memories"),),
    "review": (
        ("review", "what deserves a look, and why"),
        ("review secrets --apply", "redact the secrets that were found, after a look at the plan"),
        ("review inbox --keep 3f2a 9c01", "these two may stay"),
    ),
    "audit": (
        ("audit --md", "a report to send around"),
        ("audit --fail-on secrets,conflicts", "exit with 5 if there are any, for scripts"),
    ),
    "add": (("add 'We deploy on Tuesdays.' --type decision", "a memory, word for word"),),
    "edit": (
        ("edit 3f2a --type decision --pin", "another type, and keep it from bulk deletes"),
        ("edit 3f2a --redact", "take its secrets out for good"),
    ),
    "move": (("move --query app:shop_api --app shop-api", "two spellings become one app"),),
    "merge": (("merge 3f2a 9c01", "one memory of two that say the same"),),
    "rm": (
        ("rm 3f2a 9c01", "delete two memories; undo brings them back"),
        ("rm --query 'type:session_state age>30d' --dry-run", "look before you delete"),
        ("rm --scope app:old-shop", "all memories of an app"),
    ),
    "purge": (("purge 3f2a", "remove it from every place that keeps it; there is no undo"),),
    "apply": (("apply plan.json", "what rm --plan-out plan.json wrote"),),
    "undo": (("undo", "take back what was applied last"),),
    "trash": (("trash", "what was deleted and can be put back"),),
    "restore": (("restore 3f2a", "put a deleted memory back"),),
    "export": (
        ("export memories.jsonl", "everything, with secrets masked"),
        ("export - app:shop-api", "the memories of one app, to the next program"),
    ),
    "import": (("import memories.jsonl", "what is not there yet"),),
    "prompt": (("prompt 'where do the orders live?'", "what Codex would be given for it"),),
    "sessions": (("sessions", "Codex's latest sessions, and what they were given"),),
    "doctor": (
        ("doctor", "what is wrong with the install, and how to repair it"),
        ("doctor --fix all", "every repair, shown and asked one by one"),
    ),
    "codex": (
        ("codex install", "give Codex memory tools, skills and hooks"),
        ("codex status", "what is installed, and whether it works"),
    ),
    "codex-memories": (
        ("codex-memories reset --dry-run", "what Codex would forget"),
        ("codex-memories reset --write", "a snapshot, then all of it, once you typed the word"),
        ("codex-memories undo --write", "puts back what the last reset took"),
    ),
    "serve": (("serve", "the store for Codex and Mem0's clients, on this machine only"),),
    "verify": (("verify", "whether the store holds what was stored"),),
    "config": (
        ("config", "all settings, and where each comes from"),
        ("config set backend platform", "use Mem0's hosted server from now on"),
    ),
    "completion": (("completion --install", "complete commands with the Tab key"),),
}
