import { afterEach, describe, expect, it } from 'vitest';
// @ts-expect-error the mock is plain JavaScript
import { make_city } from '../mock/city.mjs';
import { camera_place, city_of } from '../src/city';
import type { Network } from '../src/feed/contract';
import { nothing_known, type Detail, type Live } from '../src/feed/live';
import { place_callouts } from '../src/map/callouts';
import { callout_under, camera_under, junction_under } from '../src/map/hits';
import type { Ink } from '../src/map/ink';
import { draw_live, type Scene } from '../src/map/live_layer';
import { hold_keys, map_keys } from '../src/map/map_keys';
import { Press } from '../src/map/press';
import { seen_in, street_view, whole_view } from '../src/map/subject';
import { is_street, to_screen, type MapView } from '../src/map/view';

const city = city_of(make_city() as Network, '"n"');
const model = city.junction.get('J42')!;
const [width, height] = [1200, 800];
const inside = (view: MapView, [x, y]: [number, number]): boolean => x >= 0 && x <= view.width && y >= 0 && y <= view.height;

describe('The subject of a map', () => {
  it('is the whole city, a street or a junction, all of it in view', () => {
    const whole = whole_view(city, null, width, height);
    const street = city.streets[0]!;
    const along = street_view(city, street, width, height);

    expect(city.junctions.every((one) => inside(whole, to_screen(whole, one.doc.centre)))).toBe(true);
    expect(street.junctions.every((id) => inside(along, to_screen(along, city.junction.get(id)!.doc.centre)))).toBe(true);
    expect(whole_view(city, model, width, height).centre).toEqual(model.doc.centre);
  });

  it('of a street stays at city zoom, also with one signal or none', () => {
    const street = city.streets[0]!;
    for (const junctions of [street.junctions.slice(0, 1), []]) {
      const view = street_view(city, { ...street, junctions }, width, height);

      expect(is_street(view)).toBe(false);
      expect([...view.centre, view.scale].every(Number.isFinite)).toBe(true);
    }
  });

  it('shows lamps of the nearest junctions at street zoom only', () => {
    expect(seen_in(city, whole_view(city, null, width, height))).toEqual([]);

    const seen = seen_in(city, whole_view(city, model, width, height));

    expect(seen[0]).toBe(model);
    expect(seen.length).toBeLessThanOrEqual(16);
  });
});

describe('Under the pointer', () => {
  const view = whole_view(city, null, width, height);

  it('lies the nearest junction within reach', () => {
    const [x, y] = to_screen(view, model.doc.centre);

    expect(junction_under([x + 3, y], city, view, 16)).toBe(model);
    expect(junction_under([x, y], { ...city, junctions: [] }, view, 16)).toBeNull();
    expect(junction_under([-500, -500], city, view, 16)).toBeNull();
  });

  it('lies a camera where it is drawn, beside its place', () => {
    const camera = city.doc.cameras[0]!;
    const [x, y] = to_screen(view, camera_place(city, camera)!);

    expect(camera_under([x + 18, y - 18], city, view)).toBe(camera.id);
    expect(camera_under([-500, -500], city, view)).toBeNull();
  });

  it('lies a call-out; those of a junction keep clear of each other', () => {
    const callouts = place_callouts(whole_view(city, model, width, height), model, () => 120);

    expect(callouts.length).toBeGreaterThan(0);
    for (const one of callouts) expect(callout_under([one.x + one.width / 2, one.y + one.height / 2], callouts)).toBe(one);
    expect(callout_under([0, 0], callouts)).toBeUndefined();
  });
});

