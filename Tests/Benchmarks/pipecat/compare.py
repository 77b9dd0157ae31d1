"""How many callers a core carries: Pipecat and Parley, one after the other on the same cores. Started by beside-pipecat.sh.

    compare.py PARLEY RECORDINGS [--step-seconds 8] [--pipecat-limit 20] [--parley-limit 5]
"""

import argparse
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
SERVER_CORE, CALLERS_CORE = "0", "1"
CPU_LIMIT = 95


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def pinned(core, command, **options):
    return subprocess.Popen(["taskset", "-c", core] + command, env=dict(os.environ, LOGURU_LEVEL="ERROR"), **options)


def end(*processes):
    for process in processes:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read().decode()


def wait_for(url, seconds=90):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        try:
            return get(url)
        except OSError:
            time.sleep(0.2)
    sys.exit(f"nothing answers at {url}")


def greatest(name, steps, finest, measure):
    """The most callers for which `measure` says that all limits hold: up the steps, then halving what lies between.

    A limit is missed when it is missed twice: whatever else the machine does for a moment counts against neither.
    """
    def holds(callers):
        return measure(callers) or measure(callers)

    good, bad = 0, None
    for callers in steps:
        if holds(callers):
            good = callers
        else:
            bad = callers
            break
    while bad is not None and bad - good > finest:
        middle = (good + bad) // 2 // finest * finest
        if middle in (good, bad):
            break
        if holds(middle):
            good = middle
        else:
            bad = middle
    print(f"{name}: {good} callers a core{'' if bad else ', and no limit reached'}\n", flush=True)
    return good


def pipecat(arguments):
    print(f"Pipecat: one process on core {SERVER_CORE}; limits: answered p99 {arguments.pipecat_limit} ms, CPU {CPU_LIMIT} %, all frames heard")

    def measure(count):
        # Anew for each step, so that what piled up in one does not burden the next.
        port = free_port()
        server = pinned(SERVER_CORE, [sys.executable, f"{HERE}/server.py", str(port)], stderr=subprocess.DEVNULL)
        callers = None
        try:
            wait_for(f"http://127.0.0.1:{port}/figures")
            callers = pinned(
                CALLERS_CORE, [sys.executable, f"{HERE}/callers.py", str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            callers.stdin.write(f"{count}\n")
            callers.stdin.flush()
            if callers.stdout.readline().strip() != "ready":
                sys.exit("the callers could not connect to the Pipecat server")
            time.sleep(3)
            before = json.loads(get(f"http://127.0.0.1:{port}/figures"))
            time.sleep(arguments.step_seconds)
            after = json.loads(get(f"http://127.0.0.1:{port}/figures"))
        finally:
            end(*[process for process in (callers, server) if process])
        seconds = after["now"] - before["now"]
        cpu = (after["cpu_seconds"] - before["cpu_seconds"]) / seconds * 100
        heard = after["frames"] / seconds / count
        p99 = after["answered_p99"] if after["answered_p99"] is not None else float("inf")
        print(
            f"  {count:4} callers: answered p50 {after['answered_p50'] or 0:7.2f} ms, p99 {p99:7.2f} ms, event loop late p99 {after['lag_p99']:6.2f} ms, "
            f"CPU {cpu:5.1f} %, {heard:4.1f} frames a second each, memory {after['memory_mb']:.0f} MB", flush=True)
        return p99 <= arguments.pipecat_limit and cpu < CPU_LIMIT and heard > 49

    return greatest("Pipecat", range(5, 101, 5), 1, measure)


def parley(arguments):
    print(f"Parley: one event loop on core {SERVER_CORE}; limits: answered p99 {arguments.parley_limit} ms, CPU {CPU_LIMIT} %, nothing lost")
    port, stub = free_port(), free_port()
    server = pinned(
        SERVER_CORE,
        [arguments.parley, "serve", "--engines", "scripted", "--set", f"server.port={port}", "--set", "server.loops=1",
         "--set", "server.maximum_sessions=5000", "--set", "server.overload_percent=0", "--set", "llm.engine=openai",
         "--set", f"llm.url=http://127.0.0.1:{stub}/v1",
         "--set", "log.level=error"], stdout=subprocess.DEVNULL)

    def measure(count):
        load = subprocess.run(
            ["taskset", "-c", CALLERS_CORE, arguments.parley, "load", arguments.recordings, "--mix", "listening", "--callers", str(count),
             "--ramp", "3", "--seconds", str(arguments.step_seconds), "--url", f"ws://127.0.0.1:{port}/v1/call", "--stub-llm", str(stub),
             "--limit", f"answered_p99_ms={arguments.parley_limit}", "--limit", f"server_cpu_percent={CPU_LIMIT}", "--limit", "errors=0",
             "--limit", "gaps=0", "--limit", "sessions_left=0"], capture_output=True, text=True, check=False)
        answered = re.search(r"^send to answered.*?\s(\d+)\s+([\d.]+)\s+[\d.]+\s+([\d.]+)", load.stdout, re.MULTILINE)
        server_line = re.search(r"server: CPU ([\d.]+) % of a core, memory (\d+) MB.*?this tool: CPU ([\d.]+)", load.stdout)
        if not answered or not server_line:
            sys.exit(f"parley load failed:\n{load.stdout}{load.stderr}")
        missed = [line for line in load.stdout.split("\n") if line.startswith("limit missed")]
        print(
            f"  {count:4} callers: answered p50 {float(answered.group(2)):7.2f} ms, p99 {float(answered.group(3)):7.2f} ms, "
            f"CPU {float(server_line.group(1)):5.1f} %, memory {server_line.group(2)} MB; this tool's CPU {server_line.group(3)} %"
            + "".join(f"; {line}" for line in missed), flush=True)
        return load.returncode == 0

    try:
        wait_for(f"http://127.0.0.1:{port}/metrics")
        return greatest("Parley", range(100, 2001, 100), 25, measure)
    finally:
        end(server)


DIFFERENCES = """What is alike: the same cores, the server alone on one; a packet of 20 ms each 20 ms from every caller; Silero decides about each 32 ms; nobody
is answered; every caller counts, and so does every packet. "Answered" is the time from the sending of a packet to the decision about it; at Parley
with the way back of a pong.
What differs, and whom it favours:
  Pipecat is sent PCM; Parley is sent Opus, and decodes it                         Pipecat
  Pipecat hears quiet noise; Parley hears speech with pauses, takes turns on it,
  and tells its callers of each                                                    Pipecat
  Pipecat may answer within {pipecat} ms, Parley has to within {parley} ms                       Pipecat
  Pipecat has smart-turn loaded, which noise never wakes; Parley's end-of-turn
  model and recognizer are stand-ins of fixed latency without work                 neither by much, as nobody runs one
  Pipecat sends a step's callers to a server begun anew; Parley's goes on          neither"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parley")
    parser.add_argument("recordings")
    parser.add_argument("--step-seconds", type=float, default=8)
    parser.add_argument("--pipecat-limit", type=float, default=20, help="milliseconds")
    parser.add_argument("--parley-limit", type=float, default=5, help="milliseconds")
    arguments = parser.parse_args()
    peer = pipecat(arguments)
    own = parley(arguments)
    print(DIFFERENCES.format(pipecat=arguments.pipecat_limit, parley=arguments.parley_limit))
    ratio = f"{own / peer:.1f} times as many" if peer else "Pipecat kept its limits with none"
    print(f"\ncallers a core: Pipecat {peer}, Parley {own}: {ratio}")


if __name__ == "__main__":
    main()
