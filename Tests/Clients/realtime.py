#!/usr/bin/env python3
"""Talks to the realtime door of a running server through the `openai` SDK, and fails where an answer is not as it should be.

    realtime.py http://127.0.0.1:PORT/v1 [KEY] [--tools]

Needs no recordings: what is spoken is silence taken by hand, so it holds with any engines. With --tools a tool must be called,
which the built-in responder cannot.
"""

import argparse
import asyncio
import base64
import json
import sys

import websockets
from openai import AsyncOpenAI, BadRequestError

LIMIT = 30
SILENCE = base64.b64encode(bytes(2 * 24_000)).decode()  # one second
arguments = argparse.ArgumentParser()
arguments.add_argument("url")
arguments.add_argument("key", nargs="?", default="sk-none")
arguments.add_argument("--tools", action="store_true")
GIVEN = arguments.parse_args()
URL, KEY = GIVEN.url.rstrip("/"), GIVEN.key
SOCKETS = URL.replace("http", "ws", 1)


def client(key=KEY):
    return AsyncOpenAI(api_key=key, base_url=URL, websocket_base_url=SOCKETS, max_retries=0)


class Ears:
    """Reads events until the one that is waited for."""

    def __init__(self, connection):
        self.connection, self.seen = connection, []

    async def wait(self, *types):
        async with asyncio.timeout(LIMIT):
            while True:
                event = json.loads(await self.connection.recv_bytes())
                self.seen.append(event["type"])
                assert event.get("event_id"), f"{event['type']} has no event_id"
                if event["type"] in types:
                    return event
                assert event["type"] != "error", event


async def text_turn():
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        assert (await ears.wait("session.created"))["session"]["type"] == "realtime"
        assert ears.seen == ["session.created"]
        await connection.session.update(session={"type": "realtime", "instructions": "Answer in one word.", "max_output_tokens": 20})
        session = (await ears.wait("session.updated"))["session"]
        assert session["instructions"] == "Answer in one word."
        assert session["audio"]["input"]["turn_detection"]["interrupt_response"] is True
        words = [{"type": "input_text", "text": "Say hello."}]
        await connection.conversation.item.create(item={"id": "mine", "type": "message", "role": "user", "content": words})
        assert (await ears.wait("conversation.item.added"))["item"]["id"] == "mine"
        await connection.response.create(response={"output_modalities": ["text"], "metadata": {"a": "b"}})
        assert (await ears.wait("response.created"))["response"]["metadata"] == {"a": "b"}
        text = ""
        while (event := await ears.wait("response.output_text.delta", "response.done"))["type"] != "response.done":
            text += event["delta"]
        assert text and event["response"]["status"] in ("completed", "incomplete"), event
        await connection.conversation.item.delete(item_id="mine")
        assert (await ears.wait("conversation.item.deleted"))["item_id"] == "mine"


async def spoken_reply_and_cancel():
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        await ears.wait("session.created")
        words = [{"type": "input_text", "text": "Tell me a long story."}]
        await connection.conversation.item.create(item={"type": "message", "role": "user", "content": words})
        await connection.response.create()
        first = await ears.wait("response.output_audio.delta")
        assert len(base64.b64decode(first["delta"])) % 2 == 0
        await connection.response.cancel()
        done = (await ears.wait("response.done"))["response"]
        assert (done["status"], done["status_details"]["reason"]) == ("cancelled", "client_cancelled"), done
        await connection.conversation.item.truncate(item_id=first["item_id"], content_index=0, audio_end_ms=10)
        assert (await ears.wait("conversation.item.truncated"))["audio_end_ms"] == 10
        await connection.conversation.item.retrieve(item_id=first["item_id"])
        assert (await ears.wait("conversation.item.retrieved"))["item"]["status"] == "incomplete"


async def taken_by_hand():
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        await ears.wait("session.created")
        audio = {"input": {"turn_detection": None, "transcription": {"model": "any"}}}
        await connection.session.update(session={"type": "realtime", "audio": audio})
        await ears.wait("session.updated")
        await connection.input_audio_buffer.append(audio=SILENCE)
        await connection.input_audio_buffer.commit()
        item = (await ears.wait("input_audio_buffer.committed"))["item_id"]
        await connection.response.create(response={"output_modalities": ["text"]})
        answers = "conversation.item.input_audio_transcription."
        assert (await ears.wait(answers + "completed", answers + "failed"))["item_id"] == item
        await ears.wait("response.done")


