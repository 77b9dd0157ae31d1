#!/usr/bin/env python3
"""A network that loses, delays, repeats and spoils audio packets, always the same ones, between a caller and a server.

Usage: bad_network.py SERVER-PORT PORT-FILE     Writes the port it listens on into the file.

Works on whole WebSocket messages from the caller; whatever else passes is left alone.
"""
import asyncio
import sys

HEADER = 12  # bytes before a packet's Opus data


async def message(reader):
    """One masked WebSocket frame as (opcode, head with mask, masked payload)."""
    head = await reader.readexactly(2)
    length = head[1] & 0x7F
    if length == 126:
        more = await reader.readexactly(2)
        length = int.from_bytes(more, "big")
        head += more
    elif length == 127:
        more = await reader.readexactly(8)
        length = int.from_bytes(more, "big")
        head += more
    mask = await reader.readexactly(4) if head[1] & 0x80 else b""
    return head[0] & 0x0F, head + mask, await reader.readexactly(length)


def spoiled(head, payload):
    """The same packet with an Opus packet of no frames, which is none."""
    mask = head[-4:]
    bad = bytes([0x4B, 0x00])
    return payload[:HEADER] + bytes(byte ^ mask[(HEADER + index) % 4] for index, byte in enumerate(bad)) + payload[HEADER + 2:]


async def upstream(reader, writer):
    writer.write(await reader.readuntil(b"\r\n\r\n"))
    late = []  # (number after which it goes on, bytes)
    number = 0
    while True:
        opcode, head, payload = await message(reader)
        if opcode != 2:
            writer.write(head + payload)
            continue
        number += 1
        if number % 101 == 50 and len(payload) > HEADER + 2:
            payload = spoiled(head, payload)
        if number % 31 == 7:
            pass  # lost
        elif number % 37 == 9:
            late.append((number + 1, head + payload))  # one place late
        elif number % 97 == 60:
            late.append((number + 4, head + payload))  # four places late
        else:
            writer.write(head + payload)
            if number % 43 == 11:
                writer.write(head + payload)  # twice
        for due in [due for due in late if due[0] <= number]:
            writer.write(due[1])
            late.remove(due)
        await writer.drain()


async def downstream(reader, writer):
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


async def connection(reader, writer):
    server_reader, server_writer = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    ways = [asyncio.create_task(upstream(reader, server_writer)), asyncio.create_task(downstream(server_reader, writer))]
    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in ways:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)
    writer.close()
    server_writer.close()


async def main():
    server = await asyncio.start_server(connection, "127.0.0.1", 0)
    with open(sys.argv[2], "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


asyncio.run(main())
