import { short_street, side_of, type Group, type JunctionModel } from './city';
import { standing, type Standing } from './feed/age';
import type { Brief, Change, DetectorDoc, DetectorState, GroupLamp, LaneDoc } from './feed/contract';
import type { Detail, Live } from './feed/live';
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

export interface Told {
  title: string;
  aside: string;
  sentence: string;
  rest: string;
}

interface Scene {
  junction: JunctionModel;
  detail: Detail;
  now_ms: number;
  offset_s: number;
}

const is_lit = (lamp: GroupLamp | undefined): boolean => lamp?.aspect === 'green' || lamp?.aspect === 'flashing_green';

function served_groups(scene: Scene): Group[] {
  return scene.junction.groups.filter((group) => is_lit(scene.detail.lamps?.groups[group.index]));
}

function joined_numbers(groups: Group[]): string {
  const streets = [...new Set(groups.filter((group) => group.turn !== 'walk').map((group) => short_street(group.street)))];
  const numbers = groups.map((group) => group.number).join(', ');
  return streets.filter((street) => street !== '').length > 0 ? `${numbers} · ${streets.join(', ')}` : numbers;
}

/** Who is served now and why. */
export function served_text(scene: Scene): Told {
  const { detail, now_ms, offset_s } = scene;
  const state = detail.state;
  const told: Told = { title: t('served.nobody'), aside: '', sentence: '', rest: '' };
  if (!state) return told;
  const at = (ms: number): string => clock_text(ms, offset_s);
  if (state.mode === 'flash' || state.mode === 'dark') return { ...told, sentence: t(`served.${state.mode}`) };
  if (state.mode === 'start_up') return { ...told, sentence: t('served.starting', { time: at(state.in_service_ms ?? now_ms) }) };
  const groups = served_groups(scene);
  const since = state.stage_since_ms;
  if (groups.length > 0) {
    const lamps = groups.map((group) => detail.lamps?.groups[group.index]?.since_ms ?? now_ms);
    told.title = t('served.title', { groups: joined_numbers(groups) });
    told.aside = t('served.green_for', { s: seconds(now_ms - Math.min(...lamps)) });
  }
  if (state.entering && state.stage) {
    if (groups.length === 0) told.title = t('served.changing', { stage: state.stage });
    told.aside = t('served.changing_for', { s: seconds(now_ms - since) });
  }
  const lit = detail.ahead?.[0];
  if (!lit) return { ...told, sentence: t('served.no_plan') };
  const fixed = lit.end_latest_ms - lit.end_earliest_ms < 1000;
  const asked = red_groups(scene).some((group) => detail.lamps?.groups[group.index]?.called);
  const reason = lit.reason === 'rest' && asked ? 'emptied' : lit.reason; // the plan's word: nobody more is expected here
  const key = reason === 'timetable' && !fixed ? 'served.timetable_range' : (`served.${reason}` as const);
  told.sentence = lit.rests ? t('served.rests') : t(key, { time: at(lit.end_latest_ms), from: at(lit.end_earliest_ms) });
  const rest: string[] = [];
  if (lit.min_end_ms !== undefined && lit.min_end_ms > now_ms) rest.push(t('served.minimum', { time: at(lit.min_end_ms) }));
  else if (!fixed) rest.push(t('served.earliest', { time: at(lit.end_earliest_ms) }));
  const next = detail.ahead?.[1];
  if (next) rest.push(t('served.next', { stage: next.stage, reason: t(`reason.${next.reason}`) }));
  told.rest = rest.join(' · ');
  return told;
}

export function red_groups(scene: Scene): Group[] {
  return scene.junction.groups.filter((group) => {
    const lamp = scene.detail.lamps?.groups[group.index];
    return lamp !== undefined && !is_lit(lamp) && lamp.aspect !== 'amber';
  });
}

/** When its red began: red and amber together before a green are part of it. */
function red_since_ms(detail: Detail, group: Group, lamp: GroupLamp): number {
  if (lamp.aspect !== 'red_amber') return lamp.since_ms;
  return detail.past?.groups[group.index]?.findLast((shown) => shown.aspect === 'red')?.from_ms ?? lamp.since_ms;
}

