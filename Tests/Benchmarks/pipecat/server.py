"""A minimal Pipecat agent that listens: Silero's voice detection and smart-turn as its defaults are, no services.

    server.py PORT      calls at ws://127.0.0.1:PORT/call, figures at http://127.0.0.1:PORT/figures

Each audio frame carries in `pts` when the client sent it, by the machine's monotonic clock in nanoseconds; how long after that the voice detector has
decided about it is what the figures tell.
"""

import asyncio
import os
import resource
import sys
import time

import uvicorn
from fastapi import FastAPI, WebSocket
from loguru import logger
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import InputAudioRawFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.aggregators.llm_context import LLMContext
from pipecat.processors.aggregators.llm_response_universal import LLMContextAggregatorPair, LLMUserAggregatorParams
from pipecat.serializers.protobuf import ProtobufFrameSerializer
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.workers.runner import WorkerRunner

logger.remove()
app = FastAPI()
lateness = []
lags = []
calls = 0


def timed(processor):
    """Notes for each audio frame when the processor is done with it."""
    process = processor.process_frame

    async def process_and_note(frame, direction):
        await process(frame, direction)
        if isinstance(frame, InputAudioRawFrame) and frame.pts:
            lateness.append(time.monotonic_ns() - frame.pts)

    processor.process_frame = process_and_note
    return processor


@app.websocket("/call")
async def call(socket: WebSocket):
    global calls
    await socket.accept()
    transport = FastAPIWebsocketTransport(
        socket, FastAPIWebsocketParams(audio_in_enabled=True, audio_out_enabled=True, serializer=ProtobufFrameSerializer()))
    pair = LLMContextAggregatorPair(LLMContext(), user_params=LLMUserAggregatorParams(vad_analyzer=SileroVADAnalyzer()))
    pipeline = Pipeline([transport.input(), timed(pair.user()), transport.output(), pair.assistant()])
    worker = PipelineWorker(
        pipeline, params=PipelineParams(audio_in_sample_rate=16_000, audio_out_sample_rate=24_000), cancel_on_idle_timeout=False)

    @transport.event_handler("on_client_disconnected")
    async def gone(_transport, _client):
        await worker.cancel()

    runner = WorkerRunner(handle_sigint=False)
    await runner.add_workers(worker)
    calls += 1
    try:
        await runner.run()
    finally:
        calls -= 1


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] / 1e6 if values else None


@app.get("/figures")
async def figures():
    """Since the last time they were asked for; times in milliseconds."""
    global lateness, lags
    (heard, lateness), (waits, lags) = (lateness, []), (lags, [])
    usage = resource.getrusage(resource.RUSAGE_SELF)
    with open("/proc/self/statm", encoding="ascii") as file:
        memory = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    return {
        "calls": calls, "frames": len(heard), "answered_p50": percentile(heard, 0.5), "answered_p99": percentile(heard, 0.99),
        "lag_p99": percentile(waits, 0.99), "cpu_seconds": usage.ru_utime + usage.ru_stime, "now": time.monotonic(), "memory_mb": memory}


@app.on_event("startup")
async def begin():
    async def watch():
        while True:
            due = time.monotonic_ns() + 10_000_000
            await asyncio.sleep(0.01)
            lags.append(max(0, time.monotonic_ns() - due))

    app.state.watch = asyncio.create_task(watch())


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
