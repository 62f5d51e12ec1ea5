"""Demo memories of type task_learning and bug_fix: what a task taught."""

from __future__ import annotations

from mem0_tui.demo.note import notes

NOTES = notes(
    "task_learning",
    """
@shop-api
In a basket with several VAT rates shipping takes the highest one. test_mixed_basket expected the
rate of the first line.
+ age=0.03 session=vat-2026 files=tests/test_vat.py branch=feat/vat-2026

Token refresh failed on two of six pods until clock skew was allowed for: PyJWT needs leeway=30
because the nodes drift by up to 12 seconds.
< Token refresh fails on two of six pods. Suspected: the KMS key cache.
< Token refresh failed on two of six pods until clock skew was allowed for.
+ age=9.4 files=app/auth/tokens.py branch=fix/refresh-skew

The flaky test_checkout_concurrent was a real bug. Two workers took the same stock hold because
SELECT … FOR UPDATE ran outside the transaction.
+ age=14.1 files=app/orders/holds.py,tests/test_checkout.py

alembic autogenerate does not see changes of a CHECK constraint. Write those migrations by hand and
add a test that inserts a violating row.
+ files=migrations/README.md

Adding an index to order_lines locked checkout for 40 seconds. CREATE INDEX CONCURRENTLY must be in
a migration of its own, outside a transaction.
+ age=77 files=migrations/0051_order_lines_sku.sql

asyncpg caches prepared statements per connection, which breaks behind PgBouncer in transaction
mode. statement_cache_size=0 fixed the «prepared statement does not exist» errors.
+ age=123 files=app/db.py

FastAPI runs def endpoints in a thread pool of 40. The export endpoint used all of them and health
checks timed out; it is async now and streams.

pytest -x --lf is the quickest loop here. A full run takes 6 minutes because the payments suite
starts a Stripe mock per module.

Our Decimal rounding was ROUND_HALF_EVEN by default while the invoices need ROUND_HALF_UP. One cent
off on 0.3 percent of the orders.
+ age=94 files=app/money.py

pg_trgm's word_similarity is better than similarity for product names: with 0.45 as threshold
«gortex jacke» finds the Gore-Tex jackets.

The N+1 in GET /orders came from order.customer.address in the serializer. selectinload cut the
request from 900 ms to 70 ms.
+ files=app/orders/api.py

SQS visibility timeout has to be longer than the slowest job. It was 30 s, refunds took 45 s, and
each refund was tried twice.
+ age=98 files=app/worker/consumer.py

freezegun does not patch time in the C part of asyncpg. Compare timestamps with a tolerance in
database tests.

Sentry grouped all database errors as one issue until we set the fingerprint from the SQLSTATE code.

uvicorn's --limit-concurrency answers 503 without a log line. We found out only through the load
balancer's metrics.
+ age=33

Pydantic 2 copies a model on assignment only with revalidate_instances. A shared default address was
changed for all customers in a test.

To reproduce the duplicate voucher bug, send both requests over one HTTP/2 connection; with two
connections the load balancer puts them far enough apart.
+ age=17.6 branch=fix/voucher-race

EXPLAIN (ANALYZE, BUFFERS) showed the dashboard query reading 2.1 GB. A partial index on
status = 'paid' took it down to 14 MB.

The catalogue import is fastest with COPY into an unlogged table and one INSERT … SELECT. Row by row
took 50 minutes, this takes 70 seconds.

httpx.AsyncClient must be created once per process. Creating it per request leaked sockets until the
pod was killed with 1024 open files.
+ age=58 files=app/clients/shipping.py

The staging database has the production row counts but not its skew. Test query plans on the masked
snapshot instead.

@infra
terraform plan shows a diff for aws_iam_policy every time unless the JSON comes from
aws_iam_policy_document. It is whitespace only.
+ files=modules/service/iam.tf

The CI cache never hit because the key contained the runner's name. Use hashFiles('**/uv.lock') and
nothing else.
< The CI cache never hits on the self-hosted runners.
+ age=25 files=.github/workflows/check.yml

Pods were OOMKilled at night because the backup sidecar has no memory limit of its own and shares
the pod's cgroup.
+ age=111

ArgoCD kept reverting the HPA's replica count. ignoreDifferences on /spec/replicas solved it.
+ files=argocd/apps/shop-api.yaml

An RDS minor upgrade restarts both AZs within two minutes. Announce it although Amazon calls it
without downtime.
+ age=66

CoreDNS throttled at 1,000 queries a second because of ndots:5. Setting ndots to 2 in the pod spec
removed 80 percent of the lookups.
+ age=129

The spot runners vanish with two minutes notice. Jobs longer than twenty minutes need the label
on-demand.

cosign verification failed for images built on arm runners: the signature is on the index, not on
the platform manifest.

kubectl debug with --profile=netadmin is the only way to run tcpdump on the distroless images.

S3 lifecycle rules apply to noncurrent versions separately. The bucket grew to 4 TB although
everything «expired» after thirty days.
+ age=82

Draining a node hangs when a PodDisruptionBudget allows zero disruptions. The warehouse worker has
one replica and a budget of minAvailable 1.

The Let's Encrypt rate limit hit us because every preview environment asked for its own certificate.
They share a wildcard now.
+ age=146

Prometheus needs 2 hours after a restart until rate() over 1h is right again; silence the burn rate
alerts meanwhile.

docker buildx bake ignores .dockerignore entries with a leading slash. The context was 900 MB.

@mobile
Hermes has no Intl.RelativeTimeFormat on Android 9. We ship the polyfill only for API level 28.
+ files=src/i18n/polyfills.ts

The white flash at start was the splash screen being hidden before the fonts were loaded; hide it in
the layout effect of the root screen.
< The white flash at start comes from the splash screen being hidden too early.
+ age=40

FlatList re-rendered all 400 rows because keyExtractor used the index. With the product id the
scroll stays at 60 frames.

expo-notifications drops the payload on Android when the app is killed unless data is sent as a
string.
+ age=51

Detox on CI needs an emulator with -gpu swiftshader_indirect; with auto it hangs in one of ten runs.

Sentry source maps must be uploaded after hermesc has run, or the stack traces point to the wrong
lines.
+ files=scripts/upload-sourcemaps.sh

The iOS build broke with «duplicate symbols» since two pods vendored libwebp. use_frameworks!
:linkage => :static fixes it.

TanStack Query kept an order in the cache after logout. queryClient.clear() belongs into the
sign-out path, before the navigation.
+ age=29 files=src/auth/signOut.ts

Reanimated worklets must not close over large objects. The basket animation copied the whole
catalogue to the UI thread.

@storefront
next/image with a remote loader doubles the requests in development; do not measure anything there.

The hydration warning on product pages came from a price that was formatted with the server's
locale. Pass the locale explicitly.
+ files=components/Price.tsx

A revalidate of 300 does not apply to notFound() pages. A new product stayed 404 for an hour.
+ age=36

Playwright's toHaveScreenshot differs between arm and x86 runners because of font hinting. Baselines
are made in the container only.

Largest contentful paint went from 3.9 to 1.8 s after the hero image got fetchpriority=high and the
carousel was dropped.
+ age=63 categories=performance_findings

@docs-site
Starlight's search index ignores code blocks unless data-pagefind-body is on the main element.

The nightly example run failed each Sunday because staging is scaled to zero on weekends. It is
skipped by calendar now, not by catching errors.
+ age=19

Links to headings break when a heading contains inline code; give those headings an explicit id.

@warehouse
Go's http.Client without a timeout kept the label printer job alive for nine hours. Every client has
10 s now.
+ age=73 files=internal/labels/client.go

pgx returns numeric as pgtype.Numeric; scanning it into float64 loses cents. Use the shop's minor
units column.

The scanner sends a carriage return and a newline. The empty second line was counted as an unknown
barcode.
+ age=104

Folding the event log for stock got slow at nine million events. The nightly snapshot cut a cold
start from 80 s to 3 s.

go test -race found that the aisle cache was written without its mutex in the refresh goroutine.

@
Codex runs shell commands with a ten second default timeout here. Start servers in the background
and poll the port.

When a migration and code change ship together, deploy the migration first and wait for the green
check; rollback is then only the code.
+ source=mem0-dream

ripgrep does not search hidden directories: use rg --hidden -g '!.git' to find workflow settings.
+ source=memory-md-import confidence=0.8

git bisect run ./scripts/ci-smoke.sh finds a bad commit in about twelve minutes on this repository.
""",
)

