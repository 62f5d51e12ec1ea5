"""Demo memories of type convention, user_preference and anti_pattern: how this shop works."""

from __future__ import annotations

from mem0_tui.demo.note import notes

CONVENTIONS = notes(
    "convention",
    """
@shop-api
Endpoints are nouns in the plural and kebab-case; actions are sub-resources: POST
/orders/{id}/cancellation, not /orders/{id}/cancel.

Service functions take keyword arguments only and return domain objects, never ORM rows.
+ files=app/services/README.md

Every migration has a downgrade that was run once locally. If it cannot be undone, the docstring
says so.

Test names say what a user would notice: test_a_paid_order_cannot_be_emptied, not test_empty_1.

Log messages are constant strings with structured fields. No f-strings in log calls.

Exceptions are defined in the module that raises them; app/errors.py only maps them to problem
documents.

Settings are read once, in app/settings.py, through pydantic-settings. os.environ anywhere else
fails the lint.
+ files=app/settings.py

A pull request that changes a table also changes docs/data-model.md.
+ categories=coding_conventions,data_model

Commit messages begin with the area in lower case: «orders: keep the voucher when a line is
removed».
+ age=150

Branches are named feat/, fix/ or chore/ followed by two or three words, no ticket numbers.

Public functions have type hints and a one line docstring that says the unit of every number.

Money in JSON is {"amount": 1299, "currency": "EUR"}; a bare number for money is a bug.
+ pinned

Factories, not fixtures with data: tests build what they need with make_order(), make_customer().
+ files=tests/factories.py

HTTP clients of other services live in app/clients/, one module per service, with timeouts from the
settings.

Enum values are stored as lower-case text with a CHECK constraint, never as Postgres enums.

@infra
Terraform resources are named this when there is one of a kind in a module, else by role: reader,
writer.

Each module has an examples/ folder that is planned in CI. A module without an example is not
reviewed.

Resource names follow {env}-{service}-{purpose}; the account id is never part of a name.

Helm values are sorted by key and have a comment for every number.

Workflows pin actions by commit hash with the version as comment; Renovate keeps them fresh.
+ files=.github/workflows/check.yml

Alerts are named after what the customer feels: CheckoutSlow, not HighP99Latency.

Runbooks are linked by their stable id rb-NNN, so that pages can be renamed.

@mobile
Screens are named after what is on them (OrderListScreen) and files after their default export.

Colours, spacing and type sizes come from the theme object. A hex value in a component fails the
lint.
+ files=src/theme/index.ts

Every string goes through t(); the English text is the key's fallback and not the key.

Components under 150 lines; when it grows, the hook goes first and then the subcomponents.

Side effects belong into event handlers and queries. useEffect needs a comment that says why.

@storefront
Server components by default; «use client» only in leaf files named *.client.tsx.

Query parameters that change content are part of the canonical URL, everything else is stripped.

Analytics events are verb_object in snake case: add_line, place_order.

@docs-site
Sentences under 25 words, present tense, the reader is «you».

Every page says at the top who it is for and when it was last checked.

Screenshots are made at 1280 by 800 with the demo shop, never with customer data.

@warehouse
Errors are wrapped with %w and the operation's name, lower case, no «failed to».

Packages are named by what they hold: labels, aisles, scans. There is no package common.

Table tests use a map from name to case so that the order is random.

@
Reviews are answered within a working day; whoever asked for the change merges it.
+ categories=team_norms

The definition of done includes a dashboard panel or a reason why there is none.

Post-mortems name no people and end with at most three actions.

A spike is deleted after the decision. Only the decision and its numbers are kept.
""",
)

