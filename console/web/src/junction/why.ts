import { short_street, type Group, type JunctionModel } from '../city';
import type { GroupLamp } from '../feed/contract';
import type { Detail } from '../feed/live';
import { t } from '../messages/text';
import { clock_text, seconds } from '../time';
import { group_label, number_and_street, trouble_text } from '../words';

// Who is served at a junction and why, and why the others still wait.

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
