#!/usr/bin/env bash
# How many callers a core carries, beside Pipecat (PyPI's pipecat-ai, pinned) on the same machine in the same run.
#
#   Tests/Benchmarks/beside-pipecat.sh PARLEY RECORDINGS [OPTIONS of pipecat/compare.py]
#
# PARLEY is a release binary. Needs two cores with nothing else to do, Python 3.11 or later, and PyPI the first time: the packages, some 500 MB, lie in
# PIPECAT_VENV, or .build/pipecat.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=${PIPECAT_VENV:-$here/../../.build/pipecat}
packages=('pipecat-ai[websocket]==1.14.0' 'uvicorn==0.54.0')
if [ "$(cat "$venv/packages" 2>/dev/null)" != "${packages[*]}" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet "${packages[@]}"
    printf '%s' "${packages[*]}" >"$venv/packages"
fi
exec "$venv/bin/python" "$here/pipecat/compare.py" "$@"