BUG_FIXES = notes(
    "bug_fix",
    """
@shop-api
ImportError: cannot import name 'soft_unicode' from 'markupsafe': an old jinja2 in the lock file.
Upgrade jinja2 to 3.1 or later.
+ age=90

psycopg.errors.LockNotAvailable in the nightly job: it ran at the same time as VACUUM FULL. Moved
the vacuum to Sunday 03:30.

«Event loop is closed» at the end of the test run: the Redis client was a module global. It is a
fixture with aclose() now.
+ files=tests/conftest.py

KeyError 'HTTP_X_FORWARDED_PROTO' behind the new load balancer: read the header through
request.headers, it is optional.

422 on POST /carts from old app versions: quantity arrives as a string there. The schema takes both
and logs the version.
+ age=44

@infra
«Error acquiring the state lock»: a cancelled CI job left it. Check that no apply is running, then
terraform force-unlock with the id of the message.
+ age=31 categories=deployment_runbook

ImagePullBackOff in preview namespaces: the pull secret is copied by a job that runs only for the
label preview=true.

x509: certificate signed by unknown authority from the runners: the base image lacked
ca-certificates after the switch to slim.

@mobile
Gradle «Could not resolve com.facebook.react:react-native:0.71»: a library's own build file pins it.
A resolutionStrategy in android/build.gradle forces ours.

App crashes on open with iOS 17.4 and VoiceOver on: nil accessibilityLabel in the carousel.
+ age=57 files=ios/Carousel.swift

@warehouse
panic: assignment to entry in nil map in aisle.go: the cache is created lazily and Refresh ran
before Get.

Labels printed twice after a restart: the job was marked done after printing. Mark it first, and
print with the job id as CUPS job name.
+ age=70
""",
)
