import type { City, JunctionModel } from '../city';
import type { LaneDoc, LinkDoc, Xy } from '../feed/contract';
import { beside, hull_of, length_of, piece_of, pose_at, type Pose } from '../geometry';
import { trace } from './city_layer';
import { font, type Ink } from './ink';
import { box_of, to_screen, type MapView } from './view';

type Context = CanvasRenderingContext2D;

export function end_pose(lane: LaneDoc, before_end_m = 0): Pose {
  return pose_at(lane.shape, length_of(lane.shape) - before_end_m);
}

function near(view: MapView, shape: Xy[]): boolean {
  const [x0, y0, x1, y1] = box_of(view);
  let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of shape) {
    [left, low, right, high] = [Math.min(left, x), Math.min(low, y), Math.max(right, x), Math.max(high, y)];
  }
  return right >= x0 - 30 && left <= x1 + 30 && high >= y0 - 30 && low <= y1 + 30;
}

/** The paved middle of a junction: its outline, else what lies between the ends of its lanes. */
export function area_of(junction: JunctionModel): Xy[] {
  if (junction.doc.outline.length >= 3) return junction.doc.outline;
  const corners: Xy[] = [];
  const [cx, cy] = junction.doc.centre;
  for (const lane of junction.lanes) {
    const begin = pose_at(lane.shape, 0);
    const end = end_pose(lane);
    const comes = Math.hypot(end.at[0] - cx, end.at[1] - cy) < Math.hypot(begin.at[0] - cx, begin.at[1] - cy);
    const pose = comes ? end : begin;
    corners.push(beside(pose, 0, lane.width_m / 2), beside(pose, 0, -lane.width_m / 2));
  }
  return hull_of(corners);
}

function draw_carriageways(context: Context, view: MapView, city: City, ink: Ink): void {
  context.lineCap = 'butt';
  context.lineJoin = 'round';
  for (const edge of [true, false]) {
    context.strokeStyle = edge ? ink.kerb : ink.road;
    context.fillStyle = edge ? ink.kerb : ink.road;
    for (const lane of city.doc.lanes) {
      if (!lane.vehicles || !near(view, lane.shape)) continue;
      context.beginPath();
      trace(context, view, lane.shape);
      context.lineWidth = (lane.width_m + 0.1) * view.scale + (edge ? 3 : 0);
      context.stroke();
    }
    for (const way of city.doc.movements) {
      if (way.junction !== null || !near(view, way.shape)) continue; // signalled ones lie in their junction's area
      context.beginPath();
      trace(context, view, way.shape);
      context.lineWidth = 3.4 * view.scale + (edge ? 3 : 0);
      context.stroke();
    }
    for (const junction of city.junctions) {
      const area = area_of(junction);
      if (area.length < 3 || !near(view, area)) continue;
      context.beginPath();
      trace(context, view, area);
      context.closePath();
      context.fill();
      if (!edge) continue;
      context.lineWidth = 3;
      context.stroke();
    }
  }
}

/** Dashed lines between the lanes of one direction; solid on the left of the leftmost one. */
function draw_marks(context: Context, view: MapView, city: City, ink: Ink): void {
  const along = (lane: LaneDoc, across: number): Xy[] => {
    const total = length_of(lane.shape);
    const cuts = lane.shape.length === 2 ? [0, total] : lane.shape.map((_, i) => length_of(lane.shape.slice(0, i + 1)));
    return cuts.map((at) => beside(pose_at(lane.shape, Math.min(at, total)), 0, across));
  };
  context.strokeStyle = ink.mark;
  context.lineWidth = Math.max(1, 0.15 * view.scale);
  for (const link of city.doc.links) {
    const lanes = lanes_of(city, link).filter((lane) => lane.vehicles);
    for (const [i, lane] of lanes.entries()) {
      if (!near(view, lane.shape)) continue;
      const last = i + 1 === lanes.length;
      context.setLineDash(last ? [] : [3 * view.scale, 4.5 * view.scale]);
      context.beginPath();
      trace(context, view, along(lane, lane.width_m / 2));
      context.stroke();
    }
  }
  context.setLineDash([]);
}

function lanes_of(city: City, link: LinkDoc): LaneDoc[] {
  return link.lanes.map((id) => city.lane.get(id)).filter((lane) => lane !== undefined);
}

