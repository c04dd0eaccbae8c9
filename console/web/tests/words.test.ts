import { describe, expect, it } from 'vitest';
// @ts-expect-error the mock is plain JavaScript
import { make_city } from '../mock/city.mjs';
import { city_of, short_street } from '../src/city';
import type { DetectorState, Network, Trouble } from '../src/feed/contract';
import { nothing_known, type Detail, type Live } from '../src/feed/live';
import { action_of } from '../src/keys';
import { free_plates } from '../src/map/city_layer';
import { labels_of } from '../src/map/labels';
import { overlap, rows_of } from '../src/parts/picture';
import { fitting, scale_bar, scale_number, street_scale, to_city, to_screen, zoomed } from '../src/map/view';
import { Index, key_of, plain } from '../src/search/match';
import { expected_of, spans_of, stage_green_since } from '../src/junction/cycle';
import { red_groups, served_text, why_text } from '../src/junction/why';
import { clock_text, span_text } from '../src/time';
import { change_text, changes_together, exceptions_text, group_label, lamp_text, last_lamp_text, range_text, trouble_text } from '../src/words';

const city = city_of(make_city() as Network, '"n"');
const at_ms = 1_704_079_800_000; // 08:30:00 in Tashkent
const model = city.junction.get('J42')!;

function detail(parts: Partial<Detail>): Detail {
  return { id: 'J42', heard: { at_ms, here_ms: 0 }, age_ms: 0, ...parts };
}

const lamps = model.groups.map((group) => ({
  aspect: group.number === '1' ? 'green' : 'red', since_ms: at_ms - 9000, called: false, called_since_ms: null as number | null,
  next: group.number === '1' ? { aspect: 'red', earliest_ms: at_ms + 3000, latest_ms: at_ms + 16_000 } : null,
}) as NonNullable<Detail['lamps']>['groups'][number]);
const state: NonNullable<Detail['state']> = {
  mode: 'normal', source: 'horizon', stage: 'A', stage_since_ms: at_ms - 14_000, entering: false, lease_until_ms: null, timetable: null, in_service_ms: null,
};
const ahead: NonNullable<Detail['ahead']> = [
  { stage: 'A', reason: 'serve_queue', begin_earliest_ms: at_ms - 14_000, begin_latest_ms: at_ms - 14_000, end_earliest_ms: at_ms + 3000, end_latest_ms: at_ms + 16_000, skippable: false, rests: false, min_end_ms: at_ms - 2000 },
  { stage: 'C', reason: 'call', begin_earliest_ms: at_ms + 8000, begin_latest_ms: at_ms + 21_000, end_earliest_ms: at_ms + 20_000, end_latest_ms: at_ms + 50_000, skippable: false, rests: true },
];
const scene = (parts: Partial<Detail>) => ({ junction: model, detail: detail({ state, lamps: { changed_ms: at_ms, groups: lamps }, ahead, ...parts }), now_ms: at_ms, offset_s: 18_000 });

describe('Names', () => {
  it('say street and side', () => {
    expect(group_label(model.groups[0]!)).toBe('Beruniy, from west');
    expect(group_label(model.groups.find((group) => group.turn === 'left')!)).toMatch(/left from/);
    expect(group_label(model.groups.find((group) => group.turn === 'walk')!)).toMatch(/^walk, \w+ arm$/);
  });

  it('drop the word for street in any of its spellings', () => {
    for (const name of ['Navoiy ko‘chasi', "Navoiy ko'chasi", 'Navoiy shoh koʻchasi', 'Navoiy street']) expect(short_street(name)).toBe('Navoiy');
  });
});

