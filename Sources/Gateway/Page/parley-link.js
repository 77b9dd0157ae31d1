// The connection of a call: `parley.v1` over a WebSocket, taken up again where it was when the network is lost.

/** Milliseconds between the pings that show whether the network is still there, and without an answer before it counts as lost. */
const PING_MS = 3000;
const SILENCE_MS = 5000;
const CONNECT_MS = 8000;
/** Milliseconds before each attempt to connect anew; the last one again and again. */
const PAUSES = [0, 500, 1000, 2000, 4000];
/** Bytes waiting for the network from which on the caller's audio is dropped: old sound helps nobody. */
const BACKLOG = 32 * 1024;
/** Close codes after which nothing is tried again: done, a fault of the server, refused. */
const FINAL = new Set([1000, 1011, 4400, 4404, 4409, 4429, 4503]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export class Link {
  /**
   * @param {{server: string, key?: string}} address of the door, `ws:` or `wss:`
   * @param handlers `onstatus(status, detail)` with `connecting`, `open`, `reconnecting`, `closed`; `onevent(event)`; `onaudio(header, payload)`
   */
  constructor({ server, key }, handlers) {
    Object.assign(this, { server, key }, handlers);
    this.sequence = 0;
    this.time = 0;
    this.hasGap = true;
    this.lastSeq = 0;
    this.attempt = 0;
    this.retry = this.retry.bind(this);
  }

  /** Connects and says `session.start`. */
  open(start) {
    this.start = start;
    this.onstatus('connecting');
    addEventListener('online', this.retry);
    addEventListener('offline', this.lose);
    this.connect();
  }

  get isOpen() { return this.socket?.readyState === WebSocket.OPEN && this.isReady; }

  send(event) { if (this.isOpen) this.socket.send(JSON.stringify(event)); }

  /** Sends one packet of 20 ms. What cannot be sent in time leaves a gap in the numbers. */
  sendAudio(payload) {
    const sequence = this.sequence;
    this.sequence = (sequence + 1) >>> 0;
    this.time = (this.time + 960) >>> 0;
    if (!this.isOpen || this.socket.bufferedAmount > BACKLOG) {
      this.hasGap = true;
      return;
    }
    const message = new Uint8Array(12 + payload.byteLength);
    const view = new DataView(message.buffer);
    view.setUint8(0, 1);
    view.setUint8(1, this.hasGap ? 1 : 0);
    view.setUint32(4, sequence);
    view.setUint32(8, (this.time - 960) >>> 0);
    message.set(payload, 12);
    this.hasGap = false;
    this.socket.send(message);
  }

  /** Hangs up. */
  close() {
    if (this.isOpen) this.send({ type: 'session.end' });
    // The server says goodbye and closes; where it cannot, this does.
    this.isLeaving = true;
    if (!this.isOpen) return this.finish('caller');
    this.leaveTimer = setTimeout(() => this.finish('caller'), 2000);
    return undefined;
  }

  connect() {
    clearTimeout(this.pause);
    this.pause = null;
    this.isReady = false;
    let socket;
    try { socket = new WebSocket(...this.address()); } catch { return this.finish('client.bad_address'); }
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.connectTimer = setTimeout(() => socket === this.socket && this.lose(), CONNECT_MS);
    socket.onopen = () => {
      const resume = this.token ? { token: this.token, last_seq: this.lastSeq } : undefined;
      socket.send(JSON.stringify({ ...this.start, resume }));
    };
    socket.onmessage = ({ data }) => socket === this.socket && this.take(data);
    socket.onclose = ({ code }) => socket === this.socket && this.closed(code);
    return undefined;
  }

  /** A browser can set no header: the key goes as a subprotocol, which is in no log, or else in the query. */
  address() {
    const protocols = ['parley.v1'];
    if (!this.key) return [this.server, protocols];
    if (TOKEN.test(this.key)) return [this.server, [...protocols, `parley.key.${this.key}`]];
    const url = new URL(this.server);
    url.searchParams.set('key', this.key);
    return [url.href, protocols];
  }

  take(data) {
    this.unanswered = null;
    if (typeof data !== 'string') return this.takeAudio(data);
    const event = JSON.parse(data);
    if (event.type === 'pong') return undefined;
    if (event.type === 'session.ready') this.ready(event);
    if (event.seq > 0) {
      if (event.seq <= this.lastSeq) return undefined;
      this.lastSeq = event.seq;
    }
    if (event.type === 'error' && event.fatal) this.refusal = event;
    if (event.type === 'session.ended') this.ended = event.reason;
    return this.onevent(event);
  }

  takeAudio(data) {
    if (data.byteLength <= 12) return;
    const view = new DataView(data);
    if (view.getUint8(0) !== 1) return;
    const flags = view.getUint8(1);
    const header = { epoch: view.getUint16(2), sequence: view.getUint32(4), isStart: (flags & 1) !== 0, isEnd: (flags & 2) !== 0 };
    this.onaudio(header, new Uint8Array(data, 12));
  }

  ready(event) {
    clearTimeout(this.connectTimer);
    if (!event.resumed) this.lastSeq = 0;
    this.token = event.resume_token;
    this.graceMs = event.limits.grace_ms;
    this.isReady = true;
    this.hasGap = true;
    this.attempt = 0;
    this.lostAt = null;
    this.unanswered = null;
    clearInterval(this.heartbeat);
    this.heartbeat = setInterval(() => this.beat(), PING_MS);
    this.onstatus('open');
  }

  beat() {
    const now = performance.now();
    // Timers of a page in the background come late, so what counts is the oldest ping, not the last message.
    if (this.unanswered !== null && now - this.unanswered > SILENCE_MS) return this.lose();
    this.unanswered ??= now;
    return this.send({ type: 'ping', number: Math.round(now) });
  }

  /** The network is gone, or seems to be: the socket is left to itself and another one is tried. */
  lose = () => {
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onclose = null;
      socket.close(4000);
    }
    this.closed(1006);
  };

  closed(code) {
    clearTimeout(this.connectTimer);
    clearInterval(this.heartbeat);
    this.socket = null;
    const wasReady = this.isReady;
    this.isReady = false;
    if (this.isLeaving || this.ended) return this.finish(this.ended ?? 'caller');
    const refusal = this.refusal;
    this.refusal = null;
    // The session is no more, so what was said cannot be gone on with: a new one begins.
    if (this.token && (refusal?.code === 'session.unknown' || refusal?.code === 'session.resume_gap')) {
      this.token = null;
      this.lastSeq = 0;
      return this.connect();
    }
    if (FINAL.has(code)) return this.finish(refusal?.code ?? (code === 4409 ? 'client.taken_over' : 'gateway.internal'), refusal);
    if (!this.token) return this.finish('client.not_connected', refusal);
    if (wasReady) this.lostAt = performance.now();
    if (performance.now() - this.lostAt > this.graceMs) return this.finish('connection_lost');
    this.onstatus('reconnecting', { attempt: this.attempt });
    const pause = PAUSES[Math.min(this.attempt, PAUSES.length - 1)];
    this.attempt += 1;
    // Callers that were lost together must not all come back together.
    this.pause = setTimeout(() => this.connect(), pause * (0.8 + 0.4 * Math.random()));
    return undefined;
  }

  /** The browser says that the network is back. */
  retry() { if (this.pause) this.connect(); }

  finish(reason, refusal) {
    clearTimeout(this.leaveTimer);
    clearTimeout(this.pause);
    clearTimeout(this.connectTimer);
    clearInterval(this.heartbeat);
    removeEventListener('online', this.retry);
    removeEventListener('offline', this.lose);
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onclose = null;
      socket.close(1000);
    }
    if (this.isFinished) return;
    this.isFinished = true;
    this.onstatus('closed', { reason, message: refusal?.message });
  }
}
