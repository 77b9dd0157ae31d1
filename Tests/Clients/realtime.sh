#!/usr/bin/env bash
# Tries the realtime door with the `openai` SDK from PyPI: realtime.py here, with the local model where there is one, and the
# shared probe where its folder is there, with a model whose answers are known.
#
#   Tests/Clients/realtime.sh [PARLEY]     the server's program; the debug build unless given
#
# Says so and succeeds where PyPI cannot be reached. PARLEY_SHARED names the shared folder; LOCAL_MODEL=yes says that the
# model has been fetched.
set -euo pipefail
cd "$(dirname "$0")/../.."
parley=${1:-.build/debug/parley}
folder=$(mktemp -d)
running=()
trap '[ ${#running[@]} -eq 0 ] || kill "${running[@]}" 2>/dev/null || true; rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
if ! "$folder/venv/bin/pip" --quiet --disable-pip-version-check --retries 1 --timeout 20 install 'openai[realtime]==3.54.0' websockets 2>"$folder/pip.log"; then
    tail -1 "$folder/pip.log"
    echo "skipped: the openai SDK cannot be had from PyPI"
    exit 0
fi

started() {  # started LOG PATTERN: the first line of LOG that sed's PATTERN matches, awaited
    local found
    for _ in $(seq 100); do
        found=$(sed -n "$2" "$1")
        if [ -n "$found" ]; then printf '%s\n' "$found"; return 0; fi
        kill -0 "${running[-1]}" 2>/dev/null || break
        sleep 0.2
    done
    cat "$1" >&2
    return 1
}

serve() {  # serve OPTION...: sets `door` to the address of a server of its own
    local log="$folder/server${#running[@]}.log"
    "$parley" serve --engines scripted "$@" --set server.host=127.0.0.1 --set server.port=0 --set server.admin_port=0 >"$log" 2>&1 &
    running+=($!)
    door=127.0.0.1:$(started "$log" 's|^calls at ws://127.0.0.1:\([0-9]*\)/.*|\1|p')/v1
}

serve
"$folder/venv/bin/python" Tests/Clients/realtime.py "http://$door" $([ "${LOCAL_MODEL:-}" != yes ] || echo --tools)

probe="${PARLEY_SHARED:-}/clients/openai_sdk_client.py"
speech="${PARLEY_SHARED:-}/data/audio/asr-en/goforward.flac"
if [ -f "$probe" ] && [ -f "$speech" ] && command -v flac >/dev/null; then
    flac --silent --decode --output-name "$folder/speech.wav" "$speech"
    python3 Tests/Clients/model.py >"$folder/model.log" 2>&1 &
    running+=($!)
    model=$(started "$folder/model.log" p)
    serve --set llm.engine=openai --set "llm.url=$model"
    for options in "--format pcm --vad server_vad" "--format pcmu --vad semantic_vad"; do
        # shellcheck disable=SC2086
        "$folder/venv/bin/python" "$probe" "ws://$door" "$folder/speech.wav" $options >"$folder/probe.json" \
            || { cat "$folder/probe.json"; exit 1; }
        echo "ok      the shared probe with $options"
    done
fi
