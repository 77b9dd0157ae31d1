// Microphone and loudspeaker of a call: WebCodecs Opus where the browser has it, linear PCM where not, sound on the audio thread.

const INPUT_RATE = 16000;
const OUTPUT_RATE = 24000;
const FRAME = 320;
/** Packets that may wait in a codec; more means that the machine cannot keep up, and the newest is dropped. */
const MOST_WAITING = 50;

const ENCODING = {
  codec: 'opus', sampleRate: INPUT_RATE, numberOfChannels: 1, bitrate: 24000,
  opus: { application: 'voip', signal: 'voice', frameDuration: 20000, complexity: 5 },
};
const DECODING = { codec: 'opus', sampleRate: OUTPUT_RATE, numberOfChannels: 1 };

/** The formats to ask for: `{input, output}` as in `session.start`. */
export async function formats() {
  const [input, output] = await Promise.all([
    isSupported(globalThis.AudioEncoder, ENCODING), isSupported(globalThis.AudioDecoder, DECODING),
  ]);
  return {
    input: { codec: input ? 'opus' : 'pcm16', sample_rate: INPUT_RATE, packet_ms: 20 },
    output: { codec: output ? 'opus' : 'pcm16', sample_rate: OUTPUT_RATE, packet_ms: 20 },
  };
}

async function isSupported(codec, settings) {
  try { return (await codec.isConfigSupported(settings)).supported === true; } catch { return false; }
}

/** The audio thread of a call; null where the browser has none. Asked for in answer to a click or a key, or browsers keep it silent. */
export async function openAudio() {
  if (!globalThis.AudioWorkletNode || !globalThis.isSecureContext) return null;
  if (navigator.audioSession) navigator.audioSession.type = 'play-and-record';
  const context = new AudioContext({ latencyHint: 'interactive' });
  context.resume();  // not waited for: where it is not allowed it never comes to an end
  document.addEventListener('visibilitychange', function wake() {
    if (context.state === 'closed') document.removeEventListener('visibilitychange', wake);
    // A telephone call, or another program, may have taken the sound away meanwhile.
    else if (context.state !== 'running') context.resume();
  });
  await context.audioWorklet.addModule(new URL('./parley-worklet.js', import.meta.url));
  return context;
}

/** Sends the caller's voice as packets of 20 ms. */
export class Microphone {
  /**
   * @param onpacket takes the bytes of a packet
   * @param onlevel takes 0...1, 50 times a second
   * @param onlost is told when the microphone is taken away, or its codec fails for good
   */
  constructor(context, { onpacket, onlevel, onlost }) {
    Object.assign(this, { context, onpacket, onlevel, onlost });
    this.isMuted = false;
    this.time = 0;
  }

  /**
   * Asks for the microphone, or takes a stream that is there already.
   *
   * Throws what `getUserMedia` throws: `NotAllowedError`, `NotFoundError`, `NotReadableError`.
   */
  async open(codec, stream) {
    const wish = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };
    this.isOwn = !stream;
    this.stream = stream ?? (await navigator.mediaDevices.getUserMedia({ audio: wish }));
    this.stream.getAudioTracks()[0]?.addEventListener('ended', () => this.onlost());
    if (codec === 'opus') this.startEncoder();
    this.node = new AudioWorkletNode(this.context, 'parley-capture', {
      numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit', processorOptions: { rate: INPUT_RATE, frame: FRAME },
    });
    this.node.port.onmessage = ({ data }) => this.take(data);
    this.source = this.context.createMediaStreamSource(this.stream);
    this.source.connect(this.node);
  }

  startEncoder() {
    this.encoder = new AudioEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        this.onpacket(bytes);
      },
      error: (error) => this.restart(error),
    });
    this.encoder.configure(ENCODING);
  }

  /** A codec that the browser took away is made anew; one that fails again and again is an error. */
  restart(error) {
    this.failures = (this.failures ?? 0) + 1;
    if (this.failures > 3) return this.onlost(error);
    return this.startEncoder();
  }

  mute(isMuted) {
    this.isMuted = isMuted;
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  take({ samples, level }) {
    this.onlevel(this.isMuted ? 0 : level);
    if (this.isMuted) return;
    if (!this.encoder) return this.onpacket(linear(samples));
    if (this.encoder.state !== 'configured' || this.encoder.encodeQueueSize > MOST_WAITING) return;
    const data = new AudioData({
      format: 'f32-planar', sampleRate: INPUT_RATE, numberOfFrames: samples.length, numberOfChannels: 1, timestamp: this.time, data: samples,
    });
    this.time += 20000;
    this.encoder.encode(data);
    data.close();
  }

  /** Gives the microphone back. */
  close() {
    this.node?.port.postMessage('end');
    this.source?.disconnect();
    if (this.isOwn) for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.encoder?.state === 'configured') this.encoder.close();
  }
}

