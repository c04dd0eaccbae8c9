import { describe, expect, it } from 'vitest';
// @ts-expect-error the mock is plain JavaScript
import { make_city } from '../mock/city.mjs';
import { city_of, short_street } from '../src/city';
import type { Network } from '../src/feed/contract';
import { nothing_known, type Detail, type Live } from '../src/feed/live';
import { action_of } from '../src/keys';
import { labels_of } from '../src/map/labels';
import { fitting, scale_bar, scale_number, street_scale, to_city, to_screen, zoomed } from '../src/map/view';
import { Index, plain } from '../src/search/match';
import { expected_of, spans_of } from '../src/junction/timeline';
import { clock_text, span_text } from '../src/time';
import { change_text, changes_together, exceptions_text, group_label, lamp_text, range_text, served_text, why_text } from '../src/words';

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

    const [dark, flash, ...rest] = exceptions_text(city, live);
    expect(dark).toBe(`${city.junctions[3]!.name} dark`);
    expect(flash).toBe(`${city.junctions[0]!.name}, ${city.junctions[1]!.name} and 1 more flashing`);
    expect(rest).toEqual([]);
  });

  it('give a countdown as a range while actuation decides', () => {
    expect(range_text(at_ms + 3000, at_ms + 16_000, at_ms)).toBe('3 … 16 s');
    expect(range_text(at_ms + 3000, at_ms + 3000, at_ms)).toBe('3 s');
    expect(range_text(at_ms + 3000, null, at_ms)).toBe('3 s or more');
    expect(lamp_text(lamps[0]!, false, at_ms)).toBe('ends in 3 … 16 s');
    expect(lamp_text(lamps[4]!, false, at_ms)).toBe('not planned yet');
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
