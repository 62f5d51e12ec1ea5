"""Demo memories that a curator wants to find: near-duplicates, recall blocks that were stored
again, keys, leftovers of imports and of old clients, types written in odd ways.

Every key here is one that its vendor's documentation prints as an example, or says «EXAMPLE»; the
one password is made up, so that there is something to find.
"""

from __future__ import annotations

from mem0_tui.demo.note import Note, notes

_NEAR_DUPLICATES = (
    notes(
        "decision",
        """
@shop-api
Auth module uses JWTs signed with RS256; the private key is in KMS and the public keys are at
/.well-known/jwks.json.
+ age=34.2 source=mem0-dream

JWT signing: RS256 with the key in AWS KMS, JWKS endpoint cached ten minutes.
+ age=79.6

Money is stored as integer minor units with the ISO 4217 currency code; Decimal only at the edges.
+ age=80

money is stored as integer minor units plus an ISO 4217 currency code. Decimal is used only at the
edges, never float
+ age=33

@infra
Production deploys are on Tuesday and Thursday between 10:00 and 15:00; no more Friday deploys since
the November outage.
+ age=5.9

Deploys to production: Tuesdays and Thursdays, 10 to 15 h.
+ age=3.1 source=auto_capture confidence=0.7
""",
    )
    + notes(
        "task_learning",
        """
@shop-api
PyJWT needs leeway=30 because the clocks of the nodes drift by up to 12 seconds; without it token
refresh failed on two pods.
+ age=9.35 confidence=0.7 source=auto_capture session=token-refresh

Token refresh fails when clocks drift: set leeway=30 in PyJWT.
+ age=9.3 confidence=0.7 source=auto_capture session=token-refresh

The stock hold race: SELECT FOR UPDATE must be inside the transaction, see app/orders/holds.py.
+ age=14.05 confidence=0.7 source=auto_capture session=checkout-holds

CREATE INDEX CONCURRENTLY has to be alone in its migration and outside of a transaction; otherwise
it locks checkout.
+ age=21.5

@infra
Set ndots to 2 in pod specs: CoreDNS was throttled at 1,000 queries a second with ndots 5.
+ age=127.2 confidence=0.7 source=auto_capture session=coredns

The CI cache key must be hashFiles('**/uv.lock') only; with the runner's name in it, it never hits.
+ age=24.25 user=kim confidence=0.7 source=auto_capture session=uv-move
""",
    )
    + notes(
        "environmental",
        """
@shop-api
Postgres runs on port 5433 locally since 5432 belongs to the warehouse project.
+ age=106

Local Postgres listens on 5432.
+ age=172
""",
    )
    + notes(
        "user_preference",
        """
@
Kim wants small commits, one reason each.
+ user=kim age=91

Kim wants a numbered plan first when more than two files are touched.
+ user=kim age=36 confidence=0.9
""",
    )
)

_RECALL_BLOCKS = tuple(
    Note(
        type_, text, app, age=age, session=session,
        extra={"source": "auto_capture", "confidence": 0.7},
    )
    for type_, app, session, age, text in (
        (
            "auto_capture", "shop-api", "token-refresh", 9.2,
            "## Recalled memories (mem0, 3 of 640)\n- [decision] Auth issues JWTs signed with "
            "RS256.\n- [anti_pattern] Never use HS256 for tokens that leave the cluster.\n- "
            "[task_learning] Token refresh failed on two of six pods until skew was allowed for.",
        ),
        (
            "task_learning", "shop-api", "vat-2026", 0.075,
            "Recalled from memory:\n1. Money is stored as integer minor units (score 0.61)\n2. Do "
            "not compute VAT from the gross price per line (score 0.58)\n3. Our Decimal rounding "
            "was ROUND_HALF_EVEN by default (score 0.55)",
        ),
        (
            "auto_capture", "infra", "eks-131", 12.9,
            "<recalled-memories>\n- Production deploys go out on Tuesday and Thursday.\n- The "
            "cluster runs Kubernetes 1.29 with the AWS VPC CNI.\n</recalled-memories>",
        ),
        (
            "auto_capture", "infra", "eks-131", 12.85,
            "<recalled-memories>\n- <recalled-memories>\n- Production deploys go out on Tuesday "
            "and Thursday.\n</recalled-memories>\n- runner disk is full\n</recalled-memories>",
        ),
        (
            "session_summary", "mobile", "v43-review", 33.4,
            "The assistant was given these memories: version 4.3 was rejected because the account "
            "deletion link was hidden; beta group has 240 testers. It then answered the user.",
        ),
    )
)  # fmt: skip