describe('Sentences', () => {
  it('tell why it is green and when that ends', () => {
    const told = served_text(scene({}));

    expect(told.title).toBe('Served now: 1 · Beruniy');
    expect(told.sentence).toBe('The queue here costs most to leave waiting; ends at latest 08:30:16.');
    expect(told.rest).toBe('earliest end 08:30:03 · next stage C: call');
    expect(told.aside).toBe('green for 9 s');
  });

  it('say that nobody else asks only while that is so', () => {
    const rest = [{ ...ahead[0]!, reason: 'rest' as const }, ahead[1]!];
    expect(served_text(scene({ ahead: rest })).sentence).toBe('It rests here: nobody else asks. Planned until 08:30:16.');

    const called = lamps.map((lamp, i) => (i === 2 ? { ...lamp, called: true, called_since_ms: at_ms - 60_000 } : lamp));
    expect(served_text(scene({ ahead: rest, lamps: { changed_ms: at_ms, groups: called } })).sentence).toBe('Those who came here have gone; ends at latest 08:30:16.');
  });

  it('promise no end that no plan holds', () => {
    const told = served_text(scene({ ahead: [{ ...ahead[0]!, rests: true }] }));
    expect(told.sentence).toBe('It may stay here: the plan holds no later stage yet.');
  });

  it('tell that nobody is served in flash', () => {
    expect(served_text(scene({ state: { ...state, mode: 'flash' } })).sentence).toMatch(/flashes amber/);
  });

  it('tell why a group is red, who waits, and the limit', () => {
    const group = model.groups[4]!;
    const why = model.groups.map((one) => (one === group ? { waiting_for: model.groups[0]!.doc.id, blocked_by: [model.groups[0]!.doc.id], in_stage: 1, limit_ms: at_ms + 60_000 } : {}));
    const groups = lamps.map((lamp, i) => (i === group.index ? { ...lamp, called: true, called_since_ms: at_ms - 32_000, next: { aspect: 'green' as const, earliest_ms: at_ms + 8000, latest_ms: at_ms + 21_000 } } : lamp));
    const told = why_text(scene({ why, lamps: { changed_ms: at_ms, groups } }), group);

    expect(told.sentence).toBe('5 Amir Temur waits for 1 Beruniy, green until 08:30:16 at latest.');
    expect(told.rest).toBe('green between 08:30:08 and 08:30:21 · in stage C: call · somebody waits since 08:29:28 (32 s) · those in its way may stay green until 08:31:00 at most');
  });

  it('count red and amber before green as red, and amber after green as none', () => {
    const red = model.groups.find((group) => group.number === '2')!;
    const amber = model.groups.find((group) => group.number === '3')!;
    const shown = lamps.map((lamp, i) => ({ ...lamp, aspect: i === red.index ? 'red_amber' : i === amber.index ? 'amber' : lamp.aspect, since_ms: at_ms - 1000 }) as typeof lamp);
    const past = { stages: [], groups: model.groups.map(() => [{ aspect: 'red' as const, from_ms: at_ms - 60_000 }, { aspect: 'red_amber' as const, from_ms: at_ms - 1000 }]) };
    const now = scene({ lamps: { changed_ms: at_ms, groups: shown }, past });

    expect(why_text(now, red).aside).toBe('red since 08:29:00 (60 s)');
    expect(red_groups(now)).not.toContain(amber);
    expect(red_groups(now)).toContain(red);
  });

  it('admit that nobody was seen, and that nothing is planned', () => {
    const group = model.groups[4]!;
    const told = why_text(scene({ why: model.groups.map(() => ({})) }), group);

    expect(told.sentence).toMatch(/has not said what/);
    expect(told.rest).toBe('no planned stage serves it yet · the system did not see anyone here');
  });

  it('name the exceptions, the gravest first, and say how many more', () => {
    const live: Live = {
      ...nothing_known, last: { at_ms, here_ms: 0 }, overview: { at_ms, here_ms: 0 }, ages_ms: city.junctions.map(() => 100),
      briefs: city.junctions.map((_, n) => ({ n, mode: n === 3 ? 'dark' : n < 3 ? 'flash' : 'normal', source: 'horizon' })),
    };

    const [dark, flash, ...rest] = exceptions_text(city.junctions, live);
    expect(dark).toBe(`Dark: ${city.junctions[3]!.name}`);
    expect(flash).toBe(`Flashing: ${city.junctions[0]!.name}, ${city.junctions[1]!.name} and 1 more`);
    expect(rest).toEqual([]);
  });

  it('give a countdown as a range while actuation decides', () => {
    expect(range_text(at_ms + 3000, at_ms + 16_000, at_ms)).toBe('3 … 16 s');
    expect(range_text(at_ms + 3000, at_ms + 3000, at_ms)).toBe('3 s');
    expect(range_text(at_ms + 3000, null, at_ms)).toBe('3 s or more');
    expect(lamp_text(lamps[0]!, false, at_ms)).toBe('ends in 3 … 16 s');
    expect(lamp_text(lamps[4]!, false, at_ms)).toBe('not planned yet');
  });

  it('count nothing down of a junction that is not heard', () => {
    expect(last_lamp_text(lamps[0]!, false)).toBe('last seen green');
    expect(last_lamp_text({ ...lamps[0]!, aspect: 'flashing_green' }, true)).toBe('last seen clearing');
    expect(last_lamp_text({ ...lamps[0]!, aspect: 'red' }, true)).toBe('last seen red');
  });

  it('tell the minimum and maximum of a stage from the begin of its green', () => {
    const lit = (since_ms: number) => model.groups.map((group, i) => (group.number === '1' ? { ...lamps[i]!, since_ms } : lamps[i]!));
    const parts = (since_ms: number, entering = false) => detail({ state: { ...state, entering }, ahead, lamps: { changed_ms: at_ms, groups: lit(since_ms) } });

    expect(stage_green_since(model, parts(at_ms - 9000))).toBe(at_ms - 9000);
    expect(stage_green_since(model, parts(at_ms - 9000, true))).toBe(null);
    expect(stage_green_since(model, parts(at_ms - 60_000))).toBe(null); // was green before the stage began
  });

  it('put the same change of many signals into one row', () => {
    const change = (n: number, ago_s: number, detail = 'horizon') => ({ at_ms: at_ms - ago_s * 1000, junction: `J${n}`, kind: 'plan_source', detail });
    const rows = changes_together([change(1, 0), change(2, 1), change(1, 2, 'timetable'), change(3, 4), change(4, 90)]);

    expect(rows.map((row) => row.junctions)).toEqual([['J1', 'J2', 'J3'], ['J1'], ['J4']]);
  });

  it('say what changed, also what they do not know', () => {
    expect(change_text({ at_ms, junction: 'J1', kind: 'plan_source', detail: 'timetable' })).toBe('Runs its timetable');
    expect(change_text({ at_ms, junction: 'J1', kind: 'monitor_trip', detail: 'B1 conflict' })).toBe('Monitor tripped: B1 conflict');
  });
});

