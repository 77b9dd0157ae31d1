// The sound of a call on the audio thread: `parley-capture` cuts the microphone into frames, `parley-playback` plays a reply's packets.
//
// The classes hold the rules and know nothing of the thread they run on, so that a test can drive them.

/** Milliseconds of every fade: short enough to stop at once, long enough not to click. */
const FADE_MS = 15;

/** Changes the sample rate of a stream: a windowed sinc, looked up by phase. What comes out lags by half the filter, about a millisecond. */
export class Resampler {
  /** Rates in hertz, whole numbers. */
  constructor(from, to) {
    const divisor = greatestDivisor(from, to);
    this.up = to / divisor;
    this.down = from / divisor;
    this.isIdle = from === to;
    const scale = Math.min(1, to / from);
    const half = Math.ceil(16 / scale);
    this.taps = 2 * half;
    this.filters = [];
    for (let phase = 0; phase < this.up && !this.isIdle; phase += 1) {
      this.filters.push(lowPass(this.taps, half - 1 + phase / this.up, 0.94 * scale));
    }
    this.reset();
  }

  /** Forgets what came before. */
  reset() {
    this.kept = new Float32Array(this.taps - 1);
    this.place = 0;
  }

  /** The next samples at the new rate; how many there are follows the ratio of the rates over time, not call by call. */
  process(samples) {
    if (this.isIdle) return samples;
    const input = new Float32Array(this.kept.length + samples.length);
    input.set(this.kept);
    input.set(samples, this.kept.length);
    const output = new Float32Array(Math.ceil((samples.length * this.up) / this.down) + 1);
    let count = 0;
    // `place` counts in steps of 1 / up input samples.
    for (; Math.floor(this.place / this.up) + this.taps <= input.length; this.place += this.down) {
      const start = Math.floor(this.place / this.up);
      const filter = this.filters[this.place % this.up];
      let sum = 0;
      for (let tap = 0; tap < this.taps; tap += 1) sum += input[start + tap] * filter[tap];
      output[count] = sum;
      count += 1;
    }
    const used = Math.min(Math.floor(this.place / this.up), input.length);
    this.place -= used * this.up;
    this.kept = input.slice(used);
    return output.subarray(0, count);
  }
}

function greatestDivisor(a, b) { return b === 0 ? a : greatestDivisor(b, a % b); }

function lowPass(taps, centre, cutoff) {
  const filter = new Float32Array(taps);
  let sum = 0;
  for (let tap = 0; tap < taps; tap += 1) {
    const x = tap - centre;
    const window = 0.5 + 0.5 * Math.cos((2 * Math.PI * x) / taps);
    filter[tap] = x === 0 ? cutoff : (Math.sin(Math.PI * cutoff * x) / (Math.PI * x)) * window;
    sum += filter[tap];
  }
  return filter.map((value) => value / sum);
}

/** How loud samples are, 0 (below -60 dBFS) to 1 (full scale). */
export function levelOf(samples) {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / Math.max(1, samples.length) + 1e-12);
  return Math.min(1, Math.max(0, 1 + decibels / 60));
}

/** Whether one epoch comes after another, modulo 65,536. */
export function isLater(epoch, other) { return ((epoch - other) << 16) >> 16 > 0; }

/** Whether one sequence number comes before another, modulo 2^32. */
function isBefore(sequence, other) { return ((sequence - other) | 0) < 0; }

/**
 * What waits to be heard: plays, holds, goes on and drops as the server says, and counts what was played of each reply.
 *
 * Packets are `{epoch, sequence, isEnd, samples}` at the rate of the output. Positions are milliseconds of a reply's audio.
 */
export class Playout {
  /** @param {number} rate hertz @param {number} cushion milliseconds that must wait before a reply begins to sound */
  constructor(rate, cushion = 60) {
    this.rate = rate;
    this.cushion = cushion;
    this.queue = [];
    this.offset = 0;
    this.isHeld = false;
    this.isPlaying = false;
    this.tail = null;
    this.fadeIn = 0;
    this.waited = 0;
    this.flushed = null;
    this.resumed = null;
    this.wasEnd = false;
    this.epoch = null;
    this.played = new Map();
    this.last = 0;
  }

