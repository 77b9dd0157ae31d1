#!/usr/bin/env python3
"""How often a server under load asks for memory, for each packet it hears, and where.

    Tests/Benchmarks/allocations.py PARLEY RECORDINGS [--mix listening] [--callers 20] [--seconds 10]

PARLEY is a release binary, RECORDINGS a folder of speech. Starts `PARLEY serve` with the counting malloc loaded before it and calls it with
`PARLEY load`; counts once all callers have been there for a while. Needs a C compiler, and llvm-symbolizer for the places.
"""

import argparse
import collections
import mmap
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
# The layout of `struct page` in Allocations.c.
THREADS, STACKS, FRAMES = 256, 65536, 40
HEAD = struct.Struct("<IIII")
THREAD = struct.Struct("<QQII")
STACK = struct.Struct(f"<IIQ{FRAMES}Q")
# What a stack belongs to, by the first of these names that it holds.
OCCASIONS = [
    ("hearing a packet: what was decided on it", r"takeEarEvents|closure.*Session\.receive\(_:payload:\)|assumeIsolated.*\n.*Session\.receive\(_:payload:\)"),
    ("hearing a packet: nothing decided", r"hearPacket|Ear\.hear"),
    ("text messages of callers", r"hearText|hearPing"),
    ("pacing of replies", r"PacingTicker"),
    ("timers of sessions", r"closure.*(carryOut|watchForStall|scheduleFlush)"),
    ("engine work and replies", r"Session\.(finish|start|answer|speak|recognition|askEndOfTurn)|ReplyVoice|Scripted|HTTPStreams|RemoteEngines|sleep"),
    ("sockets and the event loop", r"SelectableEventLoop|Channel|Selector"),
    ("other tasks", r"swift_job_run"),
]
ALLOCATORS = {"malloc", "calloc", "realloc", "memalign", "aligned_alloc", "posix_memalign", "count", "sample"}


