"""Short forms that people and programs write for technical words."""

from __future__ import annotations

from typing import Final

SHORT_FORMS: Final = """
approximate approx
architecture arch
attribute attr
average avg
benchmark bench
boolean bool
calculation calc
certificate cert
command cmd
communication comms
configuration conf cfg
connection conn
dependency dep
description desc
destination dest
difference diff
distribution distro
enumeration enum
evaluation eval
expression expr
extension ext
frequency freq
function fn
image img
implementation impl
infrastructure infra
internationalisation internationalization i18n
interface iface
language lang
localisation localization l10n
management mgmt
manager mgr
microservice msvc
miscellaneous misc
organisation organization org
original orig
performance perf
permission perm
picture pic photo
preference pref
previous prev
regex regexp
request req
requirement reqs
response resp
server srv
service svc
specification spec
standard std
string str
synchronous sync
table tbl
template tmpl
transaction txn
translation transl
utility util
version ver
vocabulary vocab
kubernetes kube
accessibility a11y
observability o11y
"""
"""Words that say the same, those of a line: the full one first. Short forms that stand for several
words (``int``, ``pos``, ``res``) are left out, and those that are words themselves."""
