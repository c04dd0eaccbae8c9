import { describe, expect, it } from 'vitest';
import { city_now_ms, connection_age_ms, is_cut_off, junction_age_ms, standing } from '../src/feed/age';
import { picture_in, wait_before } from '../src/feed/connection';
import type { Hello, JunctionFrame, JunctionState, Overview } from '../src/feed/contract';
import { looking_at, nothing_known, with_frame, type Live } from '../src/feed/live';
import { Latencies } from '../src/latency';
import { Meter, quantile } from '../src/meter';

const at_ms = 1_704_079_800_000;
const timed = { seq: 1, at_ms, sent_wall_ms: at_ms };
const hello: Hello = { ...timed, type: 'hello', version: 1, network: '"n"', clock_offset_ms: 0, utc_offset_s: 18_000, stale_after_ms: 3000 };
const overview: Overview = {
  ...timed, type: 'overview', key: true, age_ms: [100, 200], changes: [], cameras: [],
  junctions: [{ n: 0, mode: 'normal', source: 'horizon' }, { n: 1, mode: 'flash', source: 'none' }],
};
const state: JunctionState = {
  mode: 'normal', source: 'horizon', stage: 'A', stage_since_ms: at_ms - 5000, entering: false, lease_until_ms: null, timetable: null, in_service_ms: null,
};
const lamp = { aspect: 'green', since_ms: at_ms - 3000, called: false, called_since_ms: null, next: null } as const;
const junction: JunctionFrame = {
  ...timed, type: 'junction', key: true, junction: 'J1', age_ms: 50, state,
  lamps: { changed_ms: at_ms - 3000, groups: [lamp] }, events: [],
  past: { stages: [{ stage: 'A', from_ms: at_ms - 5000 }], groups: [[{ aspect: 'green', from_ms: at_ms - 3000 }]] },
};

const told = (...frames: Parameters<typeof with_frame>[1][]): Live => frames.reduce((live, frame) => with_frame(live, frame, 1000, at_ms), nothing_known);

describe('What is known', () => {
  it('begins afresh with each hello, so that nothing old can look live', () => {
    const again = with_frame(told(hello, overview, junction), hello, 9000, at_ms);

    expect(again.briefs).toEqual([]);
    expect(again.details).toEqual({});
  });

  it('keeps junctions that a delta does not name', () => {
    const live = with_frame(told(hello, overview), { ...overview, key: false, junctions: [{ n: 1, mode: 'normal', source: 'timetable' }] }, 2000, at_ms);

    expect(live.briefs[0]?.mode).toBe('normal');
    expect(live.briefs[1]?.source).toBe('timetable');
  });

  it('puts new changes first and lets them go after a quarter of an hour', () => {
    const change = (ms: number) => ({ at_ms: ms, junction: 'J1', kind: 'mode', detail: 'normal' });
    const live = told(hello, { ...overview, changes: [change(at_ms - 899_000)] });
    const later = with_frame(live, { ...overview, key: false, at_ms: at_ms + 5000, changes: [change(at_ms + 4000)] }, 6000, at_ms);

    expect(later.changes.map((one) => one.at_ms)).toEqual([at_ms + 4000]);
  });

  it('keeps the parts of a junction that a delta leaves out', () => {
    const delta: JunctionFrame = { ...timed, type: 'junction', key: false, junction: 'J1', age_ms: 20 };
    const live = with_frame(told(hello, junction), delta, 1100, at_ms);

    expect(live.details['J1']?.state).toEqual(state);
    expect(live.details['J1']?.age_ms).toBe(20);
  });

  it('does not show a junction from a delta alone', () => {
    expect(told(hello, { ...junction, key: false }).details).toEqual({});
  });

  it('goes on with the past by itself', () => {
    const amber = { ...lamp, aspect: 'amber', since_ms: at_ms + 100 } as const;
    const delta: JunctionFrame = { ...timed, type: 'junction', key: false, junction: 'J1', age_ms: 20, at_ms: at_ms + 100, lamps: { changed_ms: at_ms + 100, groups: [amber] } };
    const live = with_frame(with_frame(told(hello, junction), delta, 1100, at_ms), delta, 1200, at_ms);

    expect(live.details['J1']?.past?.groups[0]).toEqual([{ aspect: 'green', from_ms: at_ms - 3000 }, { aspect: 'amber', from_ms: at_ms + 100 }]);
  });

  it('bounds the past by time', () => {
    let live = told(hello, junction);
    for (let i = 1; i <= 400; i++) {
      const ms = at_ms + i * 1000;
      const group = { ...lamp, aspect: i % 2 === 0 ? 'green' : 'red', since_ms: ms } as const;
      live = with_frame(live, { ...timed, type: 'junction', key: false, junction: 'J1', age_ms: 20, at_ms: ms, lamps: { changed_ms: ms, groups: [group] } }, 1000 + i, at_ms);
    }

    expect(live.details['J1']?.past?.groups[0]?.length).toBeLessThanOrEqual(152);
  });

  it('forgets what is no longer looked at', () => {
    const live = looking_at(told(hello, junction), [], false);

    expect(live.details).toEqual({});
    expect(live.vehicles).toBe(null);
  });
});

