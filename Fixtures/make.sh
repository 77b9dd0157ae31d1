#!/bin/sh
# Makes the fixtures again: the demo's caller, and calls through a real server with the embedded engines.
#
#   Fixtures/make.sh demo-caller        the clips of Fixtures/demo-caller
#   Fixtures/make.sh calls [NAME...]    the recordings of Fixtures/calls; all of them without a name
#
# Needs flite, sox, opus-tools, python3, a built parley (PARLEY, else .build/debug/parley) and its models ('parley models fetch').
# A call takes as long as it lasts; its timeline comes out a little different each time.
set -eu
cd "$(dirname "$0")/.."
parley=${PARLEY:-.build/debug/parley}
here=$(pwd)/Fixtures
work=$(mktemp -d)
pids=
finish() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

# say VOICE NAME TEXT [STRETCH]: 16 kHz, about -20 dBFS, 0.2 s before and 0.3 s after the words.
say() {
    flite -voice "$1" --setf duration_stretch="${4:-1.0}" -t "$3" -o "$work/spoken.wav"
    sox -D "$work/spoken.wav" -r 16000 -b 16 "$work/cut.wav" highpass 70 silence 1 0.01 0.3% reverse silence 1 0.01 0.3% reverse
    level=$(sox "$work/cut.wav" -n stat 2>&1 | awk '/RMS.*amplitude/ { print 20 * log(0.1 / $3) / log(10) }')
    sox -D "$work/cut.wav" "$work/$2.wav" gain "$level" fade t 0.01 0 0.02 pad 0.2 0.3
}

# cough NAME: a short burst of shaped noise over a falling hum, a fifth of a second above the detector's threshold.
cough() {
    sox -R -n -r 16000 -b 16 "$work/hum.wav" synth 0.26 sawtooth 140:110 lowpass 900
    sox -R -n -r 16000 -b 16 "$work/burst.wav" synth 0.26 pinknoise bandpass 1100 1200h gain -12
    sox -D -m "$work/hum.wav" "$work/burst.wav" "$work/both.wav" fade l 0.01 0.26 0.12
    sox -D "$work/both.wav" "$work/$1.wav" norm -6 pad 0.2 0.5
}

demo_caller() {
    say slt 1-lost-card "Hello. I lost my card yesterday." 1.05
    say slt 2-new-card "And when do I get the new one in the mail?"
    say slt 3-opening-hours "And what are your opening hours?"
    say slt 4-thanks "Okay. Thank you. Goodbye."
    mkdir -p "$here/demo-caller"
    for clip in 1-lost-card 2-new-card 3-opening-hours 4-thanks; do
        opusenc --quiet --bitrate 24 --framesize 20 --serial 1 --discard-comments --discard-pictures \
            "$work/$clip.wav" "$here/demo-caller/$clip.opus"
    done
}

# await FILE: until it is there and not empty.
await() {
    tries=0
    until [ -s "$1" ]; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { echo "no $1" >&2; exit 1; }
        sleep 0.1
    done
}

# serve [SETTING...]: a recording server; its port is in $port.
serve() {
    sets=
    for setting in "$@"; do sets="$sets --set $setting"; done
    rm -rf "$work/calls" "$work/serve.txt"
    # shellcheck disable=SC2086
    "$parley" serve --record "$work/calls" --set server.port=0 --set log.level=warning $sets >"$work/serve.txt" &
    server=$!
    pids="$pids $server"
    await "$work/serve.txt"
    port=$(sed -n 's|.*ws://127.0.0.1:\([0-9]*\)/.*|\1|p' "$work/serve.txt")
}

# record NAME PORT CLIP...: makes the call, ends the server and keeps the recording.
record() {
    name=$1
    to=$2
    shift 2
    "$parley" call --url "ws://127.0.0.1:$to/v1/call" "$@" | tee "$work/$name.log"
    kill -TERM "$server"
    wait "$server" || true
    session=$(ls "$work/calls")
    await "$work/calls/$session/timeline.txt"
    echo "--- $name: the live timeline against the replayed one"
    diff "$work/calls/$session/live.txt" "$work/calls/$session/timeline.txt" || true
    rm -rf "$here/calls/$name"
    mkdir -p "$here/calls"
    mv "$work/calls/$session/live.txt" "${LIVE:-$work}/$name.live.txt"
    mv "$work/calls/$session" "$here/calls/$name"
    "$parley" replay "$here/calls/$name" >"$work/replay.txt" || { cat "$work/replay.txt"; exit 1; }
}

call() {
    case $1 in
    plain-question)
        say rms question "I want to change my address."
        serve
        record "$1" "$port" "$work/question.wav"
        ;;
    pause-in-turn)
        say slt before "I think I need to change my" 1.1
        say slt after "address. I moved to another city." 1.1
        sox -D "$work/before.wav" "$work/after.wav" "$work/question.wav" pad 1.1@"$(soxi -D "$work/before.wav")"
        serve
        record "$1" "$port" "$work/question.wav"
        ;;
    barge-in)
        say slt first "Hello. I lost my card yesterday." 1.05
        say slt second "And what are your opening hours?"
        serve
        record "$1" "$port" --interrupt-after 1800 "$work/first.wav" "$work/second.wav"
        ;;
    false-start-cough)
        say rms question "I want to change my address."
        cough cough
        serve
        record "$1" "$port" --interrupt-after 1500 "$work/question.wav" "$work/cough.wav"
        ;;
    engine-failure)
        say slt question "I want to change my address."
        rm -f "$work/half.port"
        python3 "$here/tools/half_answer.py" "$work/half.port" &
        half=$!
        pids="$pids $half"
        await "$work/half.port"
        serve llm.engine=openai llm.url="http://127.0.0.1:$(cat "$work/half.port")/v1" llm.model=half
        record "$1" "$port" "$work/question.wav"
        kill "$half"
        ;;
    lost-late-packets)
        say slt question "What are your opening hours?"
        serve
        rm -f "$work/bad.port"
        python3 "$here/tools/bad_network.py" "$port" "$work/bad.port" &
        bad=$!
        pids="$pids $bad"
        await "$work/bad.port"
        record "$1" "$(cat "$work/bad.port")" "$work/question.wav"
        kill "$bad"
        ;;
    *)
        echo "no call is named $1" >&2
        exit 2
        ;;
    esac
}

case ${1:-} in
demo-caller) demo_caller ;;
calls)
    shift
    [ $# -gt 0 ] || set -- plain-question pause-in-turn barge-in false-start-cough engine-failure lost-late-packets
    for each in "$@"; do call "$each"; done
    ;;
*)
    sed -n '2,8p' "$0"
    exit 2
    ;;
esac
