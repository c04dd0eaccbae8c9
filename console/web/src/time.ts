// Local time of the city: UTC milliseconds plus an offset that the server tells. Always 24 h.

const two = (n: number): string => String(n).padStart(2, '0');

export function clock_text(ms: number, utc_offset_s: number): string {
  const s = Math.floor(ms / 1000) + utc_offset_s;
  const day = ((s % 86_400) + 86_400) % 86_400;
  return `${two(Math.floor(day / 3600))}:${two(Math.floor(day / 60) % 60)}:${two(day % 60)}`;
}

/** Tenths of a second of an age. */
export function tenths(ms: number): string {
  return (Math.max(0, ms) / 1000).toFixed(1);
}

export function seconds(ms: number): number {
  return Math.max(0, Math.round(ms / 1000));
}

/** "2 h 14 min", "14 min", "9 s". */
export function span_text(ms: number): string {
  const s = Math.round(Math.abs(ms) / 1000);
  const h = Math.floor(s / 3600);
  const min = Math.floor(s / 60) % 60;
  if (h > 0) return min > 0 ? `${h} h ${min} min` : `${h} h`;
  return min > 0 ? `${min} min` : `${s} s`;
}