describe('Age', () => {
  it('of the connection grows until a frame comes', () => {
    const live = told(hello);
    expect(connection_age_ms(live, 4500)).toBe(3500);
    expect(connection_age_ms(nothing_known, 4500)).toBe(Infinity);
  });

  it('says a dead centre within three seconds, a closed connection sooner, and forgives one late overview', () => {
    expect(is_cut_off(2000, true)).toBe(false);
    expect(is_cut_off(2600, true)).toBe(true);
    expect(is_cut_off(1000, false)).toBe(true);
    expect(is_cut_off(400, false)).toBe(false);
  });

  it('of a junction grows by the page’s own clock', () => {
    expect(junction_age_ms(told(hello, overview), 1, 1800)).toBe(1000);
  });

  it('of a junction that was never heard is endless', () => {
    expect(junction_age_ms(told(hello, { ...overview, age_ms: [-1, 0] }), 0, 1000)).toBe(Infinity);
    expect(standing(told(hello, { ...overview, age_ms: [-1, 0] }), 0)).toBe('silent');
  });

  it('makes a junction silent after three missed reports; what was told stays until then', () => {
    const fresh = told(hello, overview);
    expect(standing(fresh, 0)).toBe('follow');
    expect(standing(fresh, 1)).toBe('off_plan');
    expect(standing(told(hello, { ...overview, age_ms: [3000, 0] }), 0)).toBe('silent');
  });

  it('counts a junction that starts as starting', () => {
    const live = told(hello, { ...overview, junctions: [{ n: 0, mode: 'start_up', source: 'none' }] });
    expect(standing(live, 0)).toBe('starting');
  });

  it('lets the city’s clock run on between frames', () => {
    expect(city_now_ms(told(hello), 1250)).toBe(at_ms + 250);
  });
});

describe('The connection', () => {
  it('waits longer after each failure, never more than ten seconds, and not all pages alike', () => {
    expect([0, 1, 2, 3, 4, 9].map((tries) => wait_before(tries, 0.5))).toEqual([500, 1000, 2000, 4000, 8000, 8000]);
    expect(wait_before(9, 1)).toBeLessThanOrEqual(10_000);
    expect(wait_before(0, 0)).not.toBe(wait_before(0, 1));
  });

  it('reads a picture and refuses half of one', () => {
    const head = new TextEncoder().encode('{"type":"picture","camera":"C1","counts":[1],"boxes":[]}');
    const bytes = new Uint8Array(4 + head.length + 3);
    new DataView(bytes.buffer).setUint32(0, head.length, true);
    bytes.set(head, 4);

    expect(picture_in(bytes.buffer)?.camera).toBe('C1');
    expect(picture_in(bytes.buffer)?.jpeg.size).toBe(3);
    expect(picture_in(bytes.buffer.slice(0, 10))).toBe(null);
    expect(picture_in(new ArrayBuffer(2))).toBe(null);
  });

  it('learns how far the clocks are apart, from the quickest ping', () => {
    const pong = (sent_wall_ms: number) => ({ ...timed, type: 'pong', ping_wall_ms: 1000, sent_wall_ms }) as const;
    const first = with_frame(told(hello), pong(6020), 1, 1040);
    const slower = with_frame(first, pong(6900), 2, 1900);
    expect(first.skew_ms).toBe(5000);
    expect(slower.skew_ms).toBe(5000);
    expect(with_frame(slower, pong(6012), 3, 1020).skew_ms).toBe(5002);
  });
});

describe('Diagnostics', () => {
  it('count what came in the last five seconds', () => {
    const meter = new Meter();
    for (let at = 0; at < 20_000; at += 100) meter.add(at, 500);

    expect(meter.per_s(20_000)).toBeCloseTo(10, 0);
    expect(meter.bytes_per_s(20_000)).toBeCloseTo(500 * meter.per_s(20_000));
    expect(meter.per_s(60_000)).toBe(0);
  });

  it('name the value that a share does not exceed', () => {
    const list = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect([quantile(list, 0.5), quantile(list, 0.95), quantile(list, 1)]).toEqual([50, 95, 100]);
    expect(quantile([], 0.5)).toBe(null);
  });
});

describe('Latencies', () => {
  it('count each change of a lamp once, and none that was old when the page came', () => {
    const latencies = new Latencies();
    const frames: (() => void)[] = [];
    globalThis.requestAnimationFrame = (run) => frames.push(() => run(0));
    const live = told(hello);
    latencies.heard(junction, live);
    const amber = { ...lamp, aspect: 'amber' } as const;
    const changed: JunctionFrame = { ...junction, key: false, lamps: { changed_ms: Date.now() - 40, groups: [amber] } };
    latencies.heard({ ...junction, key: false, lamps: { changed_ms: Date.now(), groups: [lamp] } }, live);
    latencies.heard(changed, { ...live, skew_ms: 0 });
    latencies.heard(changed, { ...live, skew_ms: 0 });
    latencies.drawn();
    for (const run of frames) run();

    expect(latencies.list.length).toBe(1);
    expect(latencies.list[0]).toBeGreaterThanOrEqual(40);
    expect(latencies.list[0]).toBeLessThan(2000);
  });

  it('do not count how long the page was hidden, when nothing is drawn', () => {
    const latencies = new Latencies();
    const live = told(hello);
    const amber = { ...lamp, aspect: 'amber' } as const;
    globalThis.requestAnimationFrame = (run) => { run(0); return 0; };
    latencies.heard(junction, live);
    latencies.heard({ ...junction, key: false, lamps: { changed_ms: Date.now() - 3_600_000, groups: [amber] } }, live);

    latencies.hidden();
    latencies.drawn();

    expect(latencies.list).toEqual([]);
  });
});
