"""Demo memories as Mem0's Codex plugin writes them since 0.3: with categories in place of types,
what a repository shares under its lane, and with branch, commit, folders and session."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from mem0_tui.demo.note import Note, notes

_REMOTES = {
    ("shop-api", "shared"): "https://github.com/acme/shop-api",
    ("shop-api", "moved"): "https://gitlab.com/acme/shop-api",
    ("infra", "shared"): "https://github.com/acme/infra",
    ("mobile", "shared"): "https://github.com/acme/mobile",
    ("storefront", "shared"): "https://github.com/acme/storefront",
}
"""What the lanes' digests are made of; moving a repository begins another lane."""


def lane_id(app: str, lane: str) -> str:
    """The agent id of a lane of *app*: ``shared``, ``moved`` (from another host), ``local`` (no
    remote) or ``plain`` (as version 0.3.0 wrote it)."""
    if lane == "plain":
        return app
    remote = _REMOTES.get((app, lane), f"/home/kim/{app}")
    digest = hashlib.sha256(remote.encode()).hexdigest()[:10]
    return f"local-{app}-{digest}" if lane == "local" else f"{app}-{digest}"


def _of(category: str, block: str) -> Iterator[Note]:
    for note in notes(None, block):
        extra = {"source": "codex_plugin", "branch": "main", "dirs": [], **note.extra}
        yield replace(note, categories=(category,), run=True, extra=extra)


NOTES = (
    *_of(
        "project_knowledge",
        """
@shop-api
The tax tables are generated: config/vat.toml is read by app/tax/build.py at image build time, so a
changed rate needs a new image, not a restart.
+ lane=shared age=1.2 session=vat-tables dirs=app,app/tax author=kim

app/worker has its own settings module. Values in app/settings.py do not reach it.
+ lane=shared age=6.4 session=worker-settings dirs=app,app/worker author=ravi

The search index is rebuilt from the outbox, never from the products table.
+ lane=moved age=58 session=old-index dirs=app,app/catalogue author=kim

Fixtures for payments are recorded with the sandbox key of the test account; they expire every
ninety days.
+ lane=moved age=66 session=old-fixtures dirs=tests,tests/payments author=noor

@infra
Every cluster has its own state bucket; the lock table is shared between all of them.
+ lane=shared age=9.3 session=state-buckets dirs=modules,modules/data author=ravi

Node pools are named after what runs on them, not after their machine type.
+ lane=plain age=81 session=pools dirs=modules,modules/network author=ravi

@mobile
The app keeps the last catalogue on the device for seven days and says so in the settings screen.
+ lane=shared age=12.1 session=offline dirs=src,src/screens author=noor branch=feat/offline

@warehouse
Scanner handhelds send events in batches of fifty and repeat a batch until it is acknowledged.
+ lane=local age=4.2 session=scans dirs=internal,internal/scans author=ravi

Label sizes are in internal/labels/sizes.go; the printers reject anything else without a message.
+ lane=local age=15.6 session=labels dirs=internal,internal/labels author=ravi
""",
    ),
    *_of(
        "decisions_and_constraints",
        """
@shop-api
Refunds are only started by the payments worker. The API writes the request and answers 202.
+ lane=shared age=2.4 session=refunds dirs=app,app/payments author=kim branch=feat/refunds

Public endpoints stay on v1 until the mobile app 4.1 is below one percent of the sessions.
+ lane=shared age=8.7 session=v1-end dirs=app,app/api author=noor

No new tables without a retention rule in migrations/retention.toml; the auditors asked for it.
+ lane=moved age=61 session=old-retention dirs=migrations author=kim

@infra
Production is changed from the release pipeline only; nobody has credentials that could.
+ lane=shared age=3.1 session=pipeline dirs=pipelines author=ravi

Terraform stays at the version in .tool-versions until all modules are split.
+ lane=plain age=84 session=pinned-tools author=ravi

@storefront
Prices come with tax from the API. The storefront never computes one.
+ lane=shared age=5.8 session=prices dirs=src,src/api author=noor

@mobile
Push messages carry no customer data, only the id of what changed.
+ lane=shared age=19.4 session=push dirs=src,src/api author=noor
""",
    ),
    *_of(
        "workflows",
        """
@shop-api
To try a migration: make db-copy, then make migrate DB=copy; the copy is dropped at night.
+ lane=shared age=1.9 session=db-copy dirs=migrations author=ravi

Release notes are made from the labels of the merged changes: scripts/notes.py v4.3..HEAD.
+ lane=shared age=10.2 session=notes dirs=scripts author=kim branch=release/4.3

@shop-api
Kim runs the tax tests first: pytest tests/tax -x, then the whole suite.
+ user=kim age=1.1 session=vat-tables dirs=tests,tests/tax

@infra
Ravi plans with -lock=false on his laptop and leaves the locks to the pipeline.
+ user=ravi age=3.05 session=pipeline dirs=modules

@mobile
Noor tests on the old phone from the drawer: it is the only one with Android 12.
+ user=noor age=12.05 session=offline dirs=src branch=feat/offline
""",
    ),
    *_of(
        "problems_and_fixes",
        """
@shop-api
The refund worker stopped on a currency without minor units (JPY). app/money.py now knows how many
there are; tests/tax/test_yen.py holds it.
+ lane=shared age=2.35 session=refunds dirs=app,app/payments author=kim branch=feat/refunds

After the move to GitHub the image build could not read the package registry: the token was that of
the old host. It is now in the organisation's secrets.
+ lane=shared age=33 session=registry dirs=pipelines author=ravi

@infra
A plan that wanted to replace the database came from a renamed subnet group; moved blocks fixed it.
+ lane=shared age=9.25 session=state-buckets dirs=modules,modules/data author=ravi

@storefront
The checkout froze on Safari when a promise was rejected in a layout effect; it is caught there now.
+ lane=shared age=16.3 session=safari dirs=components author=noor
""",
    ),
    *_of(
        "results",
        """
@shop-api
The VAT change for 2027 is done on feat/vat-2027: tables, tests and a migration, 214 tests pass.
+ lane=shared age=1.15 session=vat-tables dirs=app,app/tax author=kim branch=feat/vat-2027

Refunds in yen are merged; two follow-ups are open, see the list in app/payments/README.md.
+ lane=shared age=2.3 session=refunds dirs=app,app/payments author=kim branch=feat/refunds

@mobile
The offline catalogue works on both platforms; screens for an empty cache are left to do.
+ lane=shared age=12 session=offline dirs=src,src/screens author=noor branch=feat/offline

@warehouse
Batches of scans are acknowledged one by one now; the handhelds repeat less than before.
+ lane=local age=4.1 session=scans dirs=internal,internal/scans author=ravi
""",
    ),
)
