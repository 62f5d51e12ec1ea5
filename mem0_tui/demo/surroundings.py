"""Demo memories of type environmental and project_profile, and memories without a type."""

from __future__ import annotations

from mem0_tui.demo.note import Note, notes

ENVIRONMENTAL = notes(
    "environmental",
    """
@shop-api
The local database is Postgres 16 on port 5433, because 5432 is taken by the warehouse project.
+ age=8.5 files=compose.yaml

Tests need DATABASE_URL and REDIS_URL; make up sets both and starts the containers.

The Stripe CLI forwards webhooks with stripe listen --forward-to localhost:8000/webhooks/stripe.

CI runs on Ubuntu 24.04 with 4 cores; the whole check takes seven minutes, two of them for mypy.

Staging is at api.staging.shop.example behind the VPN. Its data is refreshed each Monday from a
masked snapshot.

ruff, mypy and pytest are run by make check. Pre-commit is not used.
+ files=Makefile

The openapi.json file is generated: run make openapi and commit the result.

macOS needs brew install libpq and LDFLAGS for psycopg's C extension; the wheel works since 3.2.
+ age=116

The load test uses k6 with scripts/load/checkout.js and must not run against staging between 9 and
11.

Local mail ends up in Mailpit on http://localhost:8025.

@infra
There are three AWS accounts: shop-sandbox, shop-staging, shop-prod. SSO profile names are the same.
< There are two AWS accounts: shop-staging and shop-prod.
+ age=137

The cluster runs Kubernetes 1.31; the next upgrade is planned for the second week of January.
+ age=12.7

The cluster runs Kubernetes 1.29 with the AWS VPC CNI.
+ age=176 source=memory-md-import confidence=0.8

Terraform 1.9 through mise; the version is in .mise.toml and CI uses the same.

Grafana is at grafana.shop.example, log in with SSO. The checkout dashboard has the id d-checkout.

The region is eu-central-1, the backups are copied to eu-west-1.

Runner labels: spot-small (2 cores), spot-large (8 cores), on-demand, arm.

aws sso login --profile shop-prod is needed every eight hours; an expired session looks like
AccessDenied.

VPN is WireGuard, configuration from the portal. The office network is not in the allow-list any
more.

ArgoCD's CLI needs --grpc-web here because the load balancer does not speak HTTP/2 to it.

@mobile
Node 22 and pnpm 9, through corepack. npm install breaks the workspace links.
< Node 20 and pnpm 9, through corepack. npm install breaks the workspace links.
+ age=42 files=package.json

iOS builds need Xcode 16.2; the runners have it under /Applications/Xcode_16.2.app.

The Android emulator for tests is Pixel_6_API_34 and its snapshot is called clean.

EAS builds are started with the profile preview for testers and production for the stores.

Test accounts are in the team's vault under «mobile testers»; card 4242 4242 4242 4242 works on
staging.

@storefront
The dev server is pnpm dev on port 3100; the API is proxied to localhost:8000.

Playwright browsers are in the dev container, do not install them on the host.

@docs-site
pnpm docs:dev serves the docs on port 4321; pnpm docs:check finds broken links.

The site is deployed by a push to main within three minutes; previews are at the pull request's
number.

@warehouse
Go 1.23, no vendoring; the module proxy of the company needs GOPRIVATE=git.shop.example.

The station PCs are Debian 12 on Intel N100 and update themselves on Sunday nights.

Scanner test codes are on the laminated sheet, 9780201379624 is always in stock.

make seed fills the local database with four aisles and 2,000 items.

@
The machine has 16 GB of memory. Running the emulator, the containers and the type checker together
swaps.
""",
)

