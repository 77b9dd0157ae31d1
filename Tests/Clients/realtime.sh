#!/usr/bin/env bash
# Tries the realtime door with the `openai` SDK from PyPI: realtime.py here, and the shared probe where its folder is there.
#
#   Tests/Clients/realtime.sh [PARLEY]     the server's program; the debug build unless given
#
# Says so and succeeds where PyPI cannot be reached. PARLEY_SHARED names the shared folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
parley=${1:-.build/debug/parley}
folder=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

python3 -m venv "$folder/venv"
if ! "$folder/venv/bin/pip" --quiet --disable-pip-version-check --retries 1 --timeout 20 install 'openai[realtime]==3.54.0' websockets 2>"$folder/pip.log"; then
    tail -1 "$folder/pip.log"
    echo "skipped: the openai SDK cannot be had from PyPI"
    exit 0
fi

# The probe waits a minute for a reply to be played, and a word of the scripted voice lasts 350 ms: a hundred tokens are done
# within 35 s, where a small model that was asked to count may go on for longer than the minute.
"$parley" serve --engines scripted --set llm.maximum_tokens=100 --set server.host=127.0.0.1 --set server.port=0 \
    --set server.admin_port=0 >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 100); do
    port=$(sed -n 's|^calls at ws://127.0.0.1:\([0-9]*\)/.*|\1|p' "$folder/server.log")
    if [ -n "$port" ]; then break; fi
    kill -0 "$server" 2>/dev/null || { cat "$folder/server.log"; exit 1; }
    sleep 0.2
done
"$folder/venv/bin/python" Tests/Clients/realtime.py "http://127.0.0.1:$port/v1"

probe="${PARLEY_SHARED:-}/clients/openai_sdk_client.py"
speech="${PARLEY_SHARED:-}/data/audio/asr-en/goforward.flac"
if [ -f "$probe" ] && [ -f "$speech" ] && command -v flac >/dev/null; then
    flac --silent --decode --output-name "$folder/speech.wav" "$speech"
    # A tool is called by a model only, and the scripted engines may have none.
    for options in "--format pcm --vad server_vad" "--format pcmu --vad semantic_vad"; do
        # shellcheck disable=SC2086
        "$folder/venv/bin/python" "$probe" "ws://127.0.0.1:$port/v1" "$folder/speech.wav" $options \
            --phases "${PROBE_PHASES:-text,audio,bargein,errors}" >"$folder/probe.json" || { cat "$folder/probe.json"; exit 1; }
        echo "ok      the shared probe with $options"
    done
fi
