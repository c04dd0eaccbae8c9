const window_ms = 5000;

/** How often something comes and how much of it, over the last five seconds. */
export class Meter {
  #heard: { here_ms: number; bytes: number }[] = [];

  add(here_ms: number, bytes = 0): void {
    this.#heard.push({ here_ms, bytes });
    if (this.#heard.length > 4096) this.#heard = this.#recent(here_ms);
  }

  per_s(here_ms: number): number {
    return (this.#recent(here_ms).length / window_ms) * 1000;
  }

  bytes_per_s(here_ms: number): number {
    return (this.#recent(here_ms).reduce((sum, one) => sum + one.bytes, 0) / window_ms) * 1000;
  }

  #recent(here_ms: number): { here_ms: number; bytes: number }[] {
    this.#heard = this.#heard.filter((one) => here_ms - one.here_ms < window_ms);
    return this.#heard;
  }
}

/** The value that `share` of the list do not exceed; null without a list. */
export function quantile(list: number[], share: number): number | null {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? null;
}