UNTYPED = notes(
    None,
    """
@shop-api
Refund worker owner is Ravi until the end of the year.

voucher code SUMMER25 may be used once per customer and only on full-price items
+ age=130

orders.external_id is the marketplace's id, unique per marketplace and not overall

Ask legal before showing strike-through prices; the 30 day lowest price rule applies.
+ age=22

The word «article» in the finance export means SKU.
+ categories=domain_glossary

Sprint 31 goal: get checkout p95 under 400 ms.
+ age=68 project_id=shop-api

Sprint 32 goal: move the remaining Celery jobs to SQS.
+ age=54 project_id=shop-api

User asked how to list the largest tables and was given a query on pg_total_relation_size.
+ age=81

The user is a software engineer.
+ age=149

The user said thanks.
+ age=148.9

@infra
Reserved instances for the production node group end on 31 January.
+ age=10.1

on-call handover is Monday 10:00 in the channel #ops

Ask Sanne from finance before buying more reserved capacity.

runner disk filled up again, third time this month
+ age=16.2

The user works with Kubernetes.
+ age=144

@mobile
Version 4.3 was rejected because the account deletion link was hidden in the help pages.
+ age=34

German store description: Lena translates, turnaround two days.

Beta group has 240 testers, 60 of them on Android.
+ age=87

@storefront
Black Friday banner goes live on the Thursday before at 20:00.
+ age=4.6

Colour of the sale badge is #B3261E on white, contrast 6.5.

@docs-site
TODO ask Kim whether the old runbooks may be deleted
+ age=95

@warehouse
Inventory day is the first Sunday of the quarter.

@
project: legacy importer
+ project=importer age=168

Lunch is at 12:30.
+ age=139
""",
)

_GUIDE = """# shop-api

FastAPI service for carts, orders and payments. Python 3.12, Postgres 16, Redis 7, SQS.

## Commands
- `make up` starts Postgres, Redis and Mailpit
- `make check` runs ruff, mypy and pytest
- `make openapi` regenerates openapi.json

## Rules
- Money is integer minor units, never float.
- Migrations are reviewed by a second person.
- No new dependency without a line in docs/dependencies.md."""

_PROFILE_TEXTS = (
    ("shop-api", "AGENTS.md[1/2]", "auto-import", 21.0, _GUIDE),
    (
        "shop-api",
        "AGENTS.md[2/2]",
        "auto-import",
        21.0,
        "## Tests\n- Use factories from tests/factories.py.\n- The Stripe mock listens on 12111.\n"
        "\n## Never\n- Never print customer data.\n- Never push to main.",
    ),
    ("shop-api", "AGENTS.md[1/2]", "auto-import", 101.0, _GUIDE.replace("3.12", "3.11")),
    (
        "shop-api",
        ".cursorrules",
        "cursor-import",
        120.0,
        "You are an expert in Python and FastAPI. Prefer early returns. Use async for I/O. "
        "Write docstrings in English.",
    ),
    (
        "infra",
        "AGENTS.md",
        "auto-import",
        63.0,
        "# infra\n\nTerraform and Helm for three AWS accounts.\n\n- `just plan ENV LAYER` plans\n"
        "- `just render SERVICE ENV` renders a chart\n- Applying happens in CI only.",
    ),
    (
        "infra",
        "CLAUDE.md",
        "auto-import",
        125.0,
        "# infra\n\nTerraform and Helm for three AWS accounts.\n\n- make plan ENV=… LAYER=…\n"
        "- Applying happens in CI only.",
    ),
    (
        "mobile",
        "AGENTS.md",
        "auto-import",
        49.0,
        "# Mobile app\n\nExpo, TypeScript, pnpm workspaces.\n\n- `pnpm ios`, `pnpm android`\n"
        "- `pnpm test` runs the unit tests, `pnpm e2e` the Maestro flows\n"
        "- The API client in packages/api-client is generated: do not edit it.",
    ),
    (
        "mobile",
        "copilot-instructions.md",
        "copilot-import",
        132.0,
        "Use functional components and hooks. Use named exports. Do not use any.",
    ),
    (
        "storefront",
        "AGENTS.md",
        "auto-import",
        38.0,
        "# Storefront\n\nNext.js with server components, Tailwind, Playwright.\n\n"
        "- `pnpm dev` on port 3100\n- Client components end in .client.tsx",
    ),
    (
        "docs-site",
        "AGENTS.md",
        "auto-import",
        72.0,
        "# Docs\n\nAstro Starlight. One page per task, runbooks under runbooks/, checked nightly.",
    ),
    (
        "warehouse",
        "AGENTS.md",
        "auto-import",
        57.0,
        "# warehouse\n\nGo 1.23, sqlc, pgx. `make seed`, `make run`, `make race`. "
        "Scan events are append-only.",
    ),
    (
        "warehouse",
        "mem0.md",
        "auto-import",
        57.0,
        "## Retention\nsession_state: 30d\ndecision: forever\n\n## Instructions\n"
        "Remember decisions about stock events.",
    ),
)

PROFILES = tuple(
    Note("project_profile", text, app, age=age, extra={"file": file, "source": source})
    for app, file, source, age, text in _PROFILE_TEXTS
)
