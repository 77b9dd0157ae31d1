// Parley in a page: one call with an agent.
//
//     import { ParleyCall } from 'https://voice.example.org/parley.js';
//
//     const call = new ParleyCall({ agent: 'customer-service.en' });
//     call.addEventListener('user', ({ detail }) => show(detail.text));
//     button.onclick = () => call.start();
//
// Browsers give sound only in answer to a click or a key, and a microphone only to pages that came over https or from this machine.

import { Link } from './parley-link.js';
import { Loudspeaker, Microphone, formats, openAudio } from './parley-sound.js';

/** Milliseconds between two reports of what was heard. */
const REPORT_MS = 120;

/**
 * A call. Every event is a `CustomEvent`; what it tells is its `detail`:
 *
 * | event | detail |
 * |---|---|
 * | `status` | `{status, needs?, reason?, message?}`: `connecting`, `open`, `reconnecting`, `closed`. `needs` is `microphone` while the
 *   browser asks for it; `reason` of `closed`: see {@link ParleyCall.start} |
 * | `ready` | `{session, agent, language, engines, limits, resumed, isNew}`; `isNew` when a lost call could not be gone on with and another began |
 * | `state` | `{state, turn}`: `listening`, `hearing`, `thinking`, `speaking` |
 * | `user` | `{turn, text, isFinal}`: what the caller seems to say, then said |
 * | `sentence` | `{turn, epoch, text, start_ms, duration_ms?, words?}`: a sentence of the agent and its place in the reply's sound; comes twice |
 * | `reply` | `{turn, epoch, phase, reason?, heard?}`: `started`, `held`, `resumed`, `stopped`, `finished` |
 * | `metrics` | `turn.metrics` as the protocol has it: where the turn's time went |
 * | `level` | `{caller, agent}`: 0 (silence) to 1, 25 times a second |
 * | `mode` | `{microphone, isMuted, isPushToTalk}`: changed by a method, or by the microphone itself |
 * | `fault` | `{code, message}`: an error of the server, or `client.microphone_*`; the call goes on |
 */
export class ParleyCall extends EventTarget {
  /**
   * The agents of a server, as `GET /v1/agents` lists them: `{agents: [{name, title, language}], default, call_path}`.
   *
   * Throws an error with `code`: `gateway.bad_key`, `client.not_connected`.
   */
  static async agents({ server = ParleyCall.home, key } = {}) {
    const url = new URL('/v1/agents', server.replace(/^ws/, 'http'));
    const answer = await fetch(url, { headers: key ? { Authorization: `Bearer ${key}` } : {} }).catch(() => null);
    if (answer?.ok) return answer.json();
    const { error } = (await answer?.json().catch(() => null)) ?? {};
    throw Object.assign(new Error(error?.message ?? 'the server cannot be reached'), { code: error?.code ?? 'client.not_connected' });
  }

  /** The door of the server that this module came from. */
  static get home() { return new URL('/v1/call', import.meta.url).href.replace(/^http/, 'ws'); }

  /**
   * @param {object} options each may be left out
   * @param {string} options.server `ws:` or `wss:` address of the door; the server that this module came from
   * @param {string} options.key API key, where the server asks for one
   * @param {string} options.agent its name; the server's own choice
   * @param {string} options.language BCP 47
   * @param {Record<string, string>} options.variables of the agent
   * @param {boolean | MediaStream} options.microphone false: typed turns only; a stream: instead of the microphone. True
   * @param {boolean} options.pushToTalk begins silent; see `talk`
   */
  constructor(options = {}) {
    super();
    this.options = { server: ParleyCall.home, microphone: true, pushToTalk: false, ...options };
    this.status = 'idle';
    this.state = 'listening';
    this.isMuted = false;
    this.isPushToTalk = this.options.pushToTalk;
    this.isTalking = false;
    this.levels = { caller: 0, agent: 0 };
    this.reported = 0;
  }

