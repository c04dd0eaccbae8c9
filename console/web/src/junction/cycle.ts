import type { JunctionModel } from '../city';
import type { Ahead, Aspect, JunctionDoc, JunctionState } from '../feed/contract';
import type { Detail } from '../feed/live';

// What the timeline shows, in times; timeline.ts draws it.

export interface TimetableTold {
  id: string;
  cycle_s: number;
  offset_s: number;
}

/** The timetable in force or behind the plan: the city's own, or one made from counts. */
export function timetable_of(state: JunctionState, own: JunctionDoc['timetables'] | undefined): TimetableTold | undefined {
  if (state.counted_timetable?.id === state.timetable) return state.counted_timetable;
  return own?.find((one) => one.id === state.timetable);
}

/** Past spans of one group on the window: aspect, begin, end. */
export function spans_of(shown: { aspect: Aspect; from_ms: number }[], from_ms: number, to_ms: number): { aspect: Aspect; from_ms: number; to_ms: number }[] {
  return shown
    .map((one, i) => ({ aspect: one.aspect, from_ms: Math.max(one.from_ms, from_ms), to_ms: Math.min(shown[i + 1]?.from_ms ?? to_ms, to_ms) }))
    .filter((span) => span.to_ms > span.from_ms);
}

/** Expected greens of one group: each run of stages that hold it, from its latest begin to its earliest end. */
export function expected_of(ahead: Ahead[], stages: Map<string, Set<string>>, group: string): { begin_ms: number; sure_ms: number; end_ms: number; lit: boolean }[] {
  const spans: { begin_ms: number; sure_ms: number; end_ms: number; lit: boolean }[] = [];
  let open: (typeof spans)[number] | null = null;
  ahead.forEach((entry, i) => {
    if (!stages.get(entry.stage)?.has(group)) {
      open = null;
      return;
    }
    if (open) {
      open.sure_ms = entry.end_earliest_ms;
      open.end_ms = entry.end_latest_ms;
      return;
    }
    open = { begin_ms: i === 0 ? entry.begin_earliest_ms : entry.begin_latest_ms, sure_ms: entry.end_earliest_ms, end_ms: entry.end_latest_ms, lit: i === 0 };
    spans.push(open);
  });
  return spans;
}

/** When the greens of the stage that is lit began; null while it is being entered. */
export function stage_green_since(junction: JunctionModel, detail: Detail): number | null {
  const lit = detail.ahead?.[0];
  if (!lit || detail.state?.entering) return null;
  const stage = junction.doc.stages.find((one) => one.id === lit.stage);
  const began = (stage?.groups ?? []).map((id) => detail.lamps?.groups[junction.group.get(id)?.index ?? -1])
    .filter((lamp) => lamp !== undefined && lamp.aspect === 'green' && lamp.since_ms >= lit.begin_earliest_ms)
    .map((lamp) => lamp?.since_ms ?? 0);
  return began.length > 0 ? Math.min(...began) : null;
}