_KEYS = tuple(
    Note(type_, text, app, user=user, age=age)
    for type_, app, user, age, text in (
        (
            "environmental", "infra", "ravi", 88.0,
            "Sandbox credentials: AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE and "
            "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY, region eu-central-1.",
        ),
        (
            "auto_capture", "shop-api", "kim", 62.0,
            "User exported OPENAI_API_KEY=sk-proj-EXAMPLE0000000000EXAMPLE for the script.",
        ),
        (
            "task_learning", "shop-api", "kim", 47.0,
            "curl -H 'Authorization: Token m0-EXAMPLEexampleEXAMPLEexample' works; Bearer too.",
        ),
        (
            None, "storefront", "noor", 73.0,
            "token for the preview deploys: ghp_EXAMPLEexampleEXAMPLEexample000000",
        ),
        (
            "bug_fix", "shop-api", "kim", 9.45,
            "This token is rejected since 12:04: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ."
            "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        ),
        (
            "environmental", "warehouse", "ravi", 110.0,
            "Staging database: postgres://picker:Kupferteich-41x@db.staging.internal:5432/warehouse",
        ),
    )
)  # fmt: skip

_IMPORTED = notes(
    "decision",
    """
@shop-api
We use the repository pattern for everything that is stored.
+ age=169 source=import confidence="0.85" branch=main

Controllers stay thin, the logic is in services.
+ age=169 source=import confidence="0.9" branch=main

@storefront
The price filter is a query parameter and not a path segment.
+ age=122 source=import confidence="1.0" branch=main
""",
) + notes(
    "convention",
    """
@shop-api
All SQL keywords are upper case.
+ age=169 source=import confidence="0.6" branch=main

Use absolute imports.
+ age=169 source=import confidence="high" branch=main

@mobile
Icons come from lucide-react-native only.
+ age=131 source=copilot-import confidence="0.8"
""",
)

_ODD_TYPES = (
    Note("Decision", "We publish prices with tax in Germany and without in the B2B portal.",
         "shop-api", age=153.0, metadata={"type": "Decision", "project": "shop-api"}),
    Note("note", "Retro: fewer meetings on Wednesday.", "infra", age=117.0,
         metadata={"type": "note", "confidence": 0.4}),
    Note("decision ", "Type with a blank at its end, as a script of ours once wrote it.",
         "docs-site", age=115.0, metadata={"type": "decision ", "source": "backfill.py"}),
    Note(None, "[PINNED] Emergency stop for payments: set payments.enabled to false in the flags "
         "table.", "shop-api", age=26.5, metadata={"type": "decision", "confidence": 1.0}),
    Note(None, "[PINNED] Checkout incidents: first look at the stock_holds table, then at Stripe's "
         "status page.", "shop-api", age=38.5,
         metadata={"type": "decision", "pinned": True, "confidence": 1.0}),
    Note(None, "[PINNED] Roll back with argocd app rollback shop-api; never by pushing a revert "
         "under stress.", "infra", age=32.2, user="ravi"),
    Note(None, "[PINNED] Noor is the only one who may submit builds to the stores.", "mobile",
         age=68.5, metadata={"type": "convention", "pinned": "true"}, immutable=True),
)  # fmt: skip

_BY_AGENTS = notes(
    "task_learning",
    """
@shop-api
Nightly triage: 3 of 1,205 tests were slower than their budget, all in the search module.
+ agent=codex-ci age=2.6

Nightly triage: 2 of 1,207 tests were slower than their budget, both in the search module.
+ agent=codex-ci age=1.6

Nightly triage: no test was slower than its budget.
+ agent=codex-ci age=0.6

@infra
Renovate's pull request 812 was merged after the plan showed no change.
+ agent=codex-ci age=18

Renovate's pull request 797 was closed: the provider 5.80 recreates the NAT gateways.
+ agent=codex-ci age=29

@mobile
Review found two texts without t() in CheckoutScreen.tsx.
+ agent=review-bot age=23
""",
)

NOTES = (
    _NEAR_DUPLICATES
    + _RECALL_BLOCKS
    + _KEYS
    + _IMPORTED
    + _ODD_TYPES
    + _BY_AGENTS
)  # fmt: skip