  get fadeLength() { return Math.round((FADE_MS * this.rate) / 1000); }
  get bufferedMs() { return ((this.queue.reduce((sum, packet) => sum + packet.samples.length, 0) - this.offset) * 1000) / this.rate; }

  /** What was played of a reply. */
  playedMs(epoch = this.epoch) { return ((this.played.get(epoch) ?? 0) * 1000) / this.rate; }

  push(packet) {
    // What was still being decoded when it was dropped.
    if (this.flushed !== null && !isLater(packet.epoch, this.flushed)) return;
    if (packet.epoch === this.resumed?.epoch && isBefore(packet.sequence, this.resumed.fromSequence)) return;
    if (this.epoch === null) this.epoch = packet.epoch;
    this.queue.push(packet);
  }

  /** Fades out over what comes next and keeps it. */
  hold() {
    if (this.isHeld) return;
    this.isHeld = true;
    this.fadeOut();
  }

  /** Goes on at a place of the reply with the packets from a number on. */
  resume(epoch, positionMs, fromSequence) {
    this.remove((packet) => packet.epoch === epoch && isBefore(packet.sequence, fromSequence));
    this.resumed = { epoch, fromSequence };
    this.played.set(epoch, (positionMs * this.rate) / 1000);
    this.isHeld = false;
  }

  /** Drops a reply and all before it, now and when it comes later. */
  flush(epoch) {
    this.fadeOut();
    if (this.flushed === null || isLater(epoch, this.flushed)) this.flushed = epoch;
    this.remove((packet) => !isLater(packet.epoch, epoch));
    this.isHeld = false;
  }

  /** Forgets what waits: the server sends it again over a new connection. */
  drop() {
    this.fadeOut();
    this.remove(() => true);
    this.isHeld = false;
  }

  /** Fills one block of output. */
  render(output) {
    output.fill(0);
    this.mixTail(output);
    if (this.isHeld) return;
    if (!this.isPlaying && (this.queue.length === 0 || !this.mayBegin(output.length))) return;
    let place = 0;
    while (place < output.length && this.queue.length > 0) place += this.take(output, place);
    if (place < output.length) this.runDry(output, place);
  }

  mayBegin(length) {
    this.waited += (length * 1000) / this.rate;
    const isComplete = this.queue.at(-1).isEnd;
    if (!isComplete && this.bufferedMs < this.cushion && this.waited < 2 * this.cushion) return false;
    this.isPlaying = true;
    this.waited = 0;
    this.fadeIn = this.fadeLength;
    return true;
  }

  take(output, place) {
    const packet = this.queue[0];
    if (packet.epoch !== this.epoch) {
      this.epoch = packet.epoch;
      // A caller asks for the reply that plays and the one before it, not for the first of the day.
      if (this.played.size > 8) this.played.delete(this.played.keys().next().value);
    }
    const count = Math.min(output.length - place, packet.samples.length - this.offset);
    for (let index = 0; index < count; index += 1) {
      let sample = packet.samples[this.offset + index];
      if (this.fadeIn > 0) {
        sample *= 1 - this.fadeIn / this.fadeLength;
        this.fadeIn -= 1;
      }
      output[place + index] += sample;
    }
    this.last = count > 0 ? packet.samples[this.offset + count - 1] : this.last;
    this.offset += count;
    this.played.set(packet.epoch, (this.played.get(packet.epoch) ?? 0) + count);
    if (this.offset >= packet.samples.length) {
      this.offset = 0;
      this.wasEnd = packet.isEnd;
      this.queue.shift();
    }
    return count;
  }

  /** Nothing more is there: what sounded last dies away, and the next begins behind a cushion. */
  runDry(output, place) {
    this.isPlaying = false;
    if (!this.wasEnd) this.cushion = Math.min(200, this.cushion + 20);
    const length = Math.round(this.fadeLength / 3);
    const rest = new Float32Array(length);
    for (let index = 0; index < length; index += 1) rest[index] = this.last * (1 - index / length);
    const now = Math.min(output.length - place, length);
    for (let index = 0; index < now; index += 1) output[place + index] += rest[index];
    this.tail = now < length ? rest.subarray(now) : null;
  }

