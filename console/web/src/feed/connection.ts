import type { Frame, Picture, View } from './contract';

/** What a connection tells its owner. */
export interface Listener {
  frame(frame: Frame, here_ms: number, wall_ms: number, bytes: number): void;
  picture(picture: Picture, bytes: number): void;
  /** Connected again: what is wanted must be said again. */
  open(): void;
  /** Lost; the next try begins in `wait_ms`. */
  lost(wait_ms: number): void;
}

const waits_ms = [500, 1000, 2000, 4000, 8000];
const silence_max_ms = 5000; // the overview comes each second
const ping_every_ms = 5000;

const first_pings_ms = [0, 300, 900, 1800]; // the page is busy at first: the quickest of them counts

/** The wait before try number n (from 0), spread so that pages do not come back all at once. */
export function wait_before(tries: number, random: number): number {
  const base = waits_ms[Math.min(tries, waits_ms.length - 1)] as number;
  return Math.round(base * (0.75 + 0.5 * random));
}

export function picture_in(bytes: ArrayBuffer): Picture | null {
  const size = bytes.byteLength >= 4 ? new DataView(bytes).getUint32(0, true) : Infinity;
  if (4 + size > bytes.byteLength) return null;
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, size)));
  return { ...head, jpeg: new Blob([new Uint8Array(bytes, 4 + size)], { type: 'image/jpeg' }) };
}

/** One WebSocket that comes back by itself, as long as the page lives. */
export class Connection {
  #socket: WebSocket | null = null;
  #tries = 0;
  #heard_ms = 0;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
  ) {
    setInterval(() => this.#watch(), 1000);
    setInterval(() => this.#ping(), ping_every_ms);
    this.#connect();
  }

  want(view: View): void {
    this.#send({ type: 'view', ...view });
  }

  #connect(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    this.#heard_ms = performance.now();
    socket.onopen = () => {
      this.#tries = 0;
      this.listener.open();
      for (const wait_ms of first_pings_ms) setTimeout(() => this.#ping(), wait_ms);
    };
    socket.onmessage = (event) => this.#receive(event.data);
    socket.onclose = () => this.#lost(socket);
  }

  #receive(data: string | ArrayBuffer): void {
    this.#heard_ms = performance.now();
    if (typeof data === 'string') {
      this.listener.frame(JSON.parse(data) as Frame, this.#heard_ms, Date.now(), data.length);
      return;
    }
    const picture = picture_in(data);
    if (picture) this.listener.picture(picture, data.byteLength);
  }

  #lost(socket: WebSocket): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    const wait_ms = wait_before(this.#tries++, Math.random());
    this.listener.lost(wait_ms);
    setTimeout(() => this.#connect(), wait_ms);
  }

  /** A connection that is open but says nothing is lost too. */
  #watch(): void {
    const socket = this.#socket;
    if (!socket || performance.now() - this.#heard_ms < silence_max_ms) return;
    socket.onclose = null;
    socket.close();
    this.#lost(socket);
  }

  #ping(): void {
    this.#send({ type: 'ping', sent_wall_ms: Date.now() });
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }
}
