// The conversation on the page: both sides' captions, the agent's words lighting up as they are heard, the time each turn took.

const PARTS = [
  ['endpointing_ms', 'your pause', 'light-dark(#a7b0c0, #667085)'],
  ['recognition_ms', 'recognition', 'light-dark(#3a9ea5, #4fb3ba)'],
  ['first_token_ms', 'first word', 'light-dark(#3f5bd9, #8fa2ff)'],
  ['first_sentence_ms', 'first sentence', 'light-dark(#8a57d1, #b68cf2)'],
  ['first_audio_ms', 'voice', 'light-dark(#d1578f, #ef8db9)'],
  ['playout_start_ms', 'on its way', 'light-dark(#d99a2b, #eec06a)'],
];
/** Milliseconds that fill the bar. */
const FULL = 2000;
/** Reading pace where the server tells no times: milliseconds a letter, and a sign of a script that writes words in one. */
const LETTER_MS = 65;
const SIGN_MS = 200;

export class Transcript {
  /** @param list an `ol` @param scroll what scrolls around it */
  constructor(list, scroll) {
    Object.assign(this, { list, scroll });
    this.clear();
  }

  clear() {
    this.list.replaceChildren();
    this.beginCall();
  }

  /** What was said stays; turns and replies are counted anew. */
  beginCall() {
    this.callers = new Map();
    this.replies = new Map();
    this.pending = null;
  }

  /** What the caller says. */
  user({ turn, text, isFinal }) {
    let item = this.callers.get(turn);
    if (!item) {
      item = this.add('caller');
      this.callers.set(turn, item);
    }
    item.textContent = text;
    item.classList.toggle('partial', !isFinal);
    if (isFinal && !text) item.remove();
    this.follow();
  }

  /** A sentence of the agent; the later one of two with the same place counts. */
  sentence({ turn, epoch, text, start_ms: start, duration_ms: duration, words }) {
    const reply = this.reply(epoch, turn);
    let sentence = reply.sentences.get(start);
    if (!sentence) {
      sentence = { line: document.createElement('span') };
      reply.sentences.set(start, sentence);
      reply.text.append(sentence.line, ' ');
    }
    sentence.words = timed(text, start, duration, words);
    sentence.line.replaceChildren(...sentence.words.map((word) => word.span));
    this.lightUp(reply, reply.heard);
    this.follow();
  }

  reply(epoch, turn) {
    let reply = this.replies.get(epoch);
    if (reply) return reply;
    const item = this.add('agent-said');
    const text = document.createElement('p');
    item.append(text);
    reply = { item, text, turn, sentences: new Map(), heard: 0 };
    this.replies.set(epoch, reply);
    return reply;
  }

  /** Lights up what was heard of a reply until now. */
  light(epoch, ms) {
    const reply = this.replies.get(epoch);
    if (!reply || reply.isOver || reply.heard === ms) return;
    reply.heard = ms;
    this.lightUp(reply, ms);
  }

  lightUp(reply, ms) {
    if (reply.isOver) return;
    for (const { words } of reply.sentences.values()) {
      for (const { span, start, end } of words) {
        span.classList.toggle('heard', ms >= end);
        span.classList.toggle('now', ms >= start && ms < end && ms > 0);
      }
    }
  }

  /** A reply is over: what was not heard of it was not said. */
  finish({ epoch, reason, heard }) {
    const reply = this.replies.get(epoch);
    if (!reply) return;
    reply.isOver = true;
    if (reason === 'cancelled') return reply.item.remove();
    let left = letters(heard);
    for (const { words } of reply.sentences.values()) {
      for (const { span, text } of words) {
        left -= letters(text);
        span.className = left >= 0 || reason === 'completed' ? 'word heard' : 'word unheard';
      }
    }
    if (reason === 'completed') return undefined;
    const mark = document.createElement('span');
    mark.className = 'broken';
    mark.textContent = reason === 'failed' ? 'broke off' : 'interrupted';
    reply.text.append(mark);
    return this.follow();
  }

  /** Where the time of a turn went: a small stacked bar, its legend behind it. */
  metrics(record) {
    const reply = [...this.replies.values()].findLast((one) => one.turn === record.turn && one.item.isConnected);
    if (!reply || !record.total_ms) return;
    const details = document.createElement('details');
    details.className = 'latency';
    const summary = document.createElement('summary');
    const bar = document.createElement('span');
    bar.className = 'bar';
    const legend = document.createElement('dl');
    for (const [name, label, colour] of PARTS) {
      const ms = record[name] ?? 0;
      const part = document.createElement('i');
      part.style.setProperty('--share', ms / Math.max(FULL, record.total_ms));
      const term = document.createElement('dt');
      const word = document.createElement('span');
      const value = document.createElement('dd');
      word.textContent = label;
      value.textContent = `${ms} ms`;
      term.append(word);
      for (const one of [part, term]) one.style.setProperty('--part', colour);
      if (ms > 0) bar.append(part);
      legend.append(term, value);
    }
    summary.append(bar, `${(record.total_ms / 1000).toFixed(2)} s`);
    summary.setAttribute('aria-label', `Answered after ${record.total_ms} milliseconds; show where the time went`);
    details.append(summary, legend);
    reply.item.querySelector('.latency')?.remove();
    reply.item.append(details);
    this.follow();
  }

  /** A remark of the page itself. */
  note(text) {
    this.add('note').textContent = text;
    this.toEnd();
  }

  toEnd() { this.scroll.scrollTop = this.scroll.scrollHeight; }

  add(name) {
    const item = document.createElement('li');
    item.className = name;
    this.list.append(item);
    this.follow();
    return item;
  }

  /** Keeps the end in view, unless the reader has gone back. */
  follow() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroll;
    const isNear = scrollHeight - scrollTop - clientHeight < 160;
    if (isNear || this.list.children.length < 3) this.toEnd();
  }
}

/** The words of a sentence as spans, each with when it sounds; spread over the sentence where the server does not tell. */
function timed(text, start, duration, words) {
  const pieces = words?.length ? withGaps(text, words) : spread(text, start, duration);
  return pieces.map((piece) => {
    const span = document.createElement('span');
    span.className = 'word';
    span.textContent = piece.text;
    return { ...piece, span };
  });
}

/** The server's words, each with the signs and spaces up to the next one that is found in the text. */
function withGaps(text, words) {
  const pieces = [];
  let place = 0;
  for (const word of words) {
    const here = text.indexOf(word.text, place);
    if (here < 0) continue;
    if (pieces.length) pieces.at(-1).text = text.slice(pieces.at(-1).from, here);
    pieces.push({ from: pieces.length ? here : 0, text: '', start: word.start_ms, end: word.end_ms });
    place = here + word.text.length;
  }
  if (!pieces.length) return [{ text, start: words[0].start_ms, end: words.at(-1).end_ms }];
  pieces.at(-1).text = text.slice(pieces.at(-1).from);
  return pieces;
}

function spread(text, start, duration) {
  const words = text.match(/\S+\s*|\s+/g) ?? [];
  const weights = words.map((word) => [...word].reduce((sum, sign) => sum + (sign.codePointAt(0) >= 0x2e80 ? SIGN_MS : LETTER_MS), 0));
  const scale = duration ? duration / weights.reduce((sum, weight) => sum + weight, 0) : 1;
  let place = start;
  return words.map((word, index) => {
    const begin = place;
    place += weights[index] * scale;
    return { text: word, start: begin, end: place };
  });
}

function letters(text) { return text.replace(/\s+/g, '').length; }
