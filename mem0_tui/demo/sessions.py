"""Demo memories that hooks write by themselves: session summaries turn by turn, states before a
compaction, compact summaries, automatic captures, health probes.
"""

from __future__ import annotations

from dataclasses import dataclass

from mem0_tui.demo.note import Note, notes


@dataclass(frozen=True, slots=True)
class _Session:
    name: str
    app: str
    age: float
    branch: str
    files: tuple[str, ...]
    turns: tuple[str, ...]
    user: str | None = None


_SESSIONS = (
    _Session(
        "checkout-holds",
        "shop-api",
        14.2,
        "fix/stock-holds",
        ("app/orders/holds.py", "tests/test_checkout.py"),
        (
            "The user asked why test_checkout_concurrent fails now and then. The assistant read "
            "holds.py and started to reproduce it.",
            "The user asked why test_checkout_concurrent fails. The assistant ran it 50 times; 3 "
            "failures.",
            "The assistant ran test_checkout_concurrent 50 times with 3 failures and suspects the "
            "lock in holds.py.",
            "Found that SELECT FOR UPDATE ran outside the transaction in holds.py. No change made "
            "yet.",
            "The assistant moved the lock into the transaction in holds.py. 50 of 50 runs passed.",
            "The assistant moved the lock into the transaction in holds.py and 50 of 50 runs "
            "passed. The user asked for a regression test.",
            "A regression test for two workers taking the same stock hold was added to "
            "tests/test_checkout.py.",
            "The regression test was added and committed on fix/stock-holds. The user said thanks.",
        ),
    ),
    _Session(
        "token-refresh",
        "shop-api",
        9.5,
        "fix/refresh-skew",
        ("app/auth/tokens.py",),
        (
            "The user reported that token refresh fails on some pods. The assistant looked at the "
            "logs.",
            "The user reported that token refresh fails on some pods. Clock skew is suspected.",
            "The assistant compared the clocks of six nodes: up to 12 seconds of drift.",
            "leeway=30 was added to the token check. Tests pass.",
            "leeway=30 was added to the token check and a test with a skewed clock. Pushed.",
        ),
    ),
    _Session(
        "uv-move",
        "shop-api",
        24.3,
        "chore/uv",
        ("pyproject.toml", "uv.lock", ".github/workflows/check.yml"),
        (
            "The user wants to move from Poetry to uv. The assistant listed the steps.",
            "pyproject.toml was converted; uv.lock was created. CI is not changed yet.",
            "pyproject.toml was converted and uv.lock was created. CI uses uv sync now.",
            "CI uses uv sync now. The cache key did not match; it was changed to the hash of "
            "uv.lock.",
            "CI is green with uv, 2 minutes faster. requirements.txt was deleted.",
        ),
    ),
    _Session(
        "preview-certs",
        "infra",
        61.0,
        "feat/preview-wildcard",
        ("clusters/preview/ingress.yaml",),
        (
            "The user asked for a wildcard certificate for preview environments.",
            "The assistant wrote a ClusterIssuer with a DNS challenge.",
            "The assistant wrote a ClusterIssuer with a DNS challenge. The plan shows 2 to add.",
            "The wildcard certificate was issued. Preview ingresses refer to it.",
        ),
    ),
    _Session(
        "coredns",
        "infra",
        127.5,
        "fix/ndots",
        ("charts/service/templates/deployment.yaml",),
        (
            "The user asked why DNS lookups are slow in production.",
            "The user asked why DNS lookups are slow in production. CoreDNS is throttled.",
            "ndots was set to 2 in the pod spec of the service chart.",
            "ndots was set to 2 in the pod spec. Lookups went down by 80 percent.",
        ),
    ),
    _Session(
        "fonts-flash",
        "mobile",
        40.4,
        "fix/white-flash",
        ("src/App.tsx",),
        (
            "The user described a white flash at app start.",
            "The splash screen is hidden before the fonts are loaded. The assistant changed it.",
            "The splash screen is hidden in the layout effect now. The user confirmed it on an "
            "iPhone SE.",
        ),
    ),
    _Session(
        "banner",
        "storefront",
        4.7,
        "feat/bf-banner",
        ("components/Banner.tsx", "app/layout.tsx"),
        (
            "The user wants a banner that goes live on a date.",
            "The banner component was added with a start date.",
            "The banner component was added with a start date. A time zone test is missing.",
            "The banner shows from Thursday 20:00 Europe/Amsterdam. Tests for the time zone pass.",
        ),
    ),
    _Session(
        "vat-2026",
        "shop-api",
        0.095,
        "feat/vat-2026",
        ("config/vat.toml", "app/tax/vat.py", "tests/test_vat.py"),
        (
            "The user wants the VAT rates of 2027 in the shop before January.",
            "The user wants the VAT rates of 2027 in the shop. The assistant found 14 places with "
            "a rate in code.",
            "Rates were moved to config/vat.toml, each with the day from which it counts.",
            "Rates were moved to config/vat.toml. 31 tests ran, 4 failed.",
            "Two of four failures are fixed: rates are looked up by the order's date now.",
        ),
    ),
    _Session(
        "stock-fold",
        "warehouse",
        104.6,
        "perf/stock-snapshot",
        ("internal/stock/fold.go", "internal/stock/snapshot.go"),
        (
            "The user asked to make the cold start of the stock service faster.",
            "Profiling shows that folding nine million events takes 80 seconds.",
            "A nightly snapshot was added; the cold start takes 3 seconds.",
        ),
        user="ravi",
    ),
)