  /**
   * Begins: sound, microphone, connection. Without a microphone the call goes on with typed turns, after a `fault`.
   *
   * How it ended says the `reason` of the last `status`: `caller`, `farewell`, `session_limit`, `draining`, `connection_lost`, a code of
   * the server (`gateway.bad_key`, `agent.unknown`, `server.full`, ...), `client.not_connected`, `client.taken_over`.
   */
  async start() {
    if (this.status !== 'idle') return;
    this.setStatus('connecting');
    const [context, wanted] = await Promise.all([openAudio().catch(() => null), formats()]);
    this.context = context;
    if (this.context) this.speaker = new Loudspeaker(this.context, { onreport: (report) => this.noteSound(report) });
    if (this.options.microphone === true) this.setStatus('connecting', { needs: 'microphone' });
    if (this.options.microphone) await this.openMicrophone(wanted.input.codec);
    if (this.status === 'closed') return this.release();
    this.speaker?.open(wanted.output.codec, wanted.output.sample_rate);
    const { agent, language, variables } = this.options;
    this.link = new Link(this.options, {
      onstatus: (status, detail) => this.linkChanged(status, detail),
      onevent: (event) => this.take(event),
      onaudio: (header, payload) => this.speaker?.play(header, payload),
    });
    this.link.open({ type: 'session.start', agent, language, variables, ...wanted, client: 'parley.js 1' });
  }

  /** Hangs up. */
  end() {
    if (this.link) return this.link.close();
    return this.finish({ reason: 'caller' });
  }

  /** Closes and opens the microphone. */
  mute(isMuted) {
    this.isMuted = isMuted;
    this.applyMute();
  }

  /** Push to talk: the microphone is open only between `talk(true)` and `talk(false)`, which also ends the turn. */
  setPushToTalk(isPushToTalk) {
    this.isPushToTalk = isPushToTalk;
    this.isTalking = false;
    this.applyMute();
  }

  talk(isTalking) {
    if (!this.isPushToTalk || isTalking === this.isTalking) return;
    this.isTalking = isTalking;
    if (isTalking) this.isMuted = false;
    if (!isTalking) this.link?.send({ type: 'input.commit' });
    this.applyMute();
  }

  /** A typed turn, 1 to 4000 characters; stops the agent. */
  say(text) {
    if (!text.trim()) return;
    this.stopSound();
    this.link?.send({ type: 'input.text', text: text.slice(0, 4000) });
  }

  /** Stops the agent at once, without waiting for the server. */
  interrupt() {
    this.stopSound();
    this.link?.send({ type: 'reply.cancel' });
  }

  /** What the caller has heard at this moment: `{epoch, ms}` of the reply that sounds; captions light up by it. */
  get heard() { return this.speaker?.heard ?? { epoch: null, ms: 0 }; }

  // -- from here on nobody else's business

  emit(type, detail) { this.dispatchEvent(new CustomEvent(type, { detail })); }

  setStatus(status, detail = {}) {
    this.status = status;
    this.emit('status', { status, ...detail });
  }

  async openMicrophone(codec) {
    const code = !globalThis.isSecureContext ? 'insecure' : !navigator.mediaDevices || !this.context ? 'unsupported' : null;
    if (code) return this.withoutMicrophone(code);
    const microphone = new Microphone(this.context, {
      onpacket: (bytes) => this.link?.sendAudio(bytes),
      onlevel: (caller) => { this.levels.caller = caller; },
      onlost: () => this.withoutMicrophone('lost'),
    });
    try {
      await microphone.open(codec, this.options.microphone === true ? undefined : this.options.microphone);
    } catch (error) {
      microphone.close();
      const codes = { NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'missing', NotReadableError: 'busy' };
      return this.withoutMicrophone(codes[error.name] ?? 'missing');
    }
    this.microphone = microphone;
    return this.applyMute();
  }

  withoutMicrophone(code) {
    const messages = {
      insecure: 'a microphone needs https', unsupported: 'this browser cannot record', denied: 'the microphone was not allowed',
      missing: 'there is no microphone', busy: 'another program has the microphone', lost: 'the microphone went away',
    };
    this.microphone?.close();
    this.microphone = null;
    this.levels.caller = 0;
    this.emit('fault', { code: `client.microphone_${code}`, message: messages[code] });
    this.applyMute();
  }