describe('Search', () => {
  const index = new Index(city);

  it('finds a name on either keyboard and with any apostrophe', () => {
    for (const query of ['amir temur', 'Амир Темур', 'AMIR  TEM', 'temur amir']) {
      expect(index.find(query)[0]?.name).toMatch(/^Amir Temur/);
    }
    for (const query of ['oʻzb', "o'zb", 'o‘zb', 'ozb', 'ўзб']) expect(index.find(query)[0]?.name).toMatch(/^O‘zbekiston/);
    expect(index.find('Ulugʻbek')[0]?.name).toMatch(/Ulug‘bek/);
  });

  it('finds a signal by both its streets', () => {
    expect(index.find('navoiy farob')[0]).toMatchObject({ kind: 'signal', name: 'Farobiy / Navoiy' });
  });

  it('finds a signal by its number and by names in other languages, and says by which', () => {
    const doc = make_city() as Network;
    doc.junctions[4]!.number = 31;
    doc.junctions[4]!.aliases = ['Амира Темура / Беруни', 'Чорсу'];
    doc.corridors = [{ id: 'navoiy', names: ['проспект Навои', city.streets[0]!.name], junctions: city.streets[0]!.junctions }];
    const own = new Index(city_of(doc, '"n"'));

    expect(own.find('31')[0]).toMatchObject({ kind: 'signal', name: doc.junctions[4]!.name, number: 31, alias: null });
    for (const query of ['чор', 'chor', 'CHORSU']) expect(own.find(query)[0]).toMatchObject({ name: doc.junctions[4]!.name, alias: 'Чорсу' });
    expect(own.find('амира темура')[0]?.alias).toBe('Амира Темура / Беруни');
    expect(own.find('проспект навои')[0]).toMatchObject({ kind: 'street', name: city.streets[0]!.name, alias: 'проспект Навои' });
  });

  it('tells two signals of one name apart', () => {
    const twice = make_city() as Network;
    const [one, other] = twice.junctions as [Network['junctions'][number], Network['junctions'][number]];
    one.name = other.name = 'Twice × Twice';
    const found = new Index(city_of(twice, '"t"')).find('twice');

    expect(found.map((hit) => hit.name)).toEqual(['Twice × Twice', 'Twice × Twice']);
    expect(new Set(found.map(key_of)).size).toBe(2);
  });

  it('finds nothing for nothing and nothing for nonsense', () => {
    expect(index.find('  ')).toEqual([]);
    expect(index.find('zzzz')).toEqual([]);
    expect(plain('Шота Руставели')).toBe('shota rustaveli');
  });
});

