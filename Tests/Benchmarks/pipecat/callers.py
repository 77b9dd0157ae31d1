"""Callers of the Pipecat server: each sends 20 ms of quiet noise each 20 ms, as 16-bit PCM of 16 kHz.

    callers.py PORT     reads lines with a number from its input: so many callers from now on; answers each with `ready`
"""

import asyncio
import random
import struct
import sys
import time

import pipecat.frames.protobufs.frames_pb2 as protocol
import websockets

INTERVAL = 0.02
SAMPLES = 320


def sounds():
    generator = random.Random(1)
    return [struct.pack(f"<{SAMPLES}h", *(round(generator.gauss(0, 10)) for _ in range(SAMPLES))) for _ in range(50)]


async def caller(port, number, quiet, connected):
    async with websockets.connect(f"ws://127.0.0.1:{port}/call", max_queue=None, compression=None, ping_interval=None) as socket:
        connected.set()
        frame = protocol.Frame()
        frame.audio.sample_rate, frame.audio.num_channels = 16_000, 1
        place = number
        due = time.monotonic() + random.random() * INTERVAL
        while True:
            wait = due - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            frame.audio.audio = quiet[place % len(quiet)]
            frame.audio.pts = time.monotonic_ns()
            await socket.send(frame.SerializeToString())
            place += 1
            due += INTERVAL


async def main(port):
    quiet, callers = sounds(), []
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        while len(callers) < int(line):
            connected = asyncio.Event()
            callers.append(asyncio.create_task(caller(port, len(callers), quiet, connected)))
            await connected.wait()
        print("ready", flush=True)


asyncio.run(main(int(sys.argv[1])))