function linear(samples) {
  const bytes = new Uint8Array(2 * samples.length);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, index) => view.setInt16(2 * index, Math.max(-1, Math.min(1, sample)) * 32767, true));
  return bytes;
}

/** Plays the agent's packets and knows what was heard of them. */
export class Loudspeaker {
  /**
   * @param onreport takes `{kind, epoch, ms, isPlaying, bufferedMs, level}`: `position` each 40 ms, and an answer to each order.
   *   `ms` is what has left the loudspeaker, the delay of the device taken off.
   */
  constructor(context, { onreport }) {
    Object.assign(this, { context, onreport });
    this.waiting = [];
    this.position = { epoch: null, ms: 0, isPlaying: false, time: 0 };
    this.node = new AudioWorkletNode(context, 'parley-playback', { numberOfInputs: 0, outputChannelCount: [1] });
    this.node.port.onmessage = ({ data }) => this.note(data);
    this.node.connect(context.destination);
  }

  open(codec, rate) {
    this.rate = rate;
    if (codec === 'opus') this.startDecoder();
  }

  startDecoder() {
    this.waiting = [];
    this.decoder = new AudioDecoder({ output: (data) => this.decoded(data), error: () => this.startDecoder() });
    this.decoder.configure(DECODING);
  }

  /** Takes one packet of a reply. */
  play(header, payload) {
    if (!this.decoder) {
      const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
      const samples = new Float32Array(payload.byteLength >> 1);
      for (let index = 0; index < samples.length; index += 1) samples[index] = view.getInt16(2 * index, true) / 32768;
      return this.push(header, samples, this.rate);
    }
    if (this.decoder.decodeQueueSize > MOST_WAITING) return;
    this.waiting.push(header);
    this.decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: header.sequence * 20000, data: payload }));
  }

  decoded(data) {
    const header = this.waiting.shift();
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    const rate = data.sampleRate;
    data.close();
    if (header && !header.isDropped) this.push(header, samples, rate);
  }

  push({ epoch, sequence, isStart, isEnd }, samples, rate) {
    this.node.port.postMessage({ kind: 'push', epoch, sequence, isStart, isEnd, rate, samples }, [samples.buffer]);
  }

  /** Orders in the words of the protocol; each is answered by a report of its kind. */
  hold(epoch) { this.order({ kind: 'hold', epoch }); }
  resume(epoch, positionMs, fromSequence) { this.order({ kind: 'resume', epoch, positionMs, fromSequence }); }
  flush(epoch) { this.order({ kind: 'flush', epoch }); }

  /** Forgets what was not heard yet, what is being decoded included: the server sends it again over a new connection. */
  drop() {
    for (const header of this.waiting) header.isDropped = true;
    this.order({ kind: 'drop' });
  }

  /** Begins anew, as for another session whose replies are counted from the start. */
  reset() {
    this.drop();
    this.order({ kind: 'reset' });
  }

  order(order) { this.node.port.postMessage(order); }

  note(report) {
    const ms = Math.max(0, report.ms - this.delayMs);
    if (report.kind === 'position') this.position = report;
    this.onreport({ ...report, ms });
  }

  get delayMs() { return 1000 * ((this.context.outputLatency || 0) + (this.context.baseLatency || 0)); }

  /** What is heard at this moment: `{epoch, ms}`. */
  get heard() {
    const { epoch, ms, isPlaying, time } = this.position;
    // Between two reports the sound goes on; a report that is late must not carry it off.
    const since = isPlaying ? Math.min(80, Math.max(0, 1000 * (this.context.currentTime - time))) : 0;
    return { epoch, ms: Math.max(0, ms + since - this.delayMs) };
  }

  close() {
    this.node.port.postMessage({ kind: 'end' });
    this.node.disconnect();
    if (this.decoder?.state === 'configured') this.decoder.close();
  }
}
