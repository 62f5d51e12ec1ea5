#!/usr/bin/env bash
# onnxruntime 1.32.0 (PyPI, Linux x86_64): importing it leaves an identifier of the machine behind,
# also where the program switches its telemetry off at once.
#
# Since 1.32 the wheels for Linux collect telemetry, as those for Windows did. `import onnxruntime`
# alone, without any model, writes the files `deviceid` (a UUID) and `onnxruntime.db` (events that
# wait to be sent) below ~/.cache/Microsoft/DeveloperTools/.onnxruntime. Python's own switch,
# `onnxruntime.disable_telemetry_events()`, can only be called after that: the files are there all
# the same. Only the variable ORT_DISABLE_TELEMETRY, set before the import, keeps them away; so a
# library that embeds onnxruntime has to change its process's environment to keep its promise.
#
# Seen on 2026-11-30, offline: plain 2 files, function 2 files, variable 0 files.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet onnxruntime==1.32.0

# Nothing leaves this machine: no proxy answers on the port of discard.
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9
unset CI ORT_DISABLE_TELEMETRY XDG_CACHE_HOME GITHUB_ACTIONS TF_BUILD

files() {
  local home="$work/$1"
  mkdir "$home"
  HOME="$home" "$work/venv/bin/python" -c "$2"
  find "$home" -name deviceid -o -name onnxruntime.db | wc -l
}

plain=$(files plain 'import onnxruntime')
function=$(files function 'import onnxruntime; onnxruntime.disable_telemetry_events()')
variable=$(ORT_DISABLE_TELEMETRY=1 files variable 'import onnxruntime')
echo "plain $plain files, function $function files, variable $variable files"
[ "$plain" = 2 ] && [ "$function" = 2 ] && [ "$variable" = 0 ]