describe('Keys', () => {
  const press = (code: string, more = {}) => action_of({ code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });

  it('are places on the keyboard', () => {
    expect(press('KeyW')).toBe('why');
    expect(press('KeyK')).toBe('previous');
    expect(press('KeyK', { ctrlKey: true })).toBe('search');
    expect(press('Slash', { shiftKey: true })).toBe('help');
    expect(press('KeyC', { ctrlKey: true })).toBe(null);
  });

  it('can be switched off, all that write a character', () => {
    const off = (code: string, more = {}) => action_of({ code, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more }, false);

    for (const code of ['KeyW', 'KeyK', 'KeyD', 'Digit0', 'Equal', 'Minus', 'NumpadAdd']) expect(off(code)).toBe(null);
    expect(off('Slash', { shiftKey: true })).toBe(null);
    expect(off('KeyK', { ctrlKey: true })).toBe('search');
    expect(off('Escape')).toBe('close');
    expect(off('ArrowLeft')).toBe('left');
    expect(off('Enter')).toBe('open');
  });
});

describe('Streets', () => {
  it('know their signals from one end to the other', () => {
    for (const street of city.streets) {
      const places = street.junctions.map((id) => city.junction.get(id)!.doc.centre);
      const steps = places.slice(1).map(([x, y], i) => Math.hypot(x - places[i]![0], y - places[i]![1]));
      const ends = places.length > 1 ? Math.hypot(places.at(-1)![0] - places[0]![0], places.at(-1)![1] - places[0]![1]) : 0;
      expect(steps.reduce((sum, step) => sum + step, 0)).toBeLessThan(1.5 * ends + 1);
    }
  });
});

describe('A detector', () => {
  const state = (trouble: Trouble, changed_ms: number | null): DetectorState => ({ occupied: false, occupancy: null, changed_ms, last_minute: 0, trouble });

  it('in trouble says in which and for how long', () => {
    expect(trouble_text(state('', null), at_ms)).toBe('');
    expect(trouble_text(state('unseen', at_ms - 2_400_000), at_ms)).toBe('silent 40 min');
    expect(trouble_text(state('unseen', null), at_ms)).toBe('silent since the start');
    expect(trouble_text(state('stuck', at_ms - 190_000), at_ms)).toBe('on for 3 min');
    expect(trouble_text(state('camera_silent', at_ms), at_ms)).toBe('camera silent');
  });

  it('is named where it is asked why a group is red', () => {
    const red = model.groups.findIndex((group) => group.number === '2');
    const n = model.detectors.findIndex((detector) => detector.calls.includes(model.groups[red]!.doc.id));
    const detectors = model.detectors.map((_, i) => state(i === n ? 'stuck' : '', at_ms - 190_000));

    expect(why_text(scene({ detectors }), model.groups[red]!).rest).toContain(`its detector ${n + 1} is not believed: on for 3 min`);
    expect(why_text(scene({ detectors: detectors.map(() => state('', at_ms)) }), model.groups[red]!).rest).toMatch(/its detectors? in order/);
  });
});

