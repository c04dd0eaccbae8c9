// The live feed of an invented city, for trying and testing the page alone: node mock/server.mjs [--port N].
// It speaks docs/live-feed.md and sends the same security headers as the real server.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { WebSocketServer } from 'ws';
import { make_city } from './city.mjs';
import { MockSignal, MockTraffic } from './signals.mjs';

const arguments_of = Object.fromEntries(process.argv.slice(2).map((one) => one.replace(/^--/, '').split('=')));
const port = Number(arguments_of.port ?? 5180);
const clock_offset_ms = Number(arguments_of.offset ?? 0);
const trouble = arguments_of.trouble === undefined ? [] : arguments_of.trouble.split(',');
const dist = arguments_of.dist ? join(arguments_of.dist, '/') : new URL('../dist/', import.meta.url).pathname;
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
const headers = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

const city_now = () => Date.now() + clock_offset_ms;
const doc = arguments_of.network ? JSON.parse(readFileSync(arguments_of.network, 'utf8')) : make_city();
const network = JSON.stringify(doc);
const etag = `"${createHash('sha256').update(network).digest('hex').slice(0, 16)}"`;
const signals = doc.junctions.map((junction, i) => new MockSignal(junction, doc, i + 3, city_now()));
const traffic = new Map();
const detectors_by_id = new Map(doc.detectors.map((detector) => [detector.id, detector]));
const seen = new Map(); // detector: share of the last 10 s, slowly
if (trouble.includes('flash')) signals[5].mode = 'flash';
if (trouble.includes('dark')) signals[9].mode = 'dark';
const changes = [
  [71_000, 4, 'plan_source', 'horizon'], [260_000, 17, 'plan_refused', 'E3: end of stage B 3.2 s, allowed at least 7.0 s'],
  [395_000, 17, 'plan_source', 'timetable'], [512_000, 22, 'link_restored', ''], [540_000, 22, 'link_lost', ''], [760_000, 8, 'mode', 'normal'],
].map(([ago, n, kind, detail]) => ({ at_ms: city_now() - ago, junction: doc.junctions[n].id, kind, detail }));

function traffic_of(n) {
  if (!traffic.has(n)) {
    const own = new MockTraffic(doc, signals[n], n + 1);
    for (let i = 0; i < 600; i++) own.step(0.2);
    traffic.set(n, own);
  }
  return traffic.get(n);
}

function detectors_of(n) {
  const own = traffic_of(n);
  return doc.junctions[n].detectors.map((id, i) => {
    const occupied = own.covers(detectors_by_id.get(id));
    const share = (seen.get(id) ?? 0) * 0.99 + (occupied ? 0.01 : 0);
    seen.set(id, share);
    const silent = n === 17 && i === 3;
    return { occupied: !silent && occupied, occupancy: silent ? null : Math.round(share * 100) / 100, changed_ms: silent ? Math.round(city_now()) - 2_400_000 : null, last_minute: 0, trouble: silent ? 'unseen' : '' };
  });
}

let totals = [412, 388, 731];
const jpeg_path = arguments_of.jpeg;
const jpeg = jpeg_path ? readFileSync(jpeg_path) : null;

class Page {
  constructor(socket) {
    this.socket = socket;
    this.seq = 0;
    this.view = { junctions: [], box: null, camera: null };
    this.known = new Map();
    this.pictured = 0;
    this.send({ type: 'hello', version: 1, network: etag, clock_offset_ms, utc_offset_s: 18_000, stale_after_ms: 3000 });
    this.overview(true);
    socket.on('message', (text) => this.receive(JSON.parse(text)));
  }

  send(frame) {
    if (this.socket.readyState !== 1) return;
    this.socket.send(JSON.stringify({ seq: ++this.seq, at_ms: Math.round(city_now()), sent_wall_ms: Date.now(), ...frame }));
  }

  receive(message) {
    if (message.type === 'ping') this.send({ type: 'pong', ping_wall_ms: message.sent_wall_ms });
    if (message.type === 'view') this.view = message;
    for (const id of this.known.keys()) if (!this.view.junctions.includes(id)) this.known.delete(id);
  }

