import type { App } from '../app.svelte';
import { camera_place, type City, type JunctionModel } from '../city';
import { detail_age_ms, junction_age_ms, stale_ms, standing } from '../feed/age';
import type { GroupLamp, Xy } from '../feed/contract';
import type { Detail } from '../feed/live';
import { t } from '../messages/text';
import { lamp_text, last_lamp_text, trouble_text } from '../words';
import { draw_callout, type CallOut } from './callouts';
import { draw_camera, draw_plate, draw_ring, draw_signal, free_plates, type Plate } from './city_layer';
import { font, type Ink } from './ink';
import { draw_detector_numbers, draw_detectors, draw_lamps, draw_people, draw_vehicles, shape_of } from './lamps';
import { is_street, to_screen, type MapView } from './view';

type Context = CanvasRenderingContext2D;

/** What moves on a map, as it is now. */
export interface Scene {
  readonly app: Pick<App, 'live' | 'here_ms' | 'cut_off' | 'chosen' | 'asked_group' | 'camera' | 'hidden_layers'>;
  readonly city: City;
  readonly junction: JunctionModel | null; // the only one; null: all of the city
  readonly seen: JunctionModel[]; // at street zoom
  readonly callouts: CallOut[];
  readonly ink: Ink;
  readonly grey: Ink; // for what is old: shapes stay, colours go
}

/** What changes with the feed: signals at city zoom; lamps, detectors, vehicles at street zoom. */
export function draw_live(context: Context, view: MapView, scene: Scene): void {
  context.clearRect(0, 0, view.width, view.height);
  if (is_street(view)) draw_live_street(context, view, scene);
  else draw_live_city(context, view, scene);
}

function draw_live_street(context: Context, view: MapView, scene: Scene): void {
  const { app, city, junction, seen, ink } = scene;
  const with_detectors = !app.hidden_layers.has('detectors');
  for (const one of with_detectors ? seen : []) {
    const detail = app.live.details[one.doc.id];
    if (detail?.detectors) draw_detectors(context, view, city, one.detectors, is_old(scene, detail) ? [] : detail.detectors, ink);
  }
  if (app.live.vehicles && !app.hidden_layers.has('vehicles')) {
    draw_vehicles(context, view, app.live.vehicles.list, ink);
    draw_people(context, view, app.live.vehicles.people, ink);
  }
  for (const one of with_detectors && view.scale > 2 ? seen : []) {
    const detail = app.live.details[one.doc.id];
    if (detail?.detectors && !is_old(scene, detail)) draw_detector_numbers(context, view, city, one.detectors, detail.detectors, ink, (state) => trouble_text(state, detail.heard.at_ms));
  }
  for (const one of seen) draw_one(context, view, scene, one);
  const chosen = junction ? undefined : seen.find((one) => one.doc.id === app.chosen);
  if (chosen) {
    const [x, y] = to_screen(view, chosen.doc.centre);
    draw_plate(context, [x + 22 * view.scale, y - 22 * view.scale], chosen.name, ink, ink.focus);
  }
  draw_cameras(context, view, scene);
  for (const one of seen) draw_age(context, view, scene, one);
}

function is_old({ app }: Scene, detail: Detail): boolean {
  return app.cut_off || detail_age_ms(detail, app.here_ms) >= stale_ms;
}

function draw_one(context: Context, view: MapView, scene: Scene, one: JunctionModel): void {
  const { app, junction, ink, grey } = scene;
  const detail = app.live.details[one.doc.id];
  if (!detail) return;
  const old = is_old(scene, detail);
  if (detail.lamps && Number.isFinite(detail_age_ms(detail, app.here_ms))) {
    draw_lamps(context, view, one, detail.lamps.groups, old ? grey : ink);
    if (one === junction) draw_callouts(context, scene, detail.lamps.groups, old ? null : detail.heard.at_ms + (app.here_ms - detail.heard.here_ms));
  }
  if (old) hatch_over(context, view, one.doc.centre, ink);
}

/** `now_ms` null: what is known is old. */
function draw_callouts(context: Context, { app, callouts, ink, grey }: Scene, lamps: GroupLamp[], now_ms: number | null): void {
  for (const place of callouts) {
    const { group } = place;
    const lamp = lamps[group.index];
    if (!lamp) continue;
    const walk = group.turn === 'walk';
    const text = now_ms === null ? last_lamp_text(lamp, walk) : lamp_text(lamp, walk, now_ms);
    draw_callout(context, place, shape_of(lamp.aspect, walk), text, now_ms === null ? grey : ink, app.asked_group === group.doc.id);
  }
}

/** The last known state stays under a hatch, with its age. */
function hatch_over(context: Context, view: MapView, centre: Xy, ink: Ink): void {
  const [x, y] = to_screen(view, centre);
  const reach = Math.max(30, 28 * view.scale);
  context.save();
  context.beginPath();
  context.arc(x, y, reach, 0, 7);
  context.clip();
  context.fillStyle = ink.ground;
  context.globalAlpha = 0.45;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = ink.text_mute;
  context.lineWidth = 1.5;
  context.beginPath();
  for (let d = -2 * reach; d < 2 * reach; d += 9) {
    context.moveTo(x + d - reach, y + reach);
    context.lineTo(x + d + reach, y - reach);
  }
  context.stroke();
  context.restore();
}

function draw_age(context: Context, view: MapView, scene: Scene, one: JunctionModel): void {
  const { app, ink } = scene;
  const detail = app.live.details[one.doc.id];
  if (!detail || !is_old(scene, detail)) return;
  const [x, y] = to_screen(view, one.doc.centre);
  draw_plate(context, [x - 46, y + 26], age_text(detail_age_ms(detail, app.here_ms)), ink, ink.text);
}

function age_text(age_ms: number): string {
  return Number.isFinite(age_ms) ? t('map.stale', { s: Math.round(age_ms / 1000) }) : t('map.never');
}

function draw_cameras(context: Context, view: MapView, { app, city, ink }: Scene): void {
  if (app.hidden_layers.has('cameras')) return;
  for (const camera of city.doc.cameras) {
    const place = camera_place(city, camera);
    if (place) draw_camera(context, to_screen(view, place), ink, app.camera?.id === camera.id);
  }
}

function draw_live_city(context: Context, view: MapView, scene: Scene): void {
  const { app, city, ink } = scene;
  if (!app.live.overview) return;
  const places: Xy[] = [];
  const plates: Plate[] = [];
  let chosen: Plate | null = null; // shown in any case
  for (const one of city.junctions) {
    const at = to_screen(view, one.doc.centre);
    places.push(at);
    const kind = standing(app.live, one.n);
    const dark = kind === 'off_plan' && app.live.briefs[one.n]?.mode === 'dark';
    draw_signal(context, at, dark ? 'dark' : kind, ink);
    if (app.chosen === one.doc.id) {
      draw_ring(context, at, ink);
      chosen = { at, text: one.name, edge: ink.focus };
      plates.unshift(chosen);
    } else if (kind === 'silent') {
      plates.push({ at, text: `${one.name} · ${age_text(junction_age_ms(app.live, one.n, app.here_ms))}`, edge: ink.line });
    } else if (kind === 'off_plan') {
      plates.push({ at, text: one.name, edge: dark ? ink.alarm : ink.warn });
    }
  }
  draw_cameras(context, view, scene);
  context.font = `400 13px ${font}`;
  const free = free_plates(plates, places, (text) => context.measureText(text).width);
  for (const { at, text, edge } of chosen && !free.includes(chosen) ? [chosen, ...free] : free) draw_plate(context, at, text, ink, edge);
}