describe('Plates on a picture', () => {
  const room = { width: 240, height: 140 };

  it('never lie over each other, however near their lines are', () => {
    const places = [60, 77, 94, 111, 128, 145].map((x) => ({ x, y: 60, width: 38 }));
    const boxes = rows_of(places, 1, room, []).filter((box) => box !== null);

    expect(boxes.length).toBeGreaterThanOrEqual(5);
    boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => expect(overlap(a, b)).toBe(false)));
  });

  it('stay inside the picture and clear of what is there', () => {
    const stamp = { x: 0, y: 0, width: 120, height: 20 };
    const boxes = rows_of([{ x: 2, y: 18, width: 40 }, { x: 239, y: 60, width: 40 }], -1, room, [stamp]);

    expect(boxes[0]).toBe(null);
    expect(boxes[1]!.x + boxes[1]!.width).toBeLessThanOrEqual(room.width);
  });
});

describe('The map', () => {
  const view = fitting(city.doc.bounds, 1380, 510, 28);

  it('shows all of the city', () => {
    for (const junction of city.junctions) {
      const [x, y] = to_screen(view, junction.doc.centre);
      expect(x > 0 && x < 1380 && y > 0 && y < 510).toBe(true);
    }
  });

  it('keeps the point under the pointer while it zooms', () => {
    const under = to_city(view, [300, 200]);
    const [x, y] = to_screen(zoomed(view, 2, [300, 200], 0.01), under);
    expect(x).toBeCloseTo(300);
    expect(y).toBeCloseTo(200);
  });

  it('begins street zoom at 1 : 4 000 and has a round scale bar', () => {
    expect(scale_number({ ...view, scale: street_scale })).toBe(4000);
    expect(scale_bar({ ...view, scale: 1 }).metres).toBe(200);
  });

  it('lets no plate lie over another or over a signal', () => {
    const plate = (x: number, y: number) => ({ at: [x, y] as [number, number], text: 'twelve chars', edge: '' });
    const [a, b, c, d] = [plate(0, 0), plate(40, 8), plate(0, 100), plate(0, 200)];

    expect(free_plates([a, b, c, d], [[0, 0], [0, 100], [60, 104], [0, 200]], () => 80)).toEqual([a, d]);
  });

  it('writes names that keep clear of dots and of each other', () => {
    const dots = city.junctions.map((junction) => to_screen(view, junction.doc.centre));
    const labels = labels_of(city.streets, view, dots, (text, size) => text.length * size * 0.52);

    expect(labels.length).toBeGreaterThan(6);
    for (const label of labels) {
      expect(Math.abs(label.angle)).toBeLessThanOrEqual(Math.PI / 2 + 1e-9);
      for (const dot of dots) expect(Math.hypot(dot[0] - label.at[0], dot[1] - label.at[1])).toBeGreaterThan(8);
      for (const other of labels) {
        if (other !== label) expect(Math.hypot(other.at[0] - label.at[0], other.at[1] - label.at[1])).toBeGreaterThan(12);
      }
    }
  });
});

describe('The timeline', () => {
  it('cuts what was seen to its window', () => {
    const spans = spans_of([{ aspect: 'red', from_ms: 0 }, { aspect: 'green', from_ms: 50 }], 40, 80);
    expect(spans).toEqual([{ aspect: 'red', from_ms: 40, to_ms: 50 }, { aspect: 'green', from_ms: 50, to_ms: 80 }]);
  });

  it('joins stages that keep a group green', () => {
    const stages = new Map([['A', new Set(['g'])], ['B', new Set(['g', 'h'])]]);
    const both = [{ ...ahead[0]!, stage: 'A' }, { ...ahead[1]!, stage: 'B' }];
    expect(expected_of(both, stages, 'g')).toEqual([{ begin_ms: at_ms - 14_000, sure_ms: at_ms + 20_000, end_ms: at_ms + 50_000, lit: true }]);
    expect(expected_of(both, stages, 'h')).toEqual([{ begin_ms: at_ms + 21_000, sure_ms: at_ms + 20_000, end_ms: at_ms + 50_000, lit: false }]);
  });
});

describe('Time', () => {
  it('is the city’s, in 24 hours', () => {
    expect(clock_text(at_ms, 18_000)).toBe('08:30:00');
    expect(clock_text(at_ms - 10 * 3_600_000, 18_000)).toBe('22:30:00');
    expect(span_text(-(2 * 3600 + 14 * 60) * 1000)).toBe('2 h 14 min');
  });
});