PREFERENCES = notes(
    "user_preference",
    """
@
Kim wants the plan as a short numbered list before any edit that touches more than two files.
< Kim wants a plan before edits that touch more than five files.
< Kim wants the plan before any edit that touches more than two files.
+ user=kim age=3.4 pinned

Kim prefers small commits with one reason each, and no reformatting in the same commit.
+ user=kim

Answer in English, also when Kim writes in Dutch.
+ user=kim age=128

Kim reads diffs in the terminal with delta; do not suggest opening an IDE.
+ user=kim

Show the failing assertion first, then the theory.
+ user=kim age=46

Do not add comments that repeat the code; Kim deletes them in review.
+ user=kim

Kim would rather have a clear error than a fallback that hides the problem.
+ user=kim age=79

Use pytest style tests with plain asserts. Kim does not want unittest classes in new code.
+ user=kim

Kim uses fish; give shell lines that work in fish and in bash.
+ user=kim

No emoji in commit messages or code comments.
+ user=kim age=11.2

When a command is destructive, Kim wants to run it herself: print it and stop.
+ user=kim immutable

Kim likes tables for comparisons of more than two options, prose for everything else.
+ user=kim

Ravi prefers kubectl and the AWS CLI over consoles, and wants the exact command in the answer.
< Ravi prefers kubectl over consoles.
+ user=ravi age=27

Ravi wants dry runs first: terraform plan output before any apply is even mentioned.
+ user=ravi

Times in answers for Ravi are in UTC, with the offset if it is anything else.
+ user=ravi

Ravi reviews on the phone in the morning: keep pull request descriptions under ten lines.
+ user=ravi age=60

Ravi is on call in even weeks and does not want non-urgent refactorings then.
+ user=ravi age=35

Explain Helm template changes by showing the rendered YAML before and after.
+ user=ravi

Ravi prefers Python for scripts longer than twenty lines, bash below that.
+ user=ravi

Use long options in scripts: --recursive and not -r.
+ user=ravi

Noor wants TypeScript examples without any and without non-null assertions.
+ user=noor age=15

Noor tests on a Pixel 6 and an iPhone SE; mention when a layout was not checked on a small screen.
+ user=noor

Noor prefers function components with named exports.
+ user=noor

Ask Noor before adding a dependency to the app: each one is checked for size and licence.
+ user=noor age=69 pinned

Noor writes in the afternoon and reviews in the morning. Long jobs may be started at noon.
+ user=noor

Give Noor the accessible variant first, not as an afterthought.
+ user=noor age=53

Noor wants German umlauts written out in code and spelled properly in texts.
+ user=noor

Use metric units and 24 hour times in everything customers see.
+ user=noor

Kim prefers tabs of width 4 in SQL files.
+ user=kim age=155 confidence=0.5

Kim prefers two spaces in SQL files and upper case keywords.
+ user=kim age=39
""",
)

ANTI_PATTERNS = notes(
    "anti_pattern",
    """
@shop-api
Never use HS256 for tokens that leave the cluster: the shared secret leaked into a crash report once
and every session had to be revoked.
+ age=5.1 files=app/auth/tokens.py pinned

Never catch Exception around a Stripe call. A declined card was reported as an outage for two hours.
+ age=86

Do not call .commit() in a service function; the request's unit of work does it. Two nested commits
made half an order visible.

Do not compute VAT from the gross price per line. Rounding differs from the invoice total by up to
three cents.
+ files=app/tax/vat.py

datetime.utcnow() gives naive values that Postgres takes for local time. Use the clock in
app/clock.py.

Do not put customer data into log fields. The access log was once indexed by an outside search
vendor.
+ age=112 categories=security_constraints

Mocking the database in order tests hid the missing foreign key. Use the real one, it starts in a
second.

Do not retry POST requests to the carrier's API without an idempotency key: it books a second
pickup.
+ age=28

Avoid SELECT … FOR UPDATE on products in checkout; it serialises the whole shop on sale days.

A global dict as cache grew to 3 GB in a week. Use the bounded one in app/cache.py.

Never build SQL with f-strings, not even for column names; use the allow-list in app/sql.py.
+ pinned

@infra
Never run terraform apply from a laptop. The state of the data layer was overwritten with an old
provider version.
+ age=103

Do not use :latest anywhere. A rollback once rolled forward.

Do not edit resources in the AWS console, not even tags: the next apply takes it back at a bad
moment.

CPU limits on latency-bound pods throttle them at 40 percent use. Set requests only.
+ age=65

A liveness probe that checks the database restarts all pods when the database is slow. Check the
process only.
+ files=charts/service/templates/deployment.yaml

Do not put secrets into Helm values, also not base64 encoded ones.
+ categories=security_constraints

Avoid cron jobs at minute zero: six of them met at 02:00 and ran the database out of connections.

@mobile
Do not store the refresh token in AsyncStorage; it is readable in a backup. Use expo-secure-store.
< Do not store tokens in AsyncStorage.
+ age=92 files=src/auth/tokenStore.ts

Do not read the window size once at module load. Foldables and split screen change it.

Inline arrow functions in renderItem made the catalogue stutter on old phones.

Never ship an over-the-air update with native changes: the app crashed at start for everyone on 4.2.
+ age=47

Do not show a spinner for less than 300 ms; it looks like a flicker.

@storefront
Do not fetch in useEffect what a server component can fetch.

Do not put the price into the URL of the share image; it was cached for weeks.
+ age=74

Client-side redirects after login lose the basket in Safari's private mode.

@docs-site
Do not paste terminal output as a screenshot; it cannot be searched or copied.

@warehouse
Do not use float64 for weights that go to the carrier. 0.1 kg steps became 0.30000000000000004.

A goroutine per scan without a limit took down the station PC during inventory.
+ age=32

Do not rely on the scanner's clock; they are reset to 2001 when the battery is changed.
""",
)