  applyMute() {
    const isSilent = !this.microphone || this.isMuted || (this.isPushToTalk && !this.isTalking);
    this.microphone?.mute(isSilent);
    if (isSilent !== this.wasSilent) this.link?.send({ type: 'input.mute', muted: isSilent });
    this.wasSilent = isSilent;
    this.emit('mode', { microphone: Boolean(this.microphone), isMuted: this.isMuted, isPushToTalk: this.isPushToTalk, isTalking: this.isTalking });
  }

  stopSound() {
    const { epoch, isPlaying } = this.speaker?.position ?? {};
    if (isPlaying) this.speaker.flush(epoch);
  }

  linkChanged(status, detail) {
    if (status === 'closed') return this.finish(detail);
    if (status === 'reconnecting' && this.status !== 'reconnecting') this.speaker?.drop();
    if (status !== this.status || detail) this.setStatus(status, detail);
    return undefined;
  }

  async finish({ reason, message }) {
    if (this.status === 'closed') return;
    this.status = 'closed';
    this.release();
    // A browser does not say why an upgrade was refused; a plain request does.
    if (reason === 'client.not_connected') ({ reason, message } = await this.explain());
    this.emit('status', { status: 'closed', reason, message });
  }

  async explain() {
    try { await ParleyCall.agents(this.options); } catch (error) { return { reason: error.code, message: error.message }; }
    return { reason: 'client.not_connected', message: 'the server takes no call from here just now' };
  }

  release() {
    this.microphone?.close();
    this.speaker?.close();
    this.context?.close().catch(() => {});
    this.microphone = this.speaker = this.context = null;
    this.levels = { caller: 0, agent: 0 };
  }

  take(event) {
    switch (event.type) {
      case 'session.ready': return this.ready(event);
      case 'state':
        this.state = event.state;
        return this.emit('state', { state: event.state, turn: event.turn });
      case 'user.partial': return this.emit('user', { turn: event.turn, text: event.text, isFinal: false });
      case 'user.final': return this.emit('user', { turn: event.turn, text: event.text, isFinal: true });
      case 'agent.started': return this.emit('reply', { turn: event.turn, epoch: event.epoch, phase: 'started' });
      case 'agent.text': return this.emit('sentence', event);
      case 'agent.finished': return this.emit('reply', { ...event, phase: 'finished' });
      case 'audio.hold': return this.speaker?.hold(event.epoch);
      case 'audio.resume': return this.speaker?.resume(event.epoch, event.position_ms, event.from_sequence);
      case 'audio.flush': return this.flush(event.epoch);
      case 'turn.metrics': return this.emit('metrics', event);
      case 'error': return event.fatal ? undefined : this.emit('fault', { code: event.code, message: event.message });
      case 'session.ending': return this.emit('fault', { code: 'server.draining', message: 'the server is about to close' });
      default: return undefined;  // what is not known is ignored
    }
  }

  ready(event) {
    const { session, agent, language, engines, limits, resumed } = event;
    const isNew = Boolean(this.session) && !resumed;
    if (isNew) this.speaker?.reset();
    this.session = session;
    this.wasSilent = resumed ? undefined : false;
    this.emit('ready', { session, agent, language, engines, limits, resumed, isNew });
    this.applyMute();
  }

  flush(epoch) {
    if (this.speaker) return this.speaker.flush(epoch);
    return this.link.send({ type: 'playout.flushed', epoch, heard_ms: 0 });
  }

  /** What the loudspeaker did, and its answers to orders. */
  noteSound({ kind, epoch, ms, isPlaying, level }) {
    const heard = { epoch, heard_ms: Math.round(ms) };
    const phases = { hold: 'held', resume: 'resumed', flush: 'stopped' };
    if (phases[kind]) this.emit('reply', { epoch, phase: phases[kind] });
    if (kind === 'flush') return this.link?.send({ type: 'playout.flushed', ...heard });
    if (kind === 'hold') return this.link?.send({ type: 'playout', ...heard });
    if (kind !== 'position') return undefined;
    this.levels.agent = level;
    this.emit('level', { ...this.levels });
    if (isPlaying && performance.now() - this.reported >= REPORT_MS) {
      this.reported = performance.now();
      this.link?.send({ type: 'playout', ...heard });
    }
    return undefined;
  }
}
