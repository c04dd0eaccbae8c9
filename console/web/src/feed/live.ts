import type { Brief, CameraState, Change, Frame, Hello, JunctionFrame, JunctionParts, Past, Vehicle, Xy } from './contract';

/** A moment of the city's clock, and when (performance.now) it was heard here. */
export interface Heard {
  at_ms: number;
  here_ms: number;
}

export interface Detail extends JunctionParts {
  id: string;
  heard: Heard;
  age_ms: number;
}

/** All that the page knows, as told so far. Never changed in place. */
export interface Live {
  hello: Hello | null;
  last: Heard | null; // of any frame
  overview: Heard | null;
  briefs: Brief[];
  ages_ms: number[]; // at `overview`
  changes: Change[]; // newest first
  cameras: CameraState[];
  details: Record<string, Detail>;
  vehicles: { heard: Heard; list: Vehicle[]; people: Xy[] } | null;
  skew_ms: number; // server's wall clock - ours
  round_ms: number; // way there and back of the ping that told it
}

export const nothing_known: Live = {
  hello: null,
  last: null,
  overview: null,
  briefs: [],
  ages_ms: [],
  changes: [],
  cameras: [],
  details: {},
  vehicles: null,
  skew_ms: 0,
  round_ms: Infinity,
};

const changes_max = 300;
const changes_kept_ms = 15 * 60_000;
const past_kept_ms = 150_000;

function with_briefs(before: Brief[], told: Brief[], key: boolean): Brief[] {
  if (told.length === 0 && !key) return before;
  const briefs = key ? [] : [...before];
  for (const brief of told) briefs[brief.n] = brief;
  return briefs;
}

/** What was seen, continued by what is told now. */
export function continued(past: Past | undefined, frame: JunctionParts, now_ms: number): Past | undefined {
  if (!past) return past;
  const since = now_ms - past_kept_ms;
  const recent = <T extends { from_ms: number }>(list: T[]): T[] => {
    const first = list.findIndex((_, i) => (list[i + 1]?.from_ms ?? Infinity) > since);
    return first > 0 ? list.slice(first) : list;
  };
  const groups = past.groups.map((shown, g) => {
    const lamp = frame.lamps?.groups[g];
    const last = shown.at(-1);
    if (!lamp || (last && last.aspect === lamp.aspect && last.from_ms >= lamp.since_ms)) return recent(shown);
    return recent([...shown, { aspect: lamp.aspect, from_ms: lamp.since_ms }]);
  });
  const last = past.stages.at(-1);
  const state = frame.state;
  const moved = state?.stage && !(last && last.stage === state.stage && last.from_ms >= state.stage_since_ms);
  const stages = moved ? [...past.stages, { stage: state.stage as string, from_ms: state.stage_since_ms }] : past.stages;
  return { stages: recent(stages), groups };
}

function detail_of(before: Detail | undefined, frame: JunctionFrame, heard: Heard): Detail {
  const kept = frame.key || !before ? {} : before;
  const { type: _type, key: _key, seq: _seq, junction, at_ms: _at, sent_wall_ms: _sent, age_ms, ...parts } = frame;
  const detail: Detail = { ...kept, ...parts, id: junction, heard, age_ms };
  if (!frame.key) detail.past = continued(before?.past, parts, frame.at_ms);
  return detail;
}

/** The quickest ping tells best how far the clocks are apart; its word slowly loses weight, since clocks drift. */
function with_pong(live: Live, sent_ms: number, ping_ms: number, now_ms: number): Live {
  const round_ms = Math.max(0, now_ms - ping_ms);
  if (round_ms > live.round_ms) return { ...live, round_ms: live.round_ms + 1 };
  return { ...live, round_ms, skew_ms: sent_ms - (ping_ms + now_ms) / 2 };
}

/** One frame on top of what is known. A delta for a junction without its key frame is left out. */
export function with_frame(live: Live, frame: Frame, here_ms: number, wall_ms: number): Live {
  const heard: Heard = { at_ms: frame.at_ms, here_ms };
  const next: Live = { ...live, last: heard };
  switch (frame.type) {
    case 'hello':
      return { ...nothing_known, hello: frame, last: heard, skew_ms: frame.sent_wall_ms - wall_ms };
    case 'overview': {
      next.overview = heard;
      next.briefs = with_briefs(live.briefs, frame.junctions, frame.key);
      next.ages_ms = frame.age_ms;
      const changes = frame.key ? frame.changes : [...frame.changes, ...live.changes];
      next.changes = changes.filter((change) => change.at_ms > frame.at_ms - changes_kept_ms).slice(0, changes_max);
      next.cameras = frame.cameras;
      return next;
    }
    case 'junction': {
      const before = live.details[frame.junction];
      if (!frame.key && !before) return next;
      next.details = { ...live.details, [frame.junction]: detail_of(before, frame, heard) };
      return next;
    }
    case 'street':
      next.vehicles = { heard, list: frame.vehicles, people: frame.people ?? [] };
      return next;
    case 'pong':
      return with_pong(next, frame.sent_wall_ms, frame.ping_wall_ms, wall_ms);
    default:
      return next;
  }
}

/** Forgets what is no longer looked at, so that nothing old can look live. */
export function looking_at(live: Live, junctions: string[], street: boolean): Live {
  const details: Record<string, Detail> = {};
  for (const id of junctions) {
    const detail = live.details[id];
    if (detail) details[id] = detail;
  }
  return { ...live, details, vehicles: street ? live.vehicles : null };
}
