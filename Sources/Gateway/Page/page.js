// The page: picks an agent, runs a call, shows what happens in it. What a call is stands in parley.js, what was said in transcript.js.

import { ParleyCall } from './parley.js';
import { Transcript } from './transcript.js';

const KEY = 'parley.key';
const $ = (id) => document.getElementById(id);
const body = document.body;
const transcript = new Transcript($('transcript'), $('scroll'));

const STATES = { listening: 'Listening', hearing: 'Hearing you', thinking: 'Thinking', speaking: 'Speaking', held: 'Holding on' };
const LINES = { connecting: 'Connecting', open: 'Connected', reconnecting: 'Reconnecting', closed: 'Ended' };
const ENDINGS = {
  caller: 'You hung up.',
  farewell: 'The agent said goodbye.',
  session_limit: 'The longest time for a call is over.',
  draining: 'The server is being restarted. Call again in a moment.',
  connection_lost: 'The connection was lost and did not come back.',
  'client.not_connected': 'The server could not be reached.',
  'client.taken_over': 'This call goes on in another window.',
  'server.full': 'All lines are taken just now. Try again in a moment.',
  'server.overloaded': 'All lines are busy just now. Try again in a moment.',
  'server.tenant_full': 'All lines of this key are taken just now. Try again in a moment.',
};
const FAULTS = {
  'client.microphone_denied': 'The microphone is blocked for this page. Allow it in the browser and call again, or type.',
  'client.microphone_missing': 'No microphone was found. You can type.',
  'client.microphone_busy': 'Another program has the microphone. You can type.',
  'client.microphone_insecure': 'A microphone needs an https address. You can type.',
  'client.microphone_unsupported': 'This browser cannot record. You can type.',
  'client.microphone_lost': 'The microphone went away. You can type.',
  'server.draining': 'The server will be restarted soon and ends this call.',
};

let call = null;
let catalogue = { agents: [] };
let chosen = null;
/** What the browser asks the person for before the call can begin. */
let waitsFor;
/** Whether a reply is being held; the protocol's own states do not tell. */
let isHeld = false;

// -- before a call

async function arrive() {
  const key = sessionStorage.getItem(KEY) ?? undefined;
  try {
    catalogue = await ParleyCall.agents({ key });
    showLobby();
  } catch (error) {
    if (error.code !== 'gateway.bad_key') return showAway(error);
    if (key) $('key-fault').textContent = 'This key is not known here.';
    show('key');
    $('key-text').focus();
  }
  return undefined;
}

function show(view) {
  body.dataset.view = view;
  if (view === 'call') return;
  $('title').textContent = '';
  $('line').textContent = '';
}

function showAway(error) {
  $('away-text').textContent = error.message[0].toUpperCase() + error.message.slice(1) + '.';
  show('away');
}

function showLobby() {
  const wanted = chosen?.name ?? new URLSearchParams(location.search).get('agent') ?? catalogue.default;
  const names = new Intl.DisplayNames(navigator.language, { type: 'language', fallback: 'code' });
  const cards = catalogue.agents.map((agent, index) => {
    const card = document.createElement('label');
    card.className = 'agent';
    const radio = Object.assign(document.createElement('input'), { type: 'radio', name: 'agent', value: agent.name });
    radio.checked = agent.name === wanted || (index === 0 && !wanted);
    const face = Object.assign(document.createElement('span'), { className: 'face' });
    face.style.setProperty('--face', `oklch(0.66 0.11 ${(250 + 67 * index) % 360})`);
    const text = document.createElement('span');
    const title = Object.assign(document.createElement('b'), { textContent: agent.title, lang: agent.language });
    const about = Object.assign(document.createElement('small'), { textContent: `${words(agent.name)} · ${names.of(agent.language)}` });
    text.append(title, about);
    card.append(radio, face, text);
    return card;
  });
  $('agents').replaceChildren($('agents').querySelector('legend'), ...cards);
  show('lobby');
}

/** `customer-service.en` as a person would write it. */
function words(name) {
  const text = name.split('.')[0].replace(/[-_]/g, ' ');
  return text[0].toUpperCase() + text.slice(1);
}

// -- a call

function begin(agent, microphone) {
  chosen = agent;
  const server = new URL(catalogue.call_path, location.href).href.replace(/^http/, 'ws');
  call = new ParleyCall({ server, key: sessionStorage.getItem(KEY) ?? undefined, agent: agent.name, microphone });
  const own = call;
  const on = (type, act) => own.addEventListener(type, ({ detail }) => own === call && act(detail));
  on('status', changed);
  on('ready', ready);
  on('state', () => draw());
  on('mode', drawMode);
  on('user', (said) => transcript.user(said));
  on('sentence', (said) => transcript.sentence(said));
  on('reply', replied);
  on('metrics', (record) => transcript.metrics(record));
  on('level', sounded);
  on('fault', ({ code, message }) => { $('notice').textContent = FAULTS[code] ?? `${message} (${code})`; });
  isHeld = false;
  transcript.beginCall();
  $('notice').textContent = '';
  $('title').textContent = agent.title;
  $('after').hidden = true;
  $('dock').hidden = false;
  drawMode({ microphone, isMuted: false, isPushToTalk: false });
  show('call');
  $('scroll').focus();
  call.start();
}

/** What comes from the audio thread, 25 times a second: words light up by what is heard, not by what the network brings. */
function sounded(now) {
  levels(now);
  const { epoch, ms } = call.heard;
  if (epoch !== null) transcript.light(epoch, ms);
}