class Page:
    """What the counting malloc tells."""

    def __init__(self, path):
        with open(path, "r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0)

    def threads(self):
        """Calls and bytes by thread id."""
        number = min(HEAD.unpack_from(self.memory, 0)[0], THREADS)
        rows = [THREAD.unpack_from(self.memory, HEAD.size + i * THREAD.size) for i in range(number)]
        return {row[2]: (row[0], row[1]) for row in rows}

    def sample(self, every):
        struct.pack_into("<I", self.memory, 4, every)

    def stacks(self):
        """Addresses, innermost first."""
        number = min(HEAD.unpack_from(self.memory, 0)[2], STACKS)
        begin = HEAD.size + THREADS * THREAD.size
        for i in range(number):
            row = STACK.unpack_from(self.memory, begin + i * STACK.size)
            yield row[3:3 + row[1]]


class Symbols:
    """Names and lines of addresses in a running process."""

    def __init__(self, process):
        self.maps = []
        with open(f"/proc/{process}/maps", encoding="utf-8") as file:
            for line in file:
                match = re.match(r"(\w+)-(\w+) ..x. (\w+) \S+ \d+ +(/.*)$", line)
                if match:
                    begin, end, offset = (int(match.group(i), 16) for i in (1, 2, 3))
                    self.maps.append((begin, end, offset, match.group(4)))
        self.segments = {}

    def place(self, address):
        for begin, end, offset, path in self.maps:
            if begin <= address < end:
                return path, self.virtual(path, address - begin + offset)
        return None, address

    def virtual(self, path, offset):
        """From a place in the file to the address it was linked for."""
        if path not in self.segments:
            text = subprocess.run(["readelf", "-lW", path], capture_output=True, text=True, check=False).stdout
            found = re.findall(r"^\s*LOAD\s+(\w+) (\w+) \w+ (\w+)", text, re.MULTILINE)
            self.segments[path] = [tuple(int(x, 16) for x in row) for row in found]
        for begin, address, size in self.segments[path]:
            if begin <= offset < begin + size:
                return offset - begin + address
        return offset

    def names(self, addresses):
        """For each address the functions that are there, inlined ones first, as (name, file, line)."""
        by_file = collections.defaultdict(list)
        for address in addresses:
            path, place = self.place(address)
            by_file[path].append((address, place))
        found = {}
        for path, places in by_file.items():
            if path is None:
                found.update({address: [(hex(address), "", 0)] for address, _ in places})
                continue
            asked = "\n".join(hex(place) for _, place in places)
            out = subprocess.run(
                ["llvm-symbolizer", f"--obj={path}", "--inlines", "--no-demangle"], input=asked, capture_output=True, text=True, check=True).stdout
            for (address, _), block in zip(places, out.strip("\n").split("\n\n")):
                lines = block.split("\n")
                rows = []
                for name, place in zip(lines[::2], lines[1::2]):
                    file, line, _ = place.rsplit(":", 2)
                    rows.append((name if name != "??" else os.path.basename(path), file if file != "??" else "", int(line)))
                found[address] = rows
        self.demangle(found)
        return found

    @staticmethod
    def demangle(found):
        names = sorted({row[0] for rows in found.values() for row in rows})
        out = subprocess.run(["swift-demangle", "--simplified"], input="\n".join(names), capture_output=True, text=True, check=False).stdout
        plain = dict(zip(names, out.split("\n"))) if out.count("\n") >= len(names) - 1 else {}
        for address, rows in found.items():
            found[address] = [(plain.get(name, name), file, line) for name, file, line in rows]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def metric(port, name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        for line in answer.read().decode().split("\n"):
            if line.startswith(name + " "):
                return float(line.split()[1])
    return 0.0


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return
        except OSError:
            pass
        time.sleep(0.2)
    sys.exit(f"waited in vain for {what}")


def measure(arguments, folder):
    library = os.path.join(folder, "allocations.so")
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-O2", "-fPIC", "-shared", "-o", library, os.path.join(HERE, "Allocations", "Allocations.c")], check=True)
    page_path = os.path.join(folder, "page")
    port, stub = free_port(), free_port()
    environment = dict(os.environ, LD_PRELOAD=library, ALLOCATIONS_PAGE=page_path)
    serve = [
        arguments.parley, "serve", "--engines", "scripted", "--set", f"server.port={port}", "--set", "server.loops=1",
        "--set", "llm.engine=openai", "--set", f"llm.url=http://127.0.0.1:{stub}/v1", "--set", "server.maximum_sessions=2000"]
    load = [
        arguments.parley, "load", arguments.recordings, "--mix", arguments.mix, "--callers", str(arguments.callers), "--ramp", "2",
        "--seconds", str(arguments.seconds * 2 + 8), "--url", f"ws://127.0.0.1:{port}/v1/call", "--stub-llm", str(stub),
        # Nobody asks for the server's metrics meanwhile: that is not the packets' doing.
        "--metrics", "http://127.0.0.1:1/metrics"]
    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    server = subprocess.Popen(serve, env=environment, **quiet)
    caller = None
    try:
        wait_for("the server", lambda: metric(port, "process_threads") > 0)
        caller = subprocess.Popen(load, **quiet)
        wait_for("the callers", lambda: metric(port, "parley_sessions_active") >= arguments.callers)
        time.sleep(5)
        page = Page(page_path)
        packets, before = metric(port, PACKETS), page.threads()
        time.sleep(arguments.seconds)
        after = page.threads()
        packets = metric(port, PACKETS) - packets
        report_counts(before, after, packets, server.pid)
        sampled = metric(port, PACKETS)
        page.sample(arguments.every)
        time.sleep(arguments.seconds)
        page.sample(0)
        sampled = metric(port, PACKETS) - sampled
        report_places(page, Symbols(server.pid), sampled, arguments)
    finally:
        for process in (caller, server):
            if process is not None:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()


PACKETS = "parley_packets_in_total"


def thread_name(process, thread):
    try:
        with open(f"/proc/{process}/task/{thread}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return "gone"


def report_counts(before, after, packets, process):
    print(f"packets heard: {packets:.0f}")
    rows = [(calls - before.get(i, (0, 0))[0], size - before.get(i, (0, 0))[1], thread_name(process, i)) for i, (calls, size) in after.items()]
    for calls, size, name in sorted(rows, reverse=True):
        if calls:
            print(f"  {name:16} {calls:9} allocations {calls / packets:8.3f} a packet {size / packets:10.1f} bytes a packet")
    calls = sum(row[0] for row in rows)
    print(f"  all threads      {calls:9} allocations {calls / packets:8.3f} a packet")


def report_places(page, symbols, packets, arguments):
    stacks = list(page.stacks())
    names = symbols.names({address - 1 for stack in stacks for address in stack})
    occasions = collections.defaultdict(collections.Counter)
    paths = collections.defaultdict(collections.Counter)
    for stack in stacks:
        frames = [row for address in stack for row in names[address - 1]]
        while frames and (frames[0][0] in ALLOCATORS or frames[0][1].endswith("Allocations.c")):
            frames.pop(0)
        own = [frame for frame in frames if "/Sources/" in frame[1] and "/checkouts/" not in frame[1] and frame[2]]
        name, file, line = own[0] if own else (frames or [("?", "", 0)])[0]
        key = occasion(frames), f"{file.split('/Sources/')[-1]}:{line}", name
        occasions[key[0]][key] += 1
        paths[key][" < ".join(short(frame) for frame in frames[:arguments.depth])] += 1
    print(f"\nplaces, from {len(stacks)} samples (one in {arguments.every}) over {packets:.0f} packets, in allocations a packet:")
    for name, places in sorted(occasions.items(), key=lambda item: -item[1].total()):
        print(f"\n{places.total() * arguments.every / packets:8.4f}  {name}")
        for key, number in places.most_common(arguments.places):
            print(f"  {number * arguments.every / packets:8.4f}  {key[1]}  {key[2]}")
            if arguments.depth:
                print("".join(f"                {times * 100 // number} %  {path}\n" for path, times in paths[key].most_common(2)), end="")


def occasion(frames):
    text = "\n".join(f"{name} {file}" for name, file, _ in frames)
    return next((name for name, pattern in OCCASIONS if re.search(pattern, text)), "not known")


def short(frame):
    name, file, line = frame
    return f"{name[:70]}" + (f" {os.path.basename(file)}:{line}" if file and line else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parley")
    parser.add_argument("recordings")
    parser.add_argument("--mix", default="listening")
    parser.add_argument("--callers", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--every", type=int, default=1, help="one allocation in so many leaves its stack")
    parser.add_argument("--places", type=int, default=12, help="of each occasion")
    parser.add_argument("--depth", type=int, default=0, help="frames of the commonest stacks")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(arguments, folder)


if __name__ == "__main__":
    main()
