"""What every request has to pass, and the headers that every answer has.

A page of another site must reach nothing here: not by a form or a script (Origin and
Sec-Fetch-Site), not under a name that it makes point to this machine (Host), not in a frame.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Middleware

from mem0_tui.web.admission import Admission, TokenUse

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_ENTERING = """\
<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<link rel="icon" href="{folder}/page/icon.svg">
<meta http-equiv="refresh" content="0; url={folder}/">
<title>mem0-tui</title>
<p><a href="{folder}/">Go on to mem0-tui</a></p>
"""
"""A redirect would count as coming from the site on which the address was clicked, and browsers
send no SameSite=Strict cookie with such a request; what this page opens comes from here. It names
the icon, as a browser that is slow to leave it would ask for /favicon.ico, and be refused."""

_ONE_MORE = (
    "Where it is open in a tab of this browser, go on there. Otherwise stop mem0-tui web with\n"
    "Ctrl+C and start it again: it prints a new address.\n"
)
_USED = "This address has been used: it works once.\n\n" + _ONE_MORE
_NEEDS_TOKEN = "This is mem0-tui web. Open the address that it printed, once.\n\n" + _ONE_MORE


def security_headers(origin: str) -> dict[str, str]:
    """The headers of every answer of the server at *origin*."""
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        # xterm.js, which textual-serve's script holds, makes style elements as it goes.
        "style-src 'self' 'unsafe-inline'",
        "font-src 'self'",
        "img-src 'self'",
        f"connect-src 'self' ws{origin.removeprefix('http')}",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), clipboard-read=(), geolocation=(), microphone=()",
        "Server": "mem0-tui",
    }


def gate(admission: Admission) -> Middleware:
    """The middleware that lets only those requests through that *admission* knows."""

    @web.middleware
    async def pass_gate(request: web.Request, handler: Handler) -> web.StreamResponse:
        refused = _refusal(request, admission)
        if refused is not None:
            return refused
        if request.path == "/":
            return _enter(request, admission)
        if not admission.knows(request.cookies.get(admission.cookie_name)):
            return plain(403, _NEEDS_TOKEN)
        return await handler(request)

    return pass_gate


def plain(status: int, text: str) -> web.Response:
    """An answer of *text* alone."""
    return web.Response(status=status, text=text)


def _refusal(request: web.Request, admission: Admission) -> web.Response | None:
    """The answer that refuses *request*; None if it may pass."""
    hosts, origins = request.headers.getall("Host", []), request.headers.getall("Origin", [])
    if hosts != [admission.host]:
        return plain(421, f"mem0-tui web answers at {admission.origin} only.\n")
    is_socket = "Upgrade" in request.headers
    if origins != [admission.origin] and (origins or is_socket):
        return plain(403, "Requests from other sites are refused.\n")
    allowed = ("same-origin", "none")
    if request.path != "/" and request.headers.get("Sec-Fetch-Site", "none") not in allowed:
        return plain(403, "Requests from other sites are refused.\n")
    if request.method != "GET":  # a HEAD of a link preview must not use the token up
        return plain(405, "Only GET is answered.\n")
    return None


def _enter(request: web.Request, admission: Admission) -> web.Response:
    """Change the token for a cookie."""
    tokens = request.query.getall("token", [])
    if len(tokens) != 1:
        return plain(403, _NEEDS_TOKEN)
    if "prefetch" in request.headers.get("Sec-Purpose", ""):  # nobody has opened it yet
        return plain(503, "Open this address, without prefetching it.\n")
    match admission.take(tokens[0]):
        case TokenUse.WRONG:
            return plain(403, _NEEDS_TOKEN)
        case TokenUse.USED:
            return plain(410, _USED)
    text = _ENTERING.format(folder=admission.folder)
    answer = web.Response(text=text, content_type="text/html")
    answer.set_cookie(
        admission.cookie_name,
        admission.cookie,
        path=f"{admission.folder}/",
        httponly=True,
        samesite="Strict",
    )
    return answer