function changed({ status, needs, reason, message }) {
  const was = body.dataset.status;
  waitsFor = needs;
  body.dataset.status = status;
  $('line').textContent = LINES[status];
  if (status === 'reconnecting' && was !== status) transcript.note('The connection was lost. Trying to get it back.');
  if (status === 'closed') ended(reason, message);
  draw();
}

function ready({ resumed, isNew, agent }) {
  const entry = catalogue.agents.find((one) => one.name === agent);
  if (entry) $('title').textContent = entry.title;
  if (resumed) transcript.note('Connected again. The conversation goes on.');
  if (!isNew) return;
  isHeld = false;
  transcript.beginCall();
  transcript.note('The call could not be taken up again, so a new one began. The agent does not know what was said before.');
}

function replied({ phase, epoch, reason, heard }) {
  if (phase === 'held') isHeld = true;
  if (phase === 'resumed' || phase === 'stopped' || phase === 'started') isHeld = false;
  if (phase === 'finished') transcript.finish({ epoch, reason, heard });
  draw();
}

function ended(reason, message) {
  call = null;
  levels({ caller: 0, agent: 0 });
  if (reason === 'gateway.bad_key') {
    sessionStorage.removeItem(KEY);
    arrive();
    return;
  }
  transcript.note(ENDINGS[reason] ?? `The call ended: ${message ?? reason}.`);
  $('notice').textContent = '';
  $('dock').hidden = true;
  $('after').hidden = false;
  $('redial').focus();
}

// -- what is seen of it

function draw() {
  const isOpen = call?.status === 'open';
  const state = isHeld ? 'held' : call?.state;
  body.dataset.state = isOpen ? state : 'none';
  const texts = { connecting: waitsFor ? 'Allow the microphone to begin' : 'Connecting…', reconnecting: 'Reconnecting…' };
  $('state').textContent = isOpen ? (isSilent() && state === 'listening' ? silentWord() : STATES[state]) : (texts[call?.status] ?? '');
  $('stop').disabled = !isOpen || !['speaking', 'thinking', 'held'].includes(state);
  $('say').querySelector('button').disabled = !isOpen;
}

function isSilent() { return !call?.microphone || call.isMuted || (call.isPushToTalk && !call.isTalking); }

function silentWord() {
  if (!call.microphone) return 'Your turn: type a message';
  return call.isPushToTalk && !call.isMuted ? 'Hold the button to talk' : 'Your microphone is off';
}

function drawMode({ microphone, isMuted, isPushToTalk, isTalking }) {
  body.dataset.microphone = microphone && !isMuted && (!isPushToTalk || isTalking) ? 'on' : 'off';
  const mic = $('mic');
  mic.disabled = $('ptt').disabled = !microphone;
  mic.setAttribute('aria-pressed', String(!isPushToTalk && isMuted));
  mic.classList.toggle('talking', Boolean(isTalking));
  mic.querySelector('span').textContent = isPushToTalk ? (isTalking ? 'Talking' : 'Hold to talk') : isMuted ? 'Unmute' : 'Mute';
  mic.querySelector('kbd').textContent = isPushToTalk ? 'Space' : 'M';
  mic.querySelector('use').setAttribute('href', microphone && (isPushToTalk || !isMuted) ? '#i-mic' : '#i-mic-off');
  $('ptt').setAttribute('aria-pressed', String(isPushToTalk));
  draw();
}

function levels(now) {
  for (const [who, level] of Object.entries(now)) {
    const meter = $(`meter-${who}`);
    meter.style.setProperty('--level', level.toFixed(3));
    meter.setAttribute('aria-valuenow', String(Math.round(100 * level)));
    body.style.setProperty(`--${who}-level`, level.toFixed(3));
  }
}

// -- what a person does

$('key').addEventListener('submit', (event) => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $('key-text').value);
  $('key-text').value = '';
  arrive();
});

$('lobby').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = new FormData(event.target).get('agent');
  transcript.clear();
  begin(catalogue.agents.find((agent) => agent.name === name), event.submitter?.value !== 'text');
});

$('say').addEventListener('submit', (event) => {
  event.preventDefault();
  if (call?.status !== 'open') return;
  call.say($('say-text').value);
  $('say-text').value = '';
  transcript.toEnd();
});

$('again').addEventListener('click', arrive);
$('end').addEventListener('click', () => call?.end());
$('stop').addEventListener('click', () => call?.interrupt());
$('ptt').addEventListener('click', () => call?.setPushToTalk(!call.isPushToTalk));
$('mic').addEventListener('click', () => { if (call && !call.isPushToTalk) call.mute(!call.isMuted); });
$('mic').addEventListener('pointerdown', () => call?.talk(true));
for (const type of ['pointerup', 'pointercancel', 'blur']) addEventListener(type, () => call?.talk(false));
$('redial').addEventListener('click', () => begin(chosen, true));
$('other').addEventListener('click', arrive);
document.querySelector('.brand').addEventListener('click', (event) => { if (call) event.preventDefault(); });
addEventListener('pagehide', () => call?.end());

addEventListener('keydown', (event) => {
  if (!call || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape') return call.interrupt();
  const isTyping = event.target instanceof HTMLInputElement;
  if (isTyping) return;
  // A button keeps its space bar, but for the one that is held.
  const isButton = event.target instanceof HTMLButtonElement && event.target !== $('mic');
  if (event.key === ' ' && call.isPushToTalk && !isButton) {
    event.preventDefault();
    if (!event.repeat) call.talk(true);
  } else if (event.key.toLowerCase() === 'm' && call.microphone && !event.repeat) {
    call.mute(!call.isMuted);
  } else if (event.key === '/') {
    event.preventDefault();
    $('say-text').focus();
  }
});
addEventListener('keyup', (event) => { if (event.key === ' ') call?.talk(false); });

arrive();
