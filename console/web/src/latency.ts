import type { JunctionFrame } from './feed/contract';
import type { Live } from './feed/live';

const kept = 1000;

/** Milliseconds from a lamp's change (server's stamp) to its pixels: the newest 1,000, for tests. */
export class Latencies {
  readonly list: number[] = [];
  #shown = new Map<string, string>(); // aspects last seen, by junction
  #waiting: number[] = []; // wall-clock stamps of changes not yet drawn

  heard(frame: JunctionFrame, live: Live): void {
    const lamps = frame.lamps;
    if (!lamps || lamps.changed_ms === null) return;
    const aspects = lamps.groups.map((group) => group.aspect).join();
    const before = this.#shown.get(frame.junction);
    this.#shown.set(frame.junction, aspects);
    if (frame.key || before === undefined || aspects === before) return;
    const offset = live.hello?.clock_offset_ms ?? 0;
    this.#waiting.push(lamps.changed_ms - offset - live.skew_ms);
  }

  /** Nothing is drawn while the page is hidden: how long that lasts is no latency. */
  hidden(): void {
    this.#waiting = [];
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
