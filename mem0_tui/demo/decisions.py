"""Demo memories of type decision, among them some that contradict or replace each other."""

from __future__ import annotations

from mem0_tui.demo.note import notes

NOTES = notes(
    "decision",
    """
@shop-api
Auth issues JWTs signed with RS256. The private key lives in AWS KMS and the public keys are
served from /.well-known/jwks.json, cached for ten minutes.
< Auth issues JWTs signed with RS256; the key pair is mounted from a Kubernetes secret.
+ age=2.2 key=rs256 files=app/auth/tokens.py,app/auth/jwks.py branch=main pinned

Access tokens are signed with HS256 and a shared secret from SESSION_SECRET, so that the mobile
gateway can verify them without a key fetch.
+ age=141 by=rs256 files=app/auth/tokens.py branch=feat/auth-tokens

VAT rates are read from config/vat.toml by the day of the order; no rate is written in code any
more.
+ age=0.02 session=vat-2026 files=config/vat.toml,app/tax/vat.py branch=feat/vat-2026

Money is stored as integer minor units plus an ISO 4217 currency code. Decimal is used only at
the edges, never float.
+ age=163 files=app/money.py branch=main

Orders move through an explicit state machine in app/orders/states.py: cart, placed, paid,
packed, shipped, returned. Any other transition raises IllegalTransition.
+ files=app/orders/states.py

We chose the transactional outbox over publishing to SQS inside the request: the row and the
event commit together and the relay retries until SQS takes it.
+ files=app/outbox/relay.py,migrations/0042_outbox.sql

Idempotency keys are kept for 48 hours in Postgres, not in Redis, because a Redis failover in
March lost some of them and two customers were charged twice.
< Idempotency keys are kept for 24 hours in Redis.
+ age=119 files=app/payments/idempotency.py

Pagination of public endpoints is keyset on (created_at, id). Offset pagination stays only in the
admin pages that nobody crawls.

The catalogue search stays on Postgres full text with pg_trgm until we pass two million products;
Elasticsearch was tried for a sprint and thrown out.
+ age=88

Stripe webhooks are verified, stored raw and acknowledged within 200 ms. The work happens in the
payments worker, so a slow database never makes Stripe retry.
+ files=app/payments/webhooks.py

Soft delete is limited to customers and addresses, for the accountants. Everything else is really
deleted and leaves an audit row.

Feature flags live in our own table with a thirty second cache. We do not want another vendor in
the request path for five flags.
+ age=55

Prices shown to a customer are frozen into the cart line when it is added and re-checked at
checkout; if they differ by more than 1 % the customer is asked.

Python 3.12 is the minimum for shop-api since the move to the new base image; the 3.11 job was
dropped from CI.
+ age=41 branch=chore/py312

Rate limiting is a token bucket in Redis per API key and route group. The limits are in
config/limits.toml, never in code.
+ files=config/limits.toml,app/limits.py

Background jobs run on SQS with our own small consumer. Celery was removed after prefetch kept
starving the refund queue.
+ age=97 files=app/worker/consumer.py

Time is stored as timestamptz in UTC everywhere; the shop's time zone, Europe/Amsterdam, is used
only to decide which day a pickup slot belongs to.

The discount engine evaluates at most one voucher and one campaign per line, the voucher first.
Stacking was rejected by finance.
+ age=67 categories=domain_glossary,architecture_decisions

Product images are served by CloudFront with the content hash in the path and a one year
max-age. Nothing is ever purged.

We return RFC 9457 problem documents for every error, with a stable type URI under
/problems/. The old {"error": …} body is kept for API version 1 only.

Refunds above 500 euro need a second person. The check is in the service and not in the admin
screen, because support scripts call the service directly.
+ age=30.5 files=app/payments/refunds.py immutable

OpenAPI is generated from the routes and committed as openapi.json. CI fails when the committed
file differs, so every API change shows up in the review.

We moved from Poetry to uv for locking and installing; uv.lock is the one source of truth and
requirements.txt is gone.
+ age=24 branch=chore/uv

Dependencies are managed with Poetry; run poetry lock --no-update after every change.
+ age=170 source=import confidence="0.8"

Checkout reserves stock for fifteen minutes with a row in stock_holds. The nightly sweeper only
logs: expiry is evaluated when stock is read.

@infra
Production deploys go out on Tuesday and Thursday between 10:00 and 15:00. The Friday window was
closed after the November outage.
< Production deploys go out on Tuesday and Friday before noon.
+ age=6.3 key=deploydays categories=deployment_runbook pinned

Deploy day is Friday morning so that the weekend traffic tests the release.
+ age=158 by=deploydays categories=deployment_runbook

Terraform state is split by environment and layer: network, data, apps. A plan for apps may never
touch network.

ArgoCD owns everything in the clusters. kubectl apply by hand is allowed only in the sandbox
namespace.
+ files=argocd/apps/root.yaml

We run one EKS cluster per environment and no shared staging; a preview environment per pull
request lives in namespaces pr-NNN and is torn down after 72 hours.

Secrets come from AWS Secrets Manager through External Secrets. Sealed Secrets was removed because
nobody could rotate the sealing key.
+ age=76 files=clusters/base/external-secrets.yaml

Postgres runs on RDS with Multi-AZ; we decided against Aurora because the I/O bill in the load
test was three times the instance cost.
+ age=133

Redis is a cache and nothing else. Whatever must survive a failover goes to Postgres.
+ age=118

GitHub Actions runners for the main repository are self-hosted on spot instances with a fallback
label to hosted ones; the release workflow uses hosted runners only.

Every alert must link a runbook page in docs-site. Alerts without one are deleted in the monthly
review.
+ age=45

Container images are built with BuildKit bake and signed with cosign; the admission policy in
production refuses unsigned ones.
+ files=docker-bake.hcl,policies/verify-images.yaml

Logs go to Loki with seven days hot and ninety days in S3. Traces are sampled at 5 %, errors at
100 %.

The bastion host is gone: access to RDS is by SSM port forwarding with a session that is recorded.
+ age=52

We keep blue/green only for shop-api. The other services roll with maxUnavailable 0 because their
start takes under five seconds.

Cost tags team, service and env are mandatory; the Terraform module refuses to plan without them.

@mobile
The app talks to shop-api only through the generated TypeScript client. Hand-written fetch calls
are rejected in review.
+ files=packages/api-client/README.md

Offline carts are kept in SQLite through expo-sqlite and merged on reconnect with last writer wins
per line.
+ age=84

We stay on Expo's managed workflow and use config plugins; ejecting was discussed twice and
declined twice.
+ age=109

Push tokens are registered after the first order and not at first launch: the opt-in rate went
from 31 to 58 percent.
+ age=37 categories=experiment_results

State is TanStack Query for server data and Zustand for the little that is local. Redux was
removed in 4.0.

The minimum iOS version is 16 and the minimum Android API level is 28, until the next holiday
season is over.
+ age=20

Deep links use universal links on shop.example and no custom scheme, because the scheme was
hijacked by another app on Android.

Biometric unlock guards the payment methods screen only; locking the whole app made people turn it
off.

Screenshots for the stores come from Maestro flows, not from people.

@storefront
The storefront renders product pages statically with revalidation every five minutes; the stock
badge is fetched on the client.
+ files=app/products/[slug]/page.tsx

CSS is Tailwind with our own preset. Component libraries are out, since the last one cost us a week
of overriding.

We dropped the cookie banner vendor: only a session cookie and an anonymous counter are left, so no
consent is needed.
+ age=61

Checkout is a single page with three sections. The A/B test against the wizard gained 4.2 percent
completed orders.
+ age=48 categories=experiment_results

Images are AVIF with a WebP fallback, produced at upload and not on request.

@docs-site
Docs are written in Markdown with Astro Starlight and live next to the code they describe; the site
pulls them at build time.
+ age=102

Each runbook begins with how to see that it is over. People read it at three in the morning.
+ categories=deployment_runbook,team_norms

API examples in the docs are executed against the staging API in CI every night.

@warehouse
Pick lists are computed by the warehouse service in Go and cached per aisle; shop-api only asks for
the list's id.
+ age=71

Barcode scans are append-only events. The current stock is a fold over them with a nightly
snapshot.

We use sqlc and pgx, no ORM. A query that sqlc cannot express gets a comment that says why.

Label printing goes through CUPS on the station's mini PC, because the cloud print service was down
twice during peak.
""",
)
