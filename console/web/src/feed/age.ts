import type { Brief } from './contract';
import type { Detail, Live } from './live';

/** Three missed reports of one second. */
export const stale_ms = 3000;

/** How old the newest word of the centre is. */
export function connection_age_ms(live: Live, here_ms: number): number {
  return live.last ? here_ms - live.last.here_ms : Infinity;
}

export type Standing = 'follow' | 'off_plan' | 'starting' | 'silent';

/** Since junction n was heard, as told, grown by the time since then; Infinity: never. */
export function junction_age_ms(live: Live, n: number, here_ms: number): number {
  const told = live.ages_ms[n];
  if (told === undefined || told < 0 || !live.overview) return Infinity;
  return told + Math.max(0, here_ms - live.overview.here_ms);
}

export function detail_age_ms(detail: Detail, here_ms: number): number {
  if (detail.age_ms < 0) return Infinity;
  return detail.age_ms + Math.max(0, here_ms - detail.heard.here_ms);
}

/** As the server counts: silent, starting, off plan, follow; as last told. Whether that word is old
 *  is a matter of the connection: then all of it is hatched. */
export function standing(live: Live, n: number): Standing {
  const brief = live.briefs[n];
  const told = live.ages_ms[n] ?? -1;
  if (!brief || brief.mode === null || told < 0 || told >= stale_ms) return 'silent';
  return standing_of(brief);
}

export function standing_of(brief: Brief): Standing {
  if (brief.mode === 'start_up') return 'starting';
  return brief.mode === 'normal' && brief.source !== 'none' ? 'follow' : 'off_plan';
}

/** The city's clock now. */
export function city_now_ms(live: Live, here_ms: number): number | null {
  return live.last ? live.last.at_ms + (here_ms - live.last.here_ms) : null;
}