function draw_crossings(context: Context, view: MapView, city: City, ink: Ink): void {
  context.strokeStyle = ink.mark;
  context.lineCap = 'butt';
  for (const crossing of city.doc.crossings) {
    if (!near(view, crossing.shape)) continue;
    const total = length_of(crossing.shape);
    context.lineWidth = Math.max(1, 0.5 * view.scale);
    context.beginPath();
    for (let along = 0.5; along < total; along += 1.1) {
      const pose = pose_at(crossing.shape, along);
      trace(context, view, [beside(pose, 0, crossing.width_m / 2), beside(pose, 0, -crossing.width_m / 2)]);
    }
    context.stroke();
  }
}

/** Arrows painted on the lanes before a stop line: the ways that lead on from it. */
function draw_lane_arrows(context: Context, view: MapView, city: City, ink: Ink): void {
  const turns = new Map<string, Set<string>>();
  for (const movement of city.doc.movements) {
    if (movement.junction === null) continue;
    turns.set(movement.from, (turns.get(movement.from) ?? new Set()).add(movement.turn));
  }
  context.strokeStyle = ink.mark;
  context.fillStyle = ink.mark;
  context.lineWidth = Math.max(1, 0.16 * view.scale);
  for (const [id, ways] of turns) {
    const lane = city.lane.get(id);
    if (!lane || !near(view, lane.shape)) continue;
    const pose = end_pose(lane, Math.min(22, length_of(lane.shape) / 2));
    const point = (along: number, across: number): Xy => to_screen(view, beside(pose, along, across));
    context.beginPath();
    context.moveTo(...point(-2.2, 0));
    context.lineTo(...point(ways.has('straight') ? 1.2 : 0, 0));
    for (const side of ['left', 'right']) {
      if (!ways.has(side)) continue;
      const to = side === 'left' ? 1 : -1;
      context.moveTo(...point(-1, 0));
      context.lineTo(...point(0, 0.7 * to));
    }
    context.stroke();
    if (ways.has('straight')) fill_shape(context, [point(1, 0.42), point(2.4, 0), point(1, -0.42)]);
    if (ways.has('left')) fill_shape(context, [point(-0.5, 0.9), point(0.7, 1.1), point(0.5, 0.1)]);
    if (ways.has('right')) fill_shape(context, [point(-0.5, -0.9), point(0.7, -1.1), point(0.5, -0.1)]);
  }
}

export function fill_shape(context: Context, points: Xy[]): void {
  context.beginPath();
  points.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.fill();
}

/** Street names beside the carriageway, along it. */
function draw_street_names(context: Context, view: MapView, city: City, ink: Ink): void {
  context.font = `400 13px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const named = new Map<string, number>();
  for (const link of city.doc.links) {
    if (link.street === '' || link.downstream === null || !near(view, link.shape)) continue;
    const lanes = lanes_of(city, link);
    const right = lanes[0];
    if (!right) continue;
    const pose = end_pose(right, Math.min(70, length_of(right.shape) / 2));
    const at = to_screen(view, beside(pose, 0, -(right.width_m / 2) - 14 / view.scale));
    const count = named.get(link.street) ?? 0;
    const [x, y] = at;
    if (count >= 2 || x < 70 || x > view.width - 70 || y < 60 || y > view.height - 60) continue;
    named.set(link.street, count + 1);
    let angle = -pose.heading;
    if (Math.cos(angle) < 0) angle += Math.PI;
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    context.fillStyle = ink.text_soft;
    context.fillText(link.street, 0, 0);
    context.restore();
  }
}

/** What stands still at street zoom. */
export function draw_street(context: Context, view: MapView, city: City, ink: Ink, shown: { names: boolean; background: boolean }): void {
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, view.width, view.height);
  for (const area of shown.background ? city.doc.areas : []) {
    context.beginPath();
    trace(context, view, area.shape);
    context.closePath();
    context.fillStyle = area.kind === 'river' ? ink.river : ink.park;
    context.fill();
  }
  draw_carriageways(context, view, city, ink);
  if (view.scale > 2) {
    draw_marks(context, view, city, ink);
    draw_crossings(context, view, city, ink);
    draw_lane_arrows(context, view, city, ink);
  }
  if (shown.names) draw_street_names(context, view, city, ink);
}

/** The stretch of its lane that a detector covers. */
export function detector_shape(lane: LaneDoc, position_m: number, length_m: number): Xy[] {
  const scale = length_of(lane.shape) / Math.max(1e-6, lane.length_m);
  return piece_of(lane.shape, (position_m - length_m) * scale, position_m * scale);
}
