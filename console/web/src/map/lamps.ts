import type { City, Group, JunctionModel } from '../city';
import type { Aspect, DetectorDoc, DetectorState, GroupLamp, LaneDoc, Vehicle, Xy } from '../feed/contract';
import { beside, length_of, pose_at, type Pose } from '../geometry';
import { trace } from './city_layer';
import { font, type Ink } from './ink';
import { detector_shape, end_pose, fill_shape } from './street_layer';
import { to_screen, type MapView } from './view';

type Context = CanvasRenderingContext2D;

/** How an aspect is drawn: shape and colour both tell (rule of the pictures: red closed, green open). */
export type Shape = 'open' | 'closed' | 'clearing' | 'amber' | 'dark';

export function shape_of(aspect: Aspect, walk: boolean): Shape {
  switch (aspect) {
    case 'green': return 'open';
    case 'flashing_green': return walk ? 'clearing' : 'open';
    case 'amber': case 'flashing_amber': return 'amber';
    case 'dark': return 'dark';
    default: return 'closed';
  }
}

export function colour_of(shape: Shape, ink: Ink): string {
  if (shape === 'closed') return ink.red;
  if (shape === 'amber') return ink.amber;
  return shape === 'dark' ? ink.text_mute : ink.green;
}

/** A small mark: bar for closed, triangle for open, hollow dashed triangle for clearing. */
export function draw_mark(context: Context, [x, y]: Xy, shape: Shape, ink: Ink): void {
  context.fillStyle = colour_of(shape, ink);
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 1.5;
  if (shape === 'closed') {
    context.fillRect(x - 8, y - 3, 16, 6);
  } else if (shape === 'open') {
    fill_shape(context, [[x - 6, y - 7], [x + 8, y], [x - 6, y + 7]]);
  } else if (shape === 'clearing') {
    context.setLineDash([3, 2]);
    context.beginPath();
    context.moveTo(x - 6, y - 7);
    context.lineTo(x + 8, y);
    context.lineTo(x - 6, y + 7);
    context.closePath();
    context.stroke();
    context.setLineDash([]);
  } else if (shape === 'amber') {
    context.fillRect(x - 4, y - 6, 8, 12);
  } else {
    context.strokeRect(x - 5, y - 5, 10, 10);
  }
}

function stop_line(context: Context, view: MapView, pose: Pose, width_m: number, shape: Shape, ink: Ink): void {
  const a = to_screen(view, beside(pose, -0.6, width_m / 2 - 0.15));
  const b = to_screen(view, beside(pose, -0.6, -width_m / 2 + 0.15));
  context.strokeStyle = colour_of(shape, ink);
  context.lineCap = 'butt';
  context.lineWidth = Math.max(3, (shape === 'closed' ? 1.1 : 0.8) * view.scale);
  const length = Math.hypot(a[0] - b[0], a[1] - b[1]);
  context.setLineDash(shape === 'open' ? [length / 7, length / 7] : shape === 'dark' ? [2, 2] : []);
  context.beginPath();
  context.moveTo(...a);
  context.lineTo(...b);
  context.stroke();
  context.setLineDash([]);
}

function draw_arrow(context: Context, view: MapView, shape: Xy[], ink: Ink): void {
  if (length_of(shape) < 2) return;
  const end = pose_at(shape, length_of(shape));
  const tip = beside(end, 1.5, 0);
  context.strokeStyle = ink.green;
  context.fillStyle = ink.green;
  context.lineWidth = 2;
  context.lineJoin = 'round';
  context.beginPath();
  trace(context, view, shape);
  context.stroke();
  const px = 1 / view.scale;
  fill_shape(context, [beside({ at: tip, heading: end.heading }, 0, 0), beside(end, 1.5 - 12 * px, 5.5 * px), beside(end, 1.5 - 12 * px, -5.5 * px)].map((p) => to_screen(view, p)));
}

/** A lane may have two groups (protected, permissive): the more open one shows. */
const openness: Record<Shape, number> = { open: 4, clearing: 3, amber: 2, dark: 1, closed: 0 };

export function lane_shapes(junction: JunctionModel, lamps: GroupLamp[]): Map<LaneDoc, Shape> {
  const shapes = new Map<LaneDoc, Shape>();
  for (const group of junction.groups) {
    const lamp = lamps[group.index];
    if (!lamp) continue;
    const shape = shape_of(lamp.aspect, group.turn === 'walk');
    for (const lane of group.lanes) {
      const before = shapes.get(lane);
      if (before === undefined || openness[shape] > openness[before]) shapes.set(lane, shape);
    }
  }
  return shapes;
}

/** Walks: closed = bars at both kerbs; open = a line over the crossing with ends; clearing dashed. */
function draw_walk(context: Context, view: MapView, group: Group, shape: Shape, ink: Ink): void {
  context.strokeStyle = colour_of(shape, ink);
  for (const crossing of group.crossings) {
    const total = length_of(crossing.shape);
    const half = crossing.width_m / 2;
    const begin = pose_at(crossing.shape, 0);
    const end = pose_at(crossing.shape, total);
    context.lineWidth = 3;
    context.setLineDash(shape === 'clearing' ? [4, 3] : []);
    context.beginPath();
    if (shape === 'open' || shape === 'clearing') {
      for (const side of [half + 0.3, -half - 0.3]) {
        trace(context, view, [beside(begin, 0, side), beside(end, 0, side)]);
      }
    } else {
      trace(context, view, [beside(begin, -0.4, half), beside(begin, -0.4, -half)]);
      trace(context, view, [beside(end, 0.4, half), beside(end, 0.4, -half)]);
    }
    context.stroke();
    context.setLineDash([]);
  }
}

