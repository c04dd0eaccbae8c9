import { short_street, side_of, type Group, type JunctionModel } from './city';
import { standing, type Standing } from './feed/age';
import type { Brief, Change, DetectorDoc, DetectorState, GroupLamp, LaneDoc } from './feed/contract';
import type { Live } from './feed/live';
import { t, t_of } from './messages/text';
import { clock_text, seconds, span_text } from './time';

// Sentences of the page. All words come from the catalogue; here they are only chosen.

export function group_label(group: Group): string {
  const side = group.side ? t(`side.${group.side}`) : '';
  if (group.turn === 'walk') return group.side ? t('label.walk', { side }) : t('label.walk_plain');
  if (group.street === '' || !group.side) return t('label.plain', { n: group.number });
  const street = short_street(group.street);
  const key = group.turn === 'left' ? 'label.left' : group.turn === 'right' ? 'label.right' : 'label.from';
  return t(key, { street, side });
}

/** The same, shorter where the row above names the street. */
export function row_label(group: Group): string {
  if (group.turn !== 'left' || !group.side) return group_label(group);
  return t('label.left_short', { side: t(`side.${group.side}`) });
}

export function number_and_street(group: Group): string {
  if (group.street !== '') return t('label.number_street', { n: group.number, street: short_street(group.street) });
  return t('label.number_street', { n: group.number, street: group_label(group) });
}

/** "3 … 16 s", as whole seconds from now. */
export function range_text(earliest_ms: number, latest_ms: number | null, now_ms: number): string {
  const a = seconds(earliest_ms - now_ms);
  if (latest_ms === null) return t('range.open', { a });
  const b = seconds(latest_ms - now_ms);
  return a === b ? t('range.exact', { a }) : t('range.between', { a, b });
}

/** What a call-out says of a group of which nothing newer is known. */
export function last_lamp_text(lamp: GroupLamp, walk: boolean): string {
  if (lamp.aspect === 'flashing_green') return t(walk ? 'group.last_clearing' : 'group.last_green');
  if (lamp.aspect === 'red_amber' || lamp.aspect === 'flashing_amber') return t('group.last_amber');
  return t(`group.last_${lamp.aspect}`);
}

/** What a call-out says of its group. */
export function lamp_text(lamp: GroupLamp, walk: boolean, now_ms: number): string {
  const next = lamp.next;
  switch (lamp.aspect) {
    case 'green':
      return next ? t('group.ends', { range: range_text(next.earliest_ms, next.latest_ms, now_ms) }) : t('group.green');
    case 'flashing_green':
      if (!walk) return next ? t('group.ends', { range: range_text(next.earliest_ms, next.latest_ms, now_ms) }) : t('group.green');
      return next?.latest_ms ? t('group.clearing_for', { s: seconds(next.latest_ms - now_ms) }) : t('group.clearing');
    case 'amber': return t('group.amber');
    case 'red_amber': return t('group.red_amber');
    case 'dark': return t('group.dark');
    case 'flashing_amber': return t('group.flashing');
    default:
      return next ? t('group.green_in', { range: range_text(next.earliest_ms, next.latest_ms, now_ms) }) : t('group.not_planned');
  }
}

export interface Counts {
  follow: number;
  off_plan: number;
  silent: number;
  starting: number;
  all: number;
}

export function counts_of(junctions: JunctionModel[], live: Live): Counts {
  const counts: Counts = { follow: 0, off_plan: 0, silent: 0, starting: 0, all: junctions.length };
  for (const { n } of junctions) counts[standing(live, n)]++;
  return counts;
}

export type Exception = 'dark' | 'flash' | 'no_plan' | 'silent' | 'starting';

export function exception_of(brief: Brief | undefined, kind: Standing): Exception | null {
  if (kind === 'follow') return null;
  if (kind === 'silent' || kind === 'starting') return kind;
  return brief?.mode === 'dark' ? 'dark' : brief?.mode === 'flash' ? 'flash' : 'no_plan';
}

function names_text(names: string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? t('sentence.more', { names: shown, n: names.length - 2 }) : shown;
}

