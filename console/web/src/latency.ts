import type { JunctionFrame } from './feed/contract';
import type { Live } from './feed/live';

const kept = 1000;

/** Milliseconds from a lamp's change (server's stamp) to its pixels: the newest 1,000, for tests. */
export class Latencies {
  readonly list: number[] = [];
  #newest = new Map<string, number>(); // change last seen, by junction
  #waiting: number[] = []; // wall-clock stamps of changes not yet drawn

  heard(frame: JunctionFrame, live: Live): void {
    const changed = frame.lamps?.changed_ms ?? null;
    if (changed === null) return;
    const before = this.#newest.get(frame.junction);
    this.#newest.set(frame.junction, changed);
    if (frame.key || before === undefined || changed <= before) return;
    const offset = live.hello?.clock_offset_ms ?? 0;
    this.#waiting.push(changed - offset - live.skew_ms);
  }

  /** The canvas was drawn; the pixels are there when the frame after it begins. */
  drawn(): void {
    if (this.#waiting.length === 0) return;
    const stamps = this.#waiting;
    this.#waiting = [];
    requestAnimationFrame(() => {
      const now = Date.now();
      for (const stamp of stamps) this.list.push(now - stamp);
      if (this.list.length > kept) this.list.splice(0, this.list.length - kept);
    });
  }
}