async def beside_the_conversation():
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        await ears.wait("session.created")
        question = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Is this rude?"}]}
        response = {"conversation": "none", "output_modalities": ["text"], "input": [question], "metadata": {"topic": "tone"}}
        await connection.response.create(response=response)
        done = (await ears.wait("response.done"))["response"]
        assert done["metadata"] == {"topic": "tone"} and done["conversation_id"] is None
        assert not any(name.startswith("conversation.item.") for name in ears.seen)


async def a_tool_is_called():
    weather = {
        "type": "function", "name": "get_weather", "description": "Tells the weather of a city.",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    }
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        await ears.wait("session.created")
        await connection.session.update(session={"type": "realtime", "tools": [weather]})
        words = [{"type": "input_text", "text": "Use the tool to look up the weather in Oslo."}]
        await connection.conversation.item.create(item={"type": "message", "role": "user", "content": words})
        await connection.response.create(response={"tool_choice": {"type": "function", "name": "get_weather"}})
        call = await ears.wait("response.function_call_arguments.done")
        assert call["name"] == "get_weather" and isinstance(json.loads(call["arguments"])["city"], str), call
        done = (await ears.wait("response.done"))["response"]
        assert [item["call_id"] for item in done["output"]] == [call["call_id"]], done
        output = {"type": "function_call_output", "call_id": call["call_id"], "output": '{"sky": "clear", "celsius": 7}'}
        await connection.conversation.item.create(item=output)
        await connection.response.create(response={"output_modalities": ["text"], "tool_choice": "none"})
        done = (await ears.wait("response.done"))["response"]
        assert [item["type"] for item in done["output"]] == ["message"], done


async def errors_leave_it_open():
    async with client().realtime.connect(model="any") as connection:
        ears = Ears(connection)
        await ears.wait("session.created")
        await connection.response.cancel(event_id="mine")
        error = (await ears.wait("error"))["error"]
        assert (error["code"], error["event_id"]) == ("response_cancel_not_active", "mine"), error
        await connection.input_audio_buffer.commit()
        assert (await ears.wait("error"))["error"]["code"] == "input_audio_buffer_commit_empty"
        await connection.input_audio_buffer.clear()
        await ears.wait("input_audio_buffer.cleared")


async def ephemeral_key():
    session = {"type": "realtime", "instructions": "From the key."}
    secret = await client().realtime.client_secrets.create(session=session, expires_after={"anchor": "created_at", "seconds": 60})
    assert secret.value.startswith("ek_")
    async with client(secret.value).realtime.connect(model="any") as connection:
        assert (await Ears(connection).wait("session.created"))["session"]["instructions"] == "From the key."
    try:
        await client().realtime.client_secrets.create(expires_after={"anchor": "created_at", "seconds": 1})
        raise AssertionError("a key of one second was made")
    except BadRequestError as refusal:
        assert refusal.code == "invalid_value", refusal


async def as_a_browser():
    protocols = ["realtime", f"openai-insecure-api-key.{KEY}"]
    async with websockets.connect(f"{SOCKETS}/realtime?model=any", subprotocols=protocols) as socket:
        assert socket.subprotocol == "realtime"
        assert json.loads(await socket.recv())["type"] == "session.created"


async def older_shape():
    headers = {"OpenAI-Beta": "realtime=v1", "Authorization": f"Bearer {KEY}"}
    async with websockets.connect(f"{SOCKETS}/realtime?model=any", additional_headers=headers) as socket:
        assert json.loads(await socket.recv())["session"]["input_audio_format"] == "pcm16"
        words = [{"type": "input_text", "text": "Say hello."}]
        for event in (
            {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": words}},
            {"type": "response.create", "response": {"modalities": ["text"]}},
        ):
            await socket.send(json.dumps(event))
        seen = []
        async with asyncio.timeout(LIMIT):
            while "response.done" not in seen:
                seen.append(json.loads(await socket.recv())["type"])
        assert "conversation.item.created" in seen and "response.text.delta" in seen, seen


async def main():
    checks = [
        text_turn, spoken_reply_and_cancel, taken_by_hand, beside_the_conversation, errors_leave_it_open, ephemeral_key, as_a_browser, older_shape,
    ]
    if GIVEN.tools:
        checks.append(a_tool_is_called)
    failed = 0
    for check in checks:
        try:
            await check()
            print(f"ok      {check.__name__}")
        except Exception as error:
            failed += 1
            print(f"FAILED  {check.__name__}: {type(error).__name__}: {error}")
    sys.exit(1 if failed else 0)


asyncio.run(main())
