"""Sentences put together from parts, for as many demo memories as a benchmark wants.

The parts are few, their combinations are millions; repeated ones are rare, as in a real store.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

_SYSTEMS = """
the checkout endpoint|the refund worker|the stock fold|the catalogue import|the voucher engine
the login screen|the order list|the label printer job|the price calculator|the webhook receiver
the outbox relay|the search page|the address form|the invoice export|the nightly sweeper
the image resizer|the push service|the pickup planner|the carrier client|the audit log
the preview environments|the deploy job|the backup job|the metrics exporter|the ingress
the docs build|the example runner|the barcode parser|the aisle cache|the pick list service
the session store|the rate limiter|the tax table|the returns desk|the gift card ledger
the review moderation|the newsletter sync|the supplier feed|the loyalty points job|the size guide
"""
_SYMPTOMS = """
timed out under load|returned stale data|ran twice|leaked connections|lost its place after a restart
was slow on the first call|rounded the wrong way|used all of its memory|failed on empty input
blocked the event loop|logged nothing|answered 500 for old clients|ignored the time zone
dropped every tenth message|deadlocked with the sweeper|kept a file open|retried for ever
showed the wrong currency|broke on umlauts|skipped the last page|counted returns as sales
"""
_CAUSES = """
a missing index on the foreign key|a connection pool of five|a cache without a bound
an await inside a loop|the default timeout of the client|a transaction that stayed open
clock drift between two nodes|a retry without a back-off|a lock that was taken in another order
an off-by-one in the page cursor|a float where minor units belong|a library that patched the socket
an environment variable that was empty|a migration that ran after the code|two writers to one row
the proxy's buffer size|a regular expression with backtracking|a feature flag read only once
the daylight saving change|a header that the load balancer strips|an unbounded queue
"""
_REMEDIES = """
added a partial index|raised the pool to twenty and measured|put a bound of 10,000 entries on it
gathered the calls|set a timeout of ten seconds|closed the transaction before the call
allowed for 30 seconds of drift|retry with jitter, three times at most|take the locks by id
compare (created_at, id) and not the date alone|kept integers to the end|pinned the older version
made the setting mandatory|split it into two deployments|moved the write into a queue
read the body as a stream|replaced the pattern by a parser|read the flag for each request
store the offset with the date|ask for the header explicitly|made the producer wait
"""
_TOOLS = """
uv|ruff|mypy|pytest|Alembic|asyncpg|Terraform|ArgoCD|Helm|kubectl|Playwright|Maestro|pnpm|Expo
sqlc|pgx|k6|Grafana|Loki|Redis|Postgres|CloudFront|SQS|Stripe|Sentry|BuildKit|cosign|Renovate
Tailwind|Starlight|Mailpit|WireGuard|CoreDNS|PgBouncer|Prometheus|OpenTelemetry
"""
_REASONS = """
the old way cost us an evening in the last incident|it is the only way that can be rolled back
the other service reads the same table|finance asked for it|it keeps the review small
it halved the run time|nobody on call could explain the old one|the auditors want a trace
mobile clients of version 4.1 depend on it|it works the same on a laptop and in CI
the vendor drops support in spring|support staff can see it without asking us
"""
_PLACES = """
app/orders|app/payments|app/catalogue|app/auth|app/worker|app/tax|charts/service|modules/network
modules/data|src/screens|src/api|src/theme|components|app/products|internal/labels|internal/stock
internal/scans|runbooks|docs/guides|migrations|tests|scripts
"""
_PEOPLE = "Kim|Ravi|Noor|the on-call engineer|the reviewer|support|finance|the warehouse team"


def _words(block: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in block.replace("\n", "|").split("|") if part.strip())


_PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("system", _words(_SYSTEMS)),
    ("symptom", _words(_SYMPTOMS)),
    ("cause", _words(_CAUSES)),
    ("remedy", _words(_REMEDIES)),
    ("tool", _words(_TOOLS)),
    ("reason", _words(_REASONS)),
    ("place", _words(_PLACES)),
    ("person", _words(_PEOPLE)),
)

TEMPLATES: Mapping[str | None, tuple[str, ...]] = {
    "decision": (
        "{tool} is used for {system} from version {n} on, because {reason}.",
        "We keep {system} in {place} and do not split it off: {reason}.",
        "{person} and the team decided that {system} may be at most {n} minutes behind; {reason}.",
        "For {system} we {remedy}; the alternative with {tool} was dropped after {n} days.",
    ),
    "task_learning": (
        "In {place}, {system} {symptom} because of {cause}. What helped: {remedy}.",
        "{tool} hides {cause}: {system} {symptom} until we {remedy}.",
        "To see why {system} {symptom}, run {tool} with {n} workers; the reason was {cause}.",
        "{system} {symptom} in {n} of 1,000 calls. It was {cause}, not {tool}.",
    ),
    "anti_pattern": (
        "Do not use {tool} in {place} for {system}: it {symptom} {n} times before we saw {cause}.",
        "Never accept {cause} in {system}; it {symptom} for {n} hours.",
    ),
    "user_preference": (
        "{person} wants changes to {place} explained with {tool} output first.",
        "{person} prefers at most {n} files of {place} in one change about {system}.",
    ),
    "environmental": (
        "{tool} in {place} needs {n} MB of memory; CI gives {system} twice that.",
        "{system} listens on port {n} locally; {tool} expects it there.",
    ),
    "convention": (
        "Code for {system} lives in {place}; tests are named after what {person} would notice.",
        "Settings of {system} have the prefix number {n} in {place} because {reason}.",
    ),
    "bug_fix": ("Error {n} from {tool}: {system} {symptom} because of {cause}. Fix: {remedy}.",),
    "session_state": (
        "Goal: {system} no longer has {cause}. Done: {remedy}. Open: {n} tests in {place}.",
    ),
    "session_summary": (
        "The user asked why {system} {symptom}. The assistant looked into {place}, turn {n}.",
        "The assistant found {cause} in {place}; {n} tests still fail.",
        "Changed {place}: {remedy}. The user wants {tool} to confirm it, turn {n}.",
    ),
    "compact_summary": (
        "This session is about {system}, which {symptom}. Cause: {cause}. {n} files of {place}.",
    ),
    "auto_capture": (
        "User asked {tool} about {system} in {place} and got {n} lines.",
        "User mentioned that {person} looks at {system} because {reason} ({n}).",
    ),
    None: (
        "{person} will look at {system} after ticket {n}.",
        "{tool} and {place}: {reason}, see ticket {n}.",
    ),
}

SHARES: tuple[tuple[str | None, int], ...] = (
    ("session_summary", 24),
    ("task_learning", 21),
    ("decision", 14),
    ("auto_capture", 10),
    ("convention", 8),
    ("environmental", 7),
    (None, 5),
    ("anti_pattern", 4),
    ("user_preference", 3),
    ("session_state", 2),
    ("bug_fix", 1),
    ("compact_summary", 1),
)
"""How often each type occurs among a hundred."""


def sentence(type_: str | None, rng: Random) -> str:
    """A text that fits a memory of *type_*."""
    templates = TEMPLATES[type_]
    draw = rng.random
    parts: dict[str, object] = {name: values[int(draw() * len(values))] for name, values in _PARTS}
    parts["n"] = int(draw() * 997) + 3
    text = templates[int(draw() * len(templates))].format_map(parts)
    return text[0].upper() + text[1:]