describe('A press', () => {
  const at = (clientX: number, clientY: number, more = {}) => ({ pointerId: 1, isPrimary: true, button: 0, clientX, clientY, ...more });

  it('is a click while the hand is nearly still', () => {
    const press = new Press();

    expect(press.down(at(10, 10))).toBe(true);
    expect(press.drag(at(12, 12))).toBeNull();
    expect(press.held).toBe(true);
    expect(press.up(at(12, 12))).toBe(true);
    expect(press.held).toBe(false);
  });

  it('is a drag once it moved, and loses nothing of the way', () => {
    const press = new Press();
    press.down(at(10, 10));

    expect(press.drag(at(13, 10))).toBeNull();
    expect(press.drag(at(15, 11))).toEqual({ right: 5, down: 1 });
    expect(press.drag(at(16, 11))).toEqual({ right: 1, down: 0 });
    expect(press.up(at(10, 10))).toBe(false);
  });

  it('is of the first finger alone: a second one clicks nothing and ends nothing', () => {
    const press = new Press();
    const second = { pointerId: 2, isPrimary: false };
    press.down(at(10, 10));

    expect(press.down(at(80, 80, second))).toBe(false);
    expect(press.drag(at(90, 90, second))).toBeNull();
    expect(press.up(at(90, 90, second))).toBe(false);
    press.cancel(at(90, 90, second));
    expect(press.held).toBe(true);
    expect(press.drag(at(20, 10))).toEqual({ right: 10, down: 0 });
    press.cancel(at(20, 10));
    expect(press.up(at(20, 10))).toBe(false);
  });

  it('is of the left button', () => {
    expect(new Press().down(at(10, 10, { button: 2 }))).toBe(false);
  });
});

describe('Keys of a map', () => {
  afterEach(() => {
    for (const key of Object.keys(map_keys)) delete map_keys[key as keyof typeof map_keys];
  });

  it('are given back; those of the map that came next stay', () => {
    const told: string[] = [];
    const first = hold_keys({ left: () => told.push('first'), whole: () => told.push('first') });
    const second = hold_keys({ left: () => told.push('second') });

    first();
    map_keys.left?.();
    expect(map_keys.whole).toBeUndefined();
    second();

    expect(told).toEqual(['second']);
    expect(map_keys).toEqual({});
  });
});

describe('What moves on the map', () => {
  const ink = new Proxy({}, { get: (_, name) => String(name) }) as Ink;
  const grey = new Proxy({}, { get: (_, name) => (name === 'red' || name === 'green' ? 'old' : String(name)) }) as Ink;
  const at_ms = 1_704_079_800_000;
  const groups: NonNullable<Detail['lamps']>['groups'] = model.groups.map(() => ({ aspect: 'red', since_ms: at_ms, called: false, called_since_ms: null, next: null }));
  const live = (age_ms: number): Live => ({
    ...nothing_known,
    overview: { at_ms, here_ms: 0 },
    details: { J42: { id: 'J42', heard: { at_ms, here_ms: 0 }, age_ms, lamps: { changed_ms: at_ms, groups } } },
  });

  /** Draws on a canvas that only notes its texts and the colours of its lines. */
  function drawn(view: MapView, parts: Partial<Scene['app']>, seen = [model]): { texts: string[]; strokes: Set<unknown> } {
    const texts: string[] = [];
    const strokes = new Set<unknown>();
    const canvas: Record<string, unknown> = { fillText: (text: string) => texts.push(text), measureText: (text: string) => ({ width: 7 * text.length }) };
    const context = new Proxy(canvas, {
      get: (own, name: string) => own[name] ?? (name === 'stroke' ? () => strokes.add(own.strokeStyle) : () => undefined),
    }) as unknown as CanvasRenderingContext2D;
    const app: Scene['app'] = { live: nothing_known, here_ms: 0, cut_off: false, chosen: null, asked_group: null, camera: null, hidden_layers: new Set(['cameras'] as const), ...parts };
    draw_live(context, view, { app, city, junction: null, seen, callouts: [], ink, grey });
    return { texts, strokes };
  }

  it('has colours while it is heard, none once it is old, with its age', () => {
    const view = whole_view(city, model, width, height);

    const fresh = drawn(view, { live: live(200) });
    const old = drawn(view, { live: live(200), here_ms: 9_000 });

    expect(fresh.texts).toEqual([]);
    expect(fresh.strokes.has('red')).toBe(true);
    expect(old.strokes.has('red')).toBe(false);
    expect(old.strokes.has('old')).toBe(true);
    expect(old.texts).toHaveLength(1);
    expect(old.texts[0]).toContain('9');
  });

  it('is old altogether while the centre is not heard', () => {
    expect(drawn(whole_view(city, model, width, height), { live: live(200), cut_off: true }).strokes.has('red')).toBe(false);
  });

  it('names the chosen signal in the city in any case, and nothing before the first overview', () => {
    const view = whole_view(city, null, width, height);

    expect(drawn(view, { live: live(200), chosen: 'J42' }).texts).toContain(model.name);
    expect(drawn(view, { chosen: 'J42' }).texts).toEqual([]);
  });
});