function why_sentence(scene: Scene, group: Group): string {
  const { detail, junction, offset_s } = scene;
  const why = detail.why?.[group.index];
  const me = number_and_street(group);
  const foes = (why?.blocked_by ?? []).map((id) => junction.group.get(id)).filter((foe) => foe !== undefined);
  const told = why?.waiting_for ? junction.group.get(why.waiting_for) : undefined;
  const foe = foes.find((one) => one === told) ?? foes[0];
  if (foe) {
    const ends = detail.lamps?.groups[foe.index]?.next?.latest_ms ?? null;
    const values = { me, foe: number_and_street(foe), time: ends === null ? '' : clock_text(ends, offset_s) };
    return t(ends === null ? 'why.waits_open' : 'why.waits_until', values);
  }
  const clearing = (why?.clearing ?? []).map((id) => junction.group.get(id)).find((one) => one !== undefined) ?? told;
  if (clearing) return t('why.waits_clearing', { me, foe: number_and_street(clearing) });
  if (why?.in_stage === 0) return t('why.between', { me });
  return t(why?.in_stage === undefined ? 'why.unknown' : 'why.not_served', { me });
}

function when_green(scene: Scene, group: Group): string {
  const { detail, offset_s } = scene;
  const next = detail.lamps?.groups[group.index]?.next;
  const at = (ms: number): string => clock_text(ms, offset_s);
  if (next) {
    if (next.latest_ms === null) return t('why.green_from', { a: at(next.earliest_ms) });
    const same = next.latest_ms - next.earliest_ms < 1000;
    return same ? t('why.green_at', { a: at(next.latest_ms) }) : t('why.green_between', { a: at(next.earliest_ms), b: at(next.latest_ms) });
  }
  const legal = detail.why?.[group.index]?.earliest_ms ?? null;
  const parts = [t('why.not_planned')];
  if (legal !== null && legal > scene.now_ms) parts.push(t('why.legal_from', { a: at(legal) }));
  return parts.join(' · ');
}

function queue_of(scene: Scene, group: Group): string | null {
  const lanes = new Set(group.lanes.map((lane) => lane.id));
  const queues = (scene.detail.queues ?? []).filter((queue) => lanes.has(queue.lane));
  if (queues.length === 0) return null;
  const n = queues.reduce((sum, queue) => sum + queue.vehicles, 0);
  const d = Math.sqrt(queues.reduce((sum, queue) => sum + queue.deviation ** 2, 0));
  return n >= 0.5 ? t('why.queue', { n: Math.round(n), d: d.toFixed(1) }) : null;
}

/** Whether those who could call for this group are believed. */
function detectors_of(scene: Scene, group: Group): string[] {
  const states = scene.junction.detectors.flatMap((detector, i) => {
    const state = scene.detail.detectors?.[i];
    return state && detector.calls.includes(group.doc.id) ? [{ n: i + 1, state }] : [];
  });
  if (states.length === 0) return [];
  const troubled = states.filter(({ state }) => state.trouble !== '');
  if (troubled.length === 0) return [t('why.detectors_healthy', { n: states.length })];
  return troubled.map(({ n, state }) => t('why.detector_trouble', { n, trouble: trouble_text(state, scene.now_ms) }));
}

/** Why `group` is still red, as far as the controller and the plan tell. */
export function why_text(scene: Scene, group: Group): Told {
  const { detail, now_ms, offset_s } = scene;
  const lamp = detail.lamps?.groups[group.index];
  const why = detail.why?.[group.index];
  if (!lamp) return { title: '', aside: '', sentence: t('why.unknown', { me: number_and_street(group) }), rest: '' };
  const at = (ms: number): string => clock_text(ms, offset_s);
  const red_ms = red_since_ms(detail, group, lamp);
  const rest = [when_green(scene, group)];
  const stage = why?.in_stage !== null && why?.in_stage !== undefined ? detail.ahead?.[why.in_stage] : undefined;
  if (stage && why?.in_stage !== 0) rest.push(t('why.in_stage', { stage: stage.stage, reason: t(`reason.${stage.reason}`) }));
  if (lamp.called && lamp.called_since_ms !== null) {
    rest.push(t('why.called', { time: at(lamp.called_since_ms), s: seconds(now_ms - lamp.called_since_ms) }));
  } else {
    rest.push(t('why.not_called'));
  }
  const queue = queue_of(scene, group);
  if (queue) rest.push(queue);
  if (why?.limit_ms) rest.push(t('why.limit', { time: at(why.limit_ms) }));
  rest.push(...detectors_of(scene, group));
  return {
    title: group_label(group),
    aside: t('why.red_since', { time: at(red_ms), s: seconds(now_ms - red_ms) }),
    sentence: why_sentence(scene, group),
    rest: rest.join(' · '),
  };
}