  overview(key) {
    this.send({
      type: 'overview', key,
      junctions: signals.map((signal, n) => ({ n, mode: signal.mode, source: signal.source, in_service_ms: null })),
      age_ms: signals.map((_, n) => (trouble.includes('silent') && n === 13 ? 47_000 + (Date.now() % 100_000) : 80 + ((n * 37 + Date.now()) % 240))),
      changes: key ? changes : [],
      cameras: [{ n: 0, streaming: true, trouble: '', dark: 0, blurred: 0, moved: 0, frozen: 0, health_ms: city_now(), lines: totals.map((total, i) => ({ last_minute: [9, 14, 31][i], total, counted_ms: city_now() - 1200 })) }],
    });
  }

  look() {
    for (const id of this.view.junctions) {
      const n = doc.junctions.findIndex((junction) => junction.id === id);
      if (n < 0) continue;
      const all = signals[n].parts(detectors_of(n), traffic_of(n).queues());
      const before = this.known.get(id);
      const parts = {};
      const texts = {};
      for (const [name, value] of Object.entries(all)) {
        texts[name] = JSON.stringify(value);
        if (!before || before[name] !== texts[name]) parts[name] = value;
      }
      this.known.set(id, texts);
      if (!before) parts.past = signals[n].past;
      this.send({ type: 'junction', key: !before, junction: id, age_ms: 60, ...parts });
    }
    const box = this.view.box;
    if (!box) return;
    const vehicles = [...traffic.values()].flatMap((own) => own.cars.map((car) => own.pose(car))).filter(([, x, y]) => x > box[0] && x < box[2] && y > box[1] && y < box[3]);
    this.send({ type: 'street', vehicles: vehicles.slice(0, 600) });
  }

  picture() {
    if (!jpeg || this.view.camera === null || this.socket.readyState !== 1) return;
    const head = Buffer.from(JSON.stringify({ type: 'picture', at_ms: city_now(), sent_wall_ms: Date.now(), camera: '3', boxes: [[120, 200, 70, 60, 'car'], [360, 120, 60, 45, 'car'], [470, 205, 90, 80, 'car']], counts: totals }));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(head.length);
    this.socket.send(Buffer.concat([size, head, jpeg]));
  }
}

const pages = new Set();
const server = createServer((request, answer) => {
  const path = new URL(request.url, 'http://localhost').pathname;
  const send = (status, type, body, more = {}) => {
    answer.writeHead(status, { ...headers, 'Content-Type': type, ...more });
    answer.end(body);
  };
  if (path === '/api/network') {
    if (request.headers['if-none-match'] === etag) return send(304, 'application/json', '');
    return send(200, 'application/json', network, { ETag: etag });
  }
  if (path === '/api/status') return send(200, 'application/json', JSON.stringify({ version: 1, signals: doc.junctions.length }));
  const file = join(dist, normalize(path === '/' ? 'index.html' : path));
  try {
    if (!file.startsWith(dist)) throw new Error(path);
    return send(200, types[extname(file)] ?? 'application/octet-stream', gzipSync(readFileSync(file)), { 'Content-Encoding': 'gzip' });
  } catch {
    return send(404, 'text/plain', 'no such thing here');
  }
});
const sockets = new WebSocketServer({ server, path: '/live' });
sockets.on('connection', (socket) => {
  const page = new Page(socket);
  pages.add(page);
  socket.on('close', () => pages.delete(page));
});

let ticks = 0;
setInterval(() => {
  const now = city_now();
  for (const signal of signals) signal.step(now);
  for (const own of traffic.values()) own.step(0.1);
  if (ticks % 23 === 0) totals = totals.map((total, i) => total + (i === ticks % 3 ? 1 : 0));
  for (const page of pages) {
    page.look();
    if (ticks % 10 === 0) page.overview(false);
    if (ticks % 3 === 0) page.picture();
  }
  ticks++;
}, 100);
server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`));