/** The exceptions by name, the gravest first. */
export function exceptions_text(junctions: JunctionModel[], live: Live): string[] {
  const names: Record<Exception, string[]> = { dark: [], flash: [], no_plan: [], silent: [], starting: [] };
  let in_service = 0;
  for (const junction of junctions) {
    const brief = live.briefs[junction.n];
    const exception = exception_of(brief, standing(live, junction.n));
    if (!exception) continue;
    names[exception].push(junction.name);
    if (exception === 'starting') in_service = Math.max(in_service, brief?.in_service_ms ?? 0);
  }
  const texts: string[] = [];
  for (const kind of ['dark', 'flash', 'no_plan', 'silent'] as const) {
    if (names[kind].length > 0) texts.push(t(`sentence.${kind}`, { names: names_text(names[kind]) }));
  }
  if (names.starting.length > 0) {
    const time = clock_text(in_service, live.hello?.utc_offset_s ?? 0);
    const values = { names: names_text(names.starting), time };
    texts.push(t(in_service > 0 ? 'sentence.starting' : 'sentence.starting_soon', values));
  }
  return texts;
}

export function state_text(live: Live, n: number, age_ms: number, kind: Standing): string {
  const brief = live.briefs[n];
  if (kind === 'silent') return Number.isFinite(age_ms) ? t('state.silent', { s: seconds(age_ms) }) : t('state.silent_never');
  if (!brief) return t('state.silent_never');
  if (kind === 'starting') {
    const at = brief.in_service_ms;
    return at ? t('state.starting_until', { time: clock_text(at, live.hello?.utc_offset_s ?? 0) }) : t('state.starting');
  }
  if (brief.mode === 'flash' || brief.mode === 'dark') return t(`state.${brief.mode}`);
  if (brief.source === 'horizon' || brief.source === 'timetable') return t(`state.${brief.source}`);
  return t('state.no_plan');
}

export function change_text(change: Change): string {
  return t_of([`change.${change.kind}.${change.detail}`, `change.${change.kind}`], 'change.mode', { detail: change.detail });
}

const together_ms = 20_000;

export interface ChangeRow {
  change: Change; // the newest of them
  junctions: string[];
}

/** The same change of several signals within 20 s is one row: newest first, as they came. */
export function changes_together(changes: Change[]): ChangeRow[] {
  const rows: ChangeRow[] = [];
  for (const change of changes) {
    const row = rows.find((one) => one.change.kind === change.kind && one.change.detail === change.detail && Math.abs(one.change.at_ms - change.at_ms) <= together_ms);
    if (!row) rows.push({ change, junctions: [change.junction] });
    else if (!row.junctions.includes(change.junction)) row.junctions.push(change.junction);
  }
  return rows;
}

/** "Beruniy, from west, lane 2, 80 m". */
export function detector_label(detector: DetectorDoc, junction: JunctionModel, lane: LaneDoc | undefined): string {
  if (detector.kind === 'button') {
    const group = junction.groups.find((one) => one.crossings.some((crossing) => crossing.id === detector.crossing));
    return group?.side ? t('detectors.button', { side: t(`side.${group.side}`) }) : t('detectors.button_plain');
  }
  if (!lane) return t('label.plain', { n: detector.id });
  const side = t(`side.${side_of(lane)}`);
  const away_m = Math.round(lane.length_m - detector.position_m);
  const values = { side, n: lane.number + 1, m: away_m };
  return away_m > 15 ? t('detectors.at', values) : t('detectors.lane', values);
}

/** What is wrong with a detector, and for how long; empty: nothing is known against it. */
export function trouble_text(state: DetectorState | undefined, now_ms: number): string {
  if (!state || state.trouble === '') return '';
  if (state.trouble === 'camera_silent' || state.trouble === 'camera_blind') return t(`trouble.${state.trouble}`);
  if (state.changed_ms === null) return t('trouble.never');
  return t(`trouble.${state.trouble}`, { span: span_text(now_ms - state.changed_ms) });
}
