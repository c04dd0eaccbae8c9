import type { Brief } from './contract';
import type { Detail, Live } from './live';

/** Three missed reports of one second. */
export const stale_ms = 3000;

/** How old the newest word of the centre is. */
export function connection_age_ms(live: Live, here_ms: number): number {
  return live.last ? here_ms - live.last.here_ms : Infinity;
}

/** The overview comes each second: after this long two are missing. Ages are looked at every 0.1 s and a busy
 *  browser takes its time to draw, so that a dead centre is said within 3 s. */
const cut_off_ms = 2500;
const closed_ms = 1000; // a connection that is known to be closed

export function is_cut_off(age_ms: number, connected: boolean): boolean {
  return age_ms >= (connected ? cut_off_ms : closed_ms);
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

/** The city's clock when the junction said its last word; it stands still while nothing more comes. */
export function last_word_ms(detail: Detail): number {
  return detail.heard.at_ms - Math.max(0, detail.age_ms);
}

/** The city's clock now. */
export function city_now_ms(live: Live, here_ms: number): number | null {
  return live.last ? live.last.at_ms + (here_ms - live.last.here_ms) : null;
}