def _summaries() -> tuple[Note, ...]:
    return tuple(
        Note(
            "session_summary",
            text,
            session.app,
            user=session.user,
            age=session.age - turn * 0.011,
            session=session.name,
            run=True,
            expires=90,
            extra={
                "source": "stop-hook",
                "branch": session.branch,
                "files_touched": list(session.files[: 1 + turn // 2]),
            },
        )
        for session in _SESSIONS
        for turn, text in enumerate(session.turns)
    )


def _of_hook(
    type_: str, source: str, app: str, session: str, branch: str, age: float, text: str
) -> Note:
    extra = {"source": source, "branch": branch}
    return Note(type_, text, app, age=age, session=session, expires=90, extra=extra)


_STATES = tuple(
    _of_hook("session_state", "pre-compaction", *row)
    for row in (
        ("shop-api", "checkout-holds", "fix/stock-holds", 14.15, "Goal: make "
         "test_checkout_concurrent reliable. Done: reproduced, cause found (lock outside the "
         "transaction). Next: move the lock, run it 50 times, add a regression test."),
        ("shop-api", "uv-move", "chore/uv", 24.28, "Goal: replace Poetry by uv. Done: pyproject "
         "converted, lock file made. Open: CI cache key, Dockerfile, README."),
        ("shop-api", "refund-limits", "feat/refund-limits", 30.6, "Goal: two people for refunds "
         "above 500 euro. Done: service check and migration 0058. Open: admin screen, audit row."),
        ("shop-api", "vat-2026", "feat/vat-2026", 0.05, "Goal: new VAT table for 2027. Done: table "
         "and loader. Failing: tests/test_vat.py::test_mixed_basket, 2 of 31."),
        ("shop-api", "search-spike", "spike/opensearch", 143.0, "Goal: try OpenSearch for the "
         "catalogue. Done: index of 40,000 products, synonyms. Open: relevance with typos."),
        ("infra", "preview-certs", "feat/preview-wildcard", 60.98, "Goal: one wildcard certificate "
         "for previews. Done: issuer. Next: wait for the DNS record, then point the ingresses."),
        ("infra", "eks-131", "chore/eks-1.31", 13.0, "Goal: EKS 1.31 in staging. Done: add-ons "
         "checked, node groups 1 of 3 replaced. Do not touch: the node group of Loki."),
        ("infra", "runner-disk", "fix/runner-disk", 16.1, "Goal: runners stop filling their disk. "
         "Tried: docker system prune in a timer. Next: look at the tool cache."),
        ("mobile", "offline-cart", "feat/offline-cart", 85.0, "Goal: merge offline carts. Done: "
         "SQLite schema, queue. Open: what happens to vouchers that ran out meanwhile."),
        ("mobile", "v43-review", "fix/account-deletion", 33.8, "Goal: make the account deletion "
         "link easy to find. Done: settings entry. Next: new screenshots, resubmit."),
        ("storefront", "banner", "feat/bf-banner", 4.68, "Goal: Black Friday banner. Done: "
         "component. Next: time zone test, contrast check."),
        ("storefront", "lcp", "perf/hero", 63.5, "Goal: largest contentful paint under 2 s. Done: "
         "carousel removed. Next: fetchpriority on the hero image."),
        ("warehouse", "stock-fold", "perf/stock-snapshot", 104.58, "Goal: fast cold start. Done: "
         "profile. Next: snapshot table, write it nightly, read it at start."),
        ("warehouse", "labels", "fix/double-labels", 70.4, "Goal: no label twice. Done: found that "
         "the job is marked done after printing. Next: mark first, use the job id."),
    )
)  # fmt: skip

_COMPACTS = tuple(
    _of_hook("compact_summary", "session-start-compact", *row)
    for row in (
        ("shop-api", "checkout-holds", "fix/stock-holds", 14.14, "This session fixes a race in "
         "checkout: the stock hold was locked outside the transaction. holds.py was changed, a "
         "regression test is to follow. The user wants small commits."),
        ("shop-api", "vat-2026", "feat/vat-2026", 0.04, "The VAT table for 2027 is being added. "
         "Rates come from config/vat.toml, valid from a date. Two tests with mixed baskets fail "
         "because shipping takes the highest rate."),
        ("shop-api", "search-spike", "spike/opensearch", 142.9, "OpenSearch was tried for the "
         "catalogue. Relevance is fine, operating it costs a node more. Not decided."),
        ("infra", "eks-131", "chore/eks-1.31", 12.95, "EKS is being upgraded to 1.31 in staging. "
         "One of three node groups is done. The Loki node group waits for the snapshot."),
        ("infra", "preview-certs", "feat/preview-wildcard", 60.97, "Preview environments share a "
         "wildcard certificate by a DNS challenge. The record was created by Terraform."),
        ("mobile", "offline-cart", "feat/offline-cart", 84.9, "Offline carts are merged on "
         "reconnect, last writer wins per line. Vouchers are checked again on the server."),
        ("warehouse", "stock-fold", "perf/stock-snapshot", 104.57, "The cold start is slow because "
         "of the fold over nine million events. A snapshot table is the plan."),
    )
)  # fmt: skip

_CAPTURES = notes(
    "auto_capture",
    """
@shop-api
User asked to run only the tests of the payments module and got the command pytest tests/payments
-x.
+ age=0.07 session=vat-2026

User wants to know which endpoint the app calls at start: GET /v1/session.
+ age=26

The test run took 6 minutes 12 seconds, 1,204 passed, 2 skipped.
+ age=14.12 session=checkout-holds

The test run took 6 minutes 9 seconds, 1,205 passed, 2 skipped.
+ age=14.1 session=checkout-holds

User decided to keep the old error body for API version 1.
+ age=107

User mentioned that the accountant needs the export on the third working day.
+ age=75

Assistant suggested a partial index on orders (status) where status is paid; the user agreed.
+ age=83

@infra
User pasted the output of kubectl get pods; three pods of shop-api were in CrashLoopBackOff.
+ age=64 session=eks-131

User asked what ndots means.
+ age=127.4 session=coredns

User asked what ndots does in resolv.conf.
+ age=127.3 session=coredns

The plan shows 2 to add, 0 to change, 0 to destroy.
+ age=60.95 session=preview-certs

User prefers to see the plan before anything is applied.
+ age=56

@mobile
User tests the app on an iPhone SE with large text.
+ age=40.3 session=fonts-flash

User asked for the list of permissions that the Android manifest needs.
+ age=59

Build 412 was sent to TestFlight.
+ age=33.5 session=v43-review

@storefront
User wants the banner text in German and Dutch.
+ age=4.65 session=banner

User said that the sale badge must not flash.
+ age=50

@warehouse
User ran make race and it reported no races.
+ age=31.8
""",
)

_PROBES = tuple(
    Note("health_check", f"mem0 health check probe {number}", app, age=age, extra={"probe": True})
    for number, app, age in ((1, "shop-api", 43.0), (2, "infra", 42.9), (3, "shop-api", 7.7))
)

NOTES = _summaries() + _STATES + _COMPACTS + _CAPTURES + _PROBES