  fadeOut() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    const tail = new Float32Array(this.fadeLength);
    let place = 0;
    let offset = this.offset;
    for (const packet of this.queue) {
      const count = Math.min(tail.length - place, packet.samples.length - offset);
      for (let index = 0; index < count; index += 1) {
        tail[place + index] = packet.samples[offset + index] * (1 - (place + index) / tail.length);
      }
      place += count;
      offset = 0;
      if (place >= tail.length) break;
    }
    this.tail = tail;
  }

  mixTail(output) {
    if (!this.tail) return;
    const count = Math.min(this.tail.length, output.length);
    for (let index = 0; index < count; index += 1) output[index] += this.tail[index];
    this.tail = count < this.tail.length ? this.tail.subarray(count) : null;
  }

  remove(isMeant) {
    const first = this.queue[0];
    this.queue = this.queue.filter((packet) => !isMeant(packet));
    if (this.queue[0] !== first) this.offset = 0;
    if (this.queue.length === 0) this.isPlaying = false;
  }
}

const Processor = globalThis.AudioWorkletProcessor ?? class {};

/** Posts `{samples, level}`: frames at the rate that the options name. */
class Capture extends Processor {
  constructor({ processorOptions }) {
    super();
    this.resampler = new Resampler(sampleRate, processorOptions.rate);
    this.frame = new Float32Array(processorOptions.frame);
    this.filled = 0;
    this.isOver = false;
    this.port.onmessage = () => { this.isOver = true; };
  }

  process([input]) {
    const samples = this.resampler.process(input[0] ?? new Float32Array(128));
    for (let place = 0; place < samples.length;) {
      const count = Math.min(samples.length - place, this.frame.length - this.filled);
      this.frame.set(samples.subarray(place, place + count), this.filled);
      this.filled += count;
      place += count;
      if (this.filled === this.frame.length) this.post();
    }
    return !this.isOver;
  }

  post() {
    const samples = this.frame.slice();
    this.port.postMessage({ samples, level: levelOf(samples) }, [samples.buffer]);
    this.filled = 0;
  }
}

/** Does what its messages say, and posts what was played: `{kind, epoch, ms, isPlaying, bufferedMs, level, time}`. */
class Playback extends Processor {
  constructor() {
    super();
    this.playout = new Playout(sampleRate);
    this.resamplers = new Map();
    this.loudest = 0;
    this.blocks = 0;
    this.isOver = false;
    this.port.onmessage = ({ data }) => this.obey(data);
  }

  obey(order) {
    switch (order.kind) {
      case 'push': return this.push(order);
      case 'hold': this.playout.hold(); break;
      case 'resume': this.playout.resume(order.epoch, order.positionMs, order.fromSequence); break;
      case 'flush': this.playout.flush(order.epoch); break;
      case 'drop': this.playout.drop(); break;
      case 'reset': this.playout = new Playout(sampleRate); break;
      case 'end': this.isOver = true; return undefined;
      default: return undefined;
    }
    return this.report(order.kind, order.epoch);
  }

  push({ epoch, sequence, isStart, isEnd, rate, samples }) {
    if (!this.resamplers.has(rate)) this.resamplers.set(rate, new Resampler(rate, sampleRate));
    const resampler = this.resamplers.get(rate);
    if (isStart) resampler.reset();
    this.playout.push({ epoch, sequence, isEnd, samples: resampler.process(samples) });
  }

  process(_, [output]) {
    const block = output[0];
    this.playout.render(block);
    for (const other of output.slice(1)) other.set(block);
    this.loudest = Math.max(this.loudest, levelOf(block));
    this.blocks += 1;
    if (this.blocks * block.length >= 0.04 * sampleRate) this.report('position');
    return !this.isOver;
  }

  report(kind, epoch = this.playout.epoch) {
    const { isPlaying, bufferedMs } = this.playout;
    this.port.postMessage({ kind, epoch, ms: this.playout.playedMs(epoch), isPlaying, bufferedMs, level: this.loudest, time: currentTime });
    if (kind !== 'position') return;
    this.loudest = 0;
    this.blocks = 0;
  }
}

if (globalThis.registerProcessor) {
  registerProcessor('parley-capture', Capture);
  registerProcessor('parley-playback', Playback);
}