export function draw_lamps(context: Context, view: MapView, junction: JunctionModel, lamps: GroupLamp[], ink: Ink): void {
  for (const [lane, shape] of lane_shapes(junction, lamps)) stop_line(context, view, end_pose(lane), lane.width_m, shape, ink);
  for (const group of junction.groups) {
    const lamp = lamps[group.index];
    if (!lamp) continue;
    const shape = shape_of(lamp.aspect, group.turn === 'walk');
    if (group.turn === 'walk') draw_walk(context, view, group, shape, ink);
    if (shape !== 'open' || group.turn === 'walk') continue;
    for (const movement of one_of_each(group)) draw_arrow(context, view, movement, ink);
  }
}

/** Arrows of a group: one for each lane and turn; parallel ways to several lanes of one link are one. */
function one_of_each(group: Group): Xy[][] {
  const seen = new Map<string, Xy[]>();
  for (const movement of group.movements) {
    const key = `${movement.from} ${movement.turn}`;
    if (!seen.has(key)) seen.set(key, movement.shape);
  }
  return [...seen.values()];
}

function lane_of(city: City, detector: DetectorDoc): LaneDoc | undefined {
  return detector.lane === null || detector.camera ? undefined : city.lane.get(detector.lane);
}

/** Boxes in the road: filled while occupied, dashed when not believed. */
export function draw_detectors(context: Context, view: MapView, city: City, list: DetectorDoc[], states: DetectorState[], ink: Ink): void {
  list.forEach((detector, i) => {
    const lane = lane_of(city, detector);
    if (!lane) return;
    const shape = detector_shape(lane, detector.position_m, Math.max(1, detector.length_m));
    const a = pose_at(shape, 0);
    const b = pose_at(shape, length_of(shape));
    const half = Math.min(1, lane.width_m / 2 - 0.4);
    const corners = [beside(a, 0, half), beside(b, 0, half), beside(b, 0, -half), beside(a, 0, -half)].map((p) => to_screen(view, p));
    const state = states[i];
    const trouble = (state?.trouble ?? '') !== '';
    context.fillStyle = ink.plate;
    fill_shape(context, corners);
    if (state && !trouble) {
      context.globalAlpha = state.occupied ? 0.85 : 0;
      context.fillStyle = ink.detector;
      fill_shape(context, corners);
      context.globalAlpha = 1;
    }
    context.strokeStyle = ink.text_soft;
    context.lineWidth = 1.25;
    context.setLineDash(trouble ? [3, 3] : []);
    context.beginPath();
    corners.forEach(([x, y], k) => (k === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.stroke();
    context.setLineDash([]);
  });
}

/** Their occupancy, or what is wrong, upstream of each box: over the cars, so that it can be read. */
export function draw_detector_numbers(
  context: Context, view: MapView, city: City, list: DetectorDoc[], states: DetectorState[], ink: Ink, trouble_of: (state: DetectorState) => string,
): void {
  context.font = `500 13px ${font}`;
  context.textBaseline = 'middle';
  list.forEach((detector, i) => {
    const lane = lane_of(city, detector);
    const state = states[i];
    if (!lane || !state) return;
    const trouble = trouble_of(state);
    if (trouble === '' && state.occupancy === null) return;
    const a = pose_at(detector_shape(lane, detector.position_m, Math.max(1, detector.length_m)), 0);
    const [x, y] = to_screen(view, beside(a, -1.2, 0));
    const back = to_screen(view, beside(a, -2.2, 0));
    const across = Math.abs(back[0] - x) >= Math.abs(back[1] - y);
    if (lane.width_m * view.scale < (across ? 14 : 28)) return; // no room between lanes: the table tells it
    context.textAlign = across ? (back[0] < x ? 'right' : 'left') : 'center';
    const text = trouble === '' ? String(Math.round((state.occupancy ?? 0) * 100)) : `${i + 1} ${trouble}`;
    context.lineWidth = 3;
    context.lineJoin = 'round';
    context.strokeStyle = ink.road;
    context.strokeText(text, x, across ? y : y + (back[1] < y ? -6 : 6));
    context.fillStyle = ink.text;
    context.fillText(text, x, across ? y : y + (back[1] < y ? -6 : 6));
  });
}

export function draw_vehicles(context: Context, view: MapView, vehicles: Vehicle[], ink: Ink): void {
  for (const [, x, y, heading_deg, length, kind] of vehicles) {
    const [sx, sy] = to_screen(view, [x, y]);
    const wide = kind === 'bus' || kind === 'truck' ? 2.5 : kind === 'motorcycle' || kind === 'bicycle' ? 0.8 : 1.8;
    const l = Math.max(3, length * view.scale);
    const w = Math.max(2, wide * view.scale);
    context.save();
    context.translate(sx, sy);
    context.rotate((-heading_deg * Math.PI) / 180);
    context.fillStyle = ink.vehicle;
    context.beginPath();
    context.roundRect(-l, -w / 2, l, w, Math.min(3, w / 4));
    context.fill();
    if (view.scale > 3 && kind !== 'motorcycle' && kind !== 'bicycle') {
      context.fillStyle = ink.road;
      context.fillRect(-l * 0.36, -w * 0.36, l * 0.1, w * 0.72);
      context.fillRect(-l * 0.86, -w * 0.34, l * 0.07, w * 0.68);
    }
    context.restore();
  }
}

/** People who wait or walk: small light dots. */
export function draw_people(context: Context, view: MapView, people: Xy[], ink: Ink): void {
  context.fillStyle = ink.text;
  context.beginPath();
  for (const person of people) {
    const [x, y] = to_screen(view, person);
    const radius = Math.max(2, 0.35 * view.scale);
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 7);
  }
  context.fill();
}
