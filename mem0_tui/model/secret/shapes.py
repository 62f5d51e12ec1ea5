"""The first layer: keys whose shape their vendors document, and blocks that say what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mem0_tui.model.secret.form import is_name, is_placeholder
from mem0_tui.model.secret.hit import SHAPE, Hit
from mem0_tui.model.secret.rule import AFTER, BEFORE, Rule, search

_KEY = r"[A-Za-z0-9_\-]{8,}"
_PREFIXED = (
    ("Mem0 key", "m0-"), ("Mem0 key", "m0sk_"),
    ("Anthropic key", "sk-ant-"), ("OpenRouter key", "sk-or-"), ("Langfuse key", "sk-lf-"),
    ("OpenAI key", "sk-proj-"), ("OpenAI key", "sk-svcacct-"), ("OpenAI key", "sk-admin-"),
    ("API key", "sk-"),
    ("Stripe key", "sk_live_"), ("Stripe key", "sk_test_"), ("Stripe key", "rk_live_"),
    ("Stripe key", "rk_test_"), ("Stripe key", "sk_prod_"), ("Stripe webhook secret", "whsec_"),
    ("GitHub token", "ghp_"), ("GitHub token", "gho_"), ("GitHub token", "ghu_"),
    ("GitHub token", "ghs_"), ("GitHub token", "ghr_"), ("GitHub token", "github_pat_"),
    ("GitLab token", "glpat-"), ("GitLab token", "gldt-"), ("GitLab token", "glrt-"),
    ("GitLab token", "glcbt-"), ("GitLab token", "glptt-"), ("GitLab token", "glft-"),
    ("GitLab token", "glsoat-"), ("GitLab token", "glimt-"), ("GitLab token", "gloas-"),
    ("GitLab token", "glagent-"), ("GitLab token", "GR1348941"),
    ("Slack token", "xoxb-"), ("Slack token", "xoxp-"), ("Slack token", "xoxa-"),
    ("Slack token", "xoxe-"), ("Slack token", "xoxr-"), ("Slack token", "xoxs-"),
    ("Slack token", "xoxc-"), ("Slack token", "xoxd-"), ("Slack token", "xoxe.xoxp-"),
    ("Slack app token", "xapp-"),
    ("Groq key", "gsk_"), ("xAI key", "xai-"), ("Hugging Face token", "hf_"),
    ("Replicate token", "r8_"), ("Perplexity key", "pplx-"), ("Pinecone key", "pcsk_"),
    ("LangSmith key", "lsv2_pt_"), ("LangSmith key", "lsv2_sk_"), ("Tavily key", "tvly-"),
    ("Firecrawl key", "fc-"), ("Jina key", "jina_"), ("NVIDIA key", "nvapi-"),
    ("Fireworks key", "fw_"), ("Voyage key", "pa-"), ("Cerebras key", "csk-"),
    ("npm token", "npm_"), ("PyPI token", "pypi-"), ("RubyGems key", "rubygems_"),
    ("crates.io token", "cio"), ("Docker token", "dckr_pat_"), ("Docker token", "dckr_oat_"),
    ("DigitalOcean token", "dop_v1_"), ("DigitalOcean token", "doo_v1_"),
    ("DigitalOcean token", "dor_v1_"), ("Heroku key", "HRKU-"), ("Netlify token", "nfp_"),
    ("Render key", "rnd_"), ("Supabase key", "sbp_"), ("Supabase key", "sb_secret_"),
    ("Neon key", "napi_"), ("PlanetScale token", "pscale_tkn_"),
    ("PlanetScale password", "pscale_pw_"), ("PlanetScale token", "pscale_oauth_"),
    ("Databricks token", "dapi"), ("Tailscale key", "tskey-"), ("Vercel token", "vcp_"),
    ("Linear key", "lin_api_"), ("Linear token", "lin_oauth_"), ("Notion token", "ntn_"),
    ("Figma token", "figd_"), ("Atlassian token", "ATATT3"), ("Atlassian token", "ATCTT3"),
    ("Bitbucket password", "ATBB"), ("Shopify token", "shpat_"), ("Shopify token", "shpss_"),
    ("Shopify token", "shpca_"), ("Shopify token", "shppa_"), ("Square token", "sq0atp-"),
    ("Square secret", "sq0csp-"), ("Google OAuth secret", "GOCSPX-"), ("Grafana token", "glsa_"),
    ("Grafana token", "glc_"), ("New Relic key", "NRAK-"), ("New Relic key", "NRII-"),
    ("Sentry token", "sntrys_"), ("Sentry token", "sntryu_"), ("Postman key", "PMAK-"),
    ("Pulumi token", "pul-"), ("Sonar token", "sqp_"), ("Sonar token", "squ_"),
    ("Sonar token", "sqa_"), ("CircleCI token", "CCIPAT_"), ("Buildkite token", "bkua_"),
    ("Prefect key", "pnu_"), ("Contentful token", "CFPAT-"), ("PostHog key", "phx_"),
    ("Typeform token", "tfp_"), ("Airtable token", "pat"), ("Resend key", "re_"),
    ("Brevo key", "xkeysib-"), ("Brevo key", "xsmtpsib-"), ("Mapbox token", "sk.eyJ"),
    ("Doppler token", "dp.pt."), ("Doppler token", "dp.st."), ("Doppler token", "dp.ct."),
    ("1Password token", "ops_eyJ"), ("Vault token", "hvs."), ("Vault token", "hvb."),
    ("Duffel token", "duffel_live_"), ("Duffel token", "duffel_test_"), ("Trello token", "ATTA"), ("Razorpay key", "rzp_live_"),
    ("Infisical token", "st."), ("PayPal token", "access_token$production$"),
    ("HubSpot token", "pat-na1-"), ("HubSpot token", "pat-eu1-"), ("Clerk key", "ak_"),
    ("Dynatrace token", "dt0c01."), ("Dynatrace token", "dt0s16."), ("ngrok key", "ak_"),
    ("Adobe secret", "p8e-"), ("ReadMe key", "rdme_"), ("Scalingo token", "tk-us-"),
    ("Intercom token", "dG9rOj"), ("Artifactory key", "AKCp"), ("Artifactory token", "cmVmd"),
    ("Tencent key", "AKID"), ("Volcengine key", "AKLT"), ("Flutterwave key", "FLWSECK-"),
    ("Plaid token", "access-production-"), ("Plaid token", "access-development-"),
    ("Plaid token", "access-sandbox-"), ("E2B key", "e2b_"), ("Apify token", "apify_api_"),
    ("LlamaCloud key", "llx-"), ("RunPod key", "rpa_"), ("Together key", "tgp_v1_"),
    ("Browserbase key", "bb_live_"), ("Cal.com key", "cal_live_"), ("Inngest key", "signkey-prod-"),
    ("Meta token", "EAAM"), ("Meta token", "EAAC"), ("Meta token", "EAAG"),
)  # fmt: skip
_ITEM = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_BODIES = {
    "AKID": r"[A-Za-z0-9]{32}", "AKLT": r"[A-Za-z0-9]{40,}", "FLWSECK-": r"[0-9A-Za-z]{32}-X",
    "access-production-": _ITEM, "access-development-": _ITEM, "access-sandbox-": _ITEM,
    "e2b_": r"[0-9a-f]{40}", "llx-": r"[A-Za-z0-9]{40,}", "rpa_": r"[A-Za-z0-9]{40,}",
    "tgp_v1_": r"[\w\-]{40,}", "signkey-prod-": r"[0-9a-f]{32,}", "cal_live_": r"[0-9a-f]{32}",
    "fc-": r"[0-9a-f]{24,}", "fw_": r"[A-Za-z0-9]{22,}", "pa-": r"[A-Za-z0-9_\-]{40,}",
    "cio": r"[A-Za-z0-9]{32}", "r8_": r"[A-Za-z0-9]{30,}", "dapi": r"[0-9a-f]{32}(?:-\d)?",
    "ATATT3": r"[\w\-=]{40,}", "ATCTT3": r"[\w\-=]{40,}",
    "ATBB": r"[A-Za-z0-9]{20,}", "pul-": r"[0-9a-f]{40}", "pat": r"[A-Za-z0-9]{14}\.[0-9a-f]{64}",
    "re_": r"[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,}", "sk.eyJ": r"[A-Za-z0-9_\-]+\.[A-Za-z0-9_\-]{16,}",
    "hvs.": r"[A-Za-z0-9_\-]{20,}", "hvb.": r"[A-Za-z0-9_\-]{20,}", "rnd_": r"[A-Za-z0-9]{20,}",
    "st.": r"[0-9a-f]{24}\.[0-9a-f]{24,}\.[0-9a-f]{24,}", "ATTA": r"[0-9a-f]{60,}",
    "access_token$production$": r"[a-z0-9]{16}\$[0-9a-f]{32}", "ak_": r"[A-Za-z0-9]{24,}",
    "dt0c01.": r"[A-Z0-9]{24}\.[A-Z0-9]{64}", "dt0s16.": r"[A-Z0-9]{8}\.[A-Z0-9]{64}",
    "pat-na1-": r"[0-9a-f\-]{36}", "pat-eu1-": r"[0-9a-f\-]{36}", "napi_": r"[a-z0-9]{32,}",
    "EAAM": r"[A-Za-z0-9]{60,}", "EAAC": r"[A-Za-z0-9]{60,}", "EAAG": r"[A-Za-z0-9]{60,}",
    "AKCp": r"[A-Za-z0-9]{60,}", "cmVmd": r"[A-Za-z0-9]{55,}", "dG9rOj": r"[A-Za-z0-9+/=_\-]{20,}",
    "ops_eyJ": r"[A-Za-z0-9+/=_\-]{20,}", "glc_": r"[A-Za-z0-9+/=_\-]{20,}", "vcp_": r"\w{20,}",
    "tk-us-": r"[\w\-]{40,}", "p8e-": r"[A-Za-z0-9]{20,}", "glft-": r"[\w\-]{20,}",
    "glpat-": r"[\w\-]{8,}(?:\.[0-9a-z]{9})?", "glrt-": r"[\w\-]{8,}(?:\.[0-9a-z]{9})?",
    "xoxe.xoxp-": r"[A-Za-z0-9\-]{20,}", "sntrys_": r"[A-Za-z0-9+/=_]{20,}",
    "dp.pt.": r"[A-Za-z0-9]{20,}", "dp.st.": r"(?:[a-z0-9_\-]+\.)?[A-Za-z0-9]{20,}",
    "dp.ct.": r"[A-Za-z0-9]{20,}", "whsec_": r"[A-Za-z0-9+/=]{16,}", "ntn_": r"[A-Za-z0-9]{20,}",
}  # fmt: skip
"""What follows a prefix where it is not letters, digits, ``_`` and ``-``, or where the prefix is
so short that words begin with it."""

_WHOLE = (
    ("AWS access key", "a", r"(?:AKIA|ASIA|ABIA|ACCA|A3T[A-Z0-9])[0-9A-Z]{16}", 4),
    ("Amazon Bedrock key", "absk", r"ABSK[A-Za-z0-9+/]{80,}={0,2}", 4),
    ("Google API key", "aiza", r"AIza[A-Za-z0-9_\-]{35}", 4),
    ("Google OAuth token", "ya29.", r"ya29\.[A-Za-z0-9_\-]{20,}", 5),
    ("Google refresh token", "1//0", r"1//0[A-Za-z0-9_\-]{30,}", 4),
    ("SendGrid key", "sg.", r"SG\.[A-Za-z0-9_\-]{16,}\.[A-Za-z0-9_\-]{16,}", 3),
    ("Twilio key", "sk", r"SK[0-9a-f]{32}", 2),
    ("Mailgun key", "key-", r"key-[0-9a-f]{32}", 4),
    ("Mailchimp key", "-us", r"[0-9a-f]{32}-us\d{1,2}", 0),
    ("Telegram bot token", ":aa", r"\d{8,10}:AA[A-Za-z0-9_\-]{32,33}", None),
    ("Discord bot token", ".", r"[MNO][A-Za-z0-9]{23,25}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,38}", None),
    ("Azure client secret", "q~", r"[A-Za-z0-9_~.\-]{3}[78]Q~[A-Za-z0-9_~.\-]{31,34}", None),
    ("Terraform token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=\-]{60,70}", None),
    ("NuGet key", "oy2", r"oy2[a-z0-9]{43}", 3),
    ("age key", "age-secret-key-1", r"AGE-SECRET-KEY-1[0-9A-Z]{20,}", 15),
    ("1Password secret key", "a3-", r"A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}", 3),
    ("OpenShift token", "sha256~", r"sha256~[A-Za-z0-9_\-]{43}", None),
    ("Octopus key", "api-", r"API-[A-Z0-9]{26,}", 4),
    ("JWT", "eyj", r"eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}(?:\.[A-Za-z0-9_\-]{8,}){1,3}", None),
    ("Django secret key", "django-insecure-", r"django-insecure-[^\s\"']{20,}", 16),
    ("Fly.io token", "fm2_", r"fm2_[A-Za-z0-9+/]{40,}={0,3}", 4),
    ("Asana token", "/", r"[12]/\d{15,17}(?:/\d{15,17})?:[0-9a-f]{32}", None),
    ("MaxMind key", "_mmk", r"[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk", 0),
    ("Harness key", "at.", r"[ps]at\.[\w\-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}", 4),
)  # fmt: skip
_BLOCKS = (
    ("-----begin", re.compile(r"-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY(?: BLOCK)?-----"
     r"(?=(?:\s|\\[nr])*(?!X{3}|\.\.\.|abc\.\.)[A-Za-z0-9+/]{3})"
     r"[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\Z)")),
    ("putty-user-key", re.compile(r"PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-MAC:[^\n]*|\Z)")),
)  # fmt: skip
_WEBHOOKS = (
    ("Slack webhook", "hooks.slack.com", r"https?://hooks\.slack\.com(/(?:services|workflows|triggers)/[\w/+]{8,})"),
    ("Discord webhook", "/webhooks/", r"https?://(?:\w+\.)?discord(?:app)?\.com(/api/(?:v\d+/)?webhooks/\d+/[\w\-]{20,})"),
    ("Teams webhook", "webhook.office.com", r"https?://[\w\-]+\.webhook\.office\.com(/\S{20,}[\w/])"),
    ("Teams webhook", "logic.azure.com", r"https?://[\w.\-]+\.logic\.azure\.com(?::\d+)?(/\S*?sig=[\w%\-]{20,})"),
    ("Google Chat webhook", "chat.googleapis.com", r"https?://chat\.googleapis\.com(/v1/spaces/\S*?key=[\w\-]+(?:&token=[\w%\-]+)?)"),
    ("Zapier webhook", "hooks.zapier.com", r"https?://hooks\.zapier\.com(/hooks/catch/\d+/\w+)"),
    ("IFTTT webhook", "maker.ifttt.com", r"https?://maker\.ifttt\.com(/\S*?/key/[\w\-]{10,})"),
    ("Telegram bot token", "api.telegram.org", r"https?://api\.telegram\.org/bot(\d{6,12}:[\w\-]{20,})"),
    ("Mattermost webhook", "/hooks/", r"https?://[\w.\-]+(?::\d+)?(/hooks/[a-z0-9]{26})" + AFTER),
    ("Lark webhook", "/open-apis/bot/", r"https?://open\.(?:feishu\.cn|larksuite\.com)(/open-apis/bot/v2/hook/[\w\-]{20,})"),
    ("signed URL", "x-amz-signature", r"(?i)[?&]X-Amz-Signature=([0-9a-f]{64})"),
    ("signed URL", "sig=", r"[?&](?:sv|se|sp|sr|st|spr|ss|srt)=\S*?[?&]?sig=([\w%+/\-]{20,}(?:%3D|=){0,2})"),
    ("OTP secret", "otpauth:", r"otpauth://\S*?[?&]secret=([A-Z2-7]{12,})"),
)  # fmt: skip

_RULES = (
    *(
        Rule(kind, start.lower(), BEFORE + re.escape(start) + _BODIES.get(start, _KEY) + AFTER,
             len(start))
        for kind, start in _PREFIXED
    ),
    *(Rule(kind, key, BEFORE + body + AFTER, prefix) for kind, key, body, prefix in _WHOLE),
)  # fmt: skip
_HOOKS = tuple(
    Rule(kind, key, expression, 1 if kind.endswith("webhook") else None)
    for kind, key, expression in _WEBHOOKS
)

_AWS_SECRET = re.compile(r"(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_LONG_WORD = re.compile(r"[A-Za-z]{16}")
_UUID_LIKE = re.compile(r"(?i)[0-9a-f]{4}-[0-9a-f]{12}$").search


def find(text: str, lower: str) -> Iterator[Hit]:
    """The keys in *text*, which is *lower* in lower case."""
    for word, block in _BLOCKS:
        if word in lower:
            for found in block.finditer(text):
                sort = (found.group(1) or "").strip() if found.lastindex else "PuTTY"
                yield Hit(found.start(), found.end(), f"{sort} private key".strip(), SHAPE)
    if "//" in text:
        yield from search(_HOOKS, text, lower)
    for hit in search(_RULES, text, lower):
        if _is_key(text[hit.start : hit.end], hit):
            yield hit
            if hit.kind == "AWS access key":
                yield from _beside(text, hit)


def _beside(text: str, key: Hit) -> Iterator[Hit]:
    """The secret that stands beside an AWS access key, without a name of its own."""
    for found in _AWS_SECRET.finditer(text, key.end, key.end + 120):
        value = found.group()
        if not value.islower() and not value.isupper() and any(c.isdigit() for c in value):
            yield Hit(found.start(), found.end(), "AWS secret key", SHAPE, prefix=0)


def _is_key(value: str, hit: Hit) -> bool:
    """Whether what follows the prefix is drawn by chance: ``sk-learn-extensions`` is a name."""
    body = value[hit.prefix or 0 :]
    if hit.prefix is None or hit.kind == "Mailchimp key":
        return True
    if "EXAMPLE" in body and hit.kind.startswith("AWS"):
        return True
    if is_placeholder(body):
        return False
    if hit.prefix < 6 and _UUID_LIKE(body) and hit.kind != "Heroku key":
        return False
    if is_name(body) and len(body) >= 12 and body.isalnum() and not body.isalpha():
        return True
    if is_name(body):
        return bool(_LONG_WORD.search(body))
    return any(char.isdigit() for char in body) or len(body) >= 16
