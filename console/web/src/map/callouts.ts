import { middle_of, type Group, type JunctionModel } from '../city';
import type { Xy } from '../feed/contract';
import { beside, distance, length_of, pose_at, type Pose } from '../geometry';
import { t } from '../messages/text';
import { font, type Ink } from './ink';
import { draw_mark, type Shape } from './lamps';
import { end_pose } from './street_layer';
import { to_screen, type MapView } from './view';

type Context = CanvasRenderingContext2D;

/** Where a group's call-out belongs: its stop lines, and the way its traffic comes from. */
interface Anchor {
  group: Group;
  at: Xy; // metres
  back: number; // heading against its traffic
}

function anchor_of(junction: JunctionModel, group: Group): Anchor | null {
  if (group.lanes.length > 0) {
    const ends = group.lanes.map((lane) => end_pose(lane));
    const at: Xy = [ends.reduce((s, p) => s + p.at[0], 0) / ends.length, ends.reduce((s, p) => s + p.at[1], 0) / ends.length];
    return { group, at, back: (ends[0] as Pose).heading + Math.PI };
  }
  const crossing = group.crossings[0];
  if (!crossing) return null;
  const middle = middle_of(crossing.shape);
  const ends = [crossing.shape[0] as Xy, crossing.shape.at(-1) as Xy];
  const [cx, cy] = junction.doc.centre;
  const kerb = ends.reduce((a, b) => (distance(a, [cx, cy]) >= distance(b, [cx, cy]) ? a : b));
  return { group, at: kerb, back: Math.atan2(middle[1] - cy, middle[0] - cx) };
}

export interface CallOut {
  group: Group;
  x: number;
  y: number;
  width: number;
  height: number;
  from: Xy; // its stop line, on the screen
}

const callout_height = 26;

function crowd(x: number, y: number, width: number, view: MapView, paved: Xy[], taken: CallOut[]): number {
  let cost = 0;
  for (const [px, py] of paved) {
    if (px > x - 8 && px < x + width + 8 && py > y - 8 && py < y + callout_height + 8) cost += 4;
  }
  for (const other of taken) {
    if (x < other.x + other.width + 6 && other.x < x + width + 6 && y < other.y + other.height + 5 && other.y < y + callout_height + 5) cost += 500;
  }
  if (x < 8 || y < 48 || x + width > view.width - 8 || y + callout_height > view.height - 8) cost += 2000;
  return cost;
}

/** Call-outs beside the carriageways, near their stop lines, clear of each other; the same view gives the same places. */
export function place_callouts(view: MapView, junction: JunctionModel, width_of: (group: Group) => number): CallOut[] {
  const paved: Xy[] = [];
  for (const lane of junction.lanes) {
    const total = length_of(lane.shape);
    for (let along = 0; along <= total; along += 2.5) {
      const pose = pose_at(lane.shape, along);
      for (const across of [-lane.width_m / 2, 0, lane.width_m / 2]) {
        const [x, y] = to_screen(view, beside(pose, 0, across));
        if (x > -50 && y > -50 && x < view.width + 50 && y < view.height + 50) paved.push([x, y]);
      }
    }
  }
  for (const group of junction.groups) {
    for (const shape of [...group.movements, ...group.crossings].map((one) => one.shape)) {
      for (let along = 0; along <= length_of(shape); along += 2.5) paved.push(to_screen(view, pose_at(shape, along).at));
    }
  }
  const placed: CallOut[] = [];
  for (const group of junction.groups) {
    const anchor = anchor_of(junction, group);
    if (!anchor) continue;
    const from = to_screen(view, anchor.at);
    const width = width_of(group);
    let best: CallOut | null = null;
    let best_cost = Infinity;
    for (let turn = 0; turn < 24; turn++) {
      for (const away of [30, 48, 70, 96, 126, 160, 200]) {
        const angle = -anchor.back + (turn * Math.PI) / 12;
        const mx = from[0] + away * Math.cos(angle) * 1.25;
        const my = from[1] + away * Math.sin(angle);
        const x = mx - width / 2 + Math.sign(Math.cos(angle)) * (width / 2) * Math.min(1, Math.abs(Math.cos(angle)) * 2);
        const y = my - callout_height / 2;
        const cost = crowd(x, y, width, view, paved, placed) + away * 0.3 + Math.min(turn, 24 - turn) * 1.2;
        if (cost >= best_cost) continue;
        best_cost = cost;
        best = { group, x: Math.round(x), y: Math.round(y), width, height: callout_height, from };
      }
    }
    if (best && best_cost < 480) placed.push(best); // no room: the timeline tells it
  }
  return placed;
}

/** As wide as the longest that its group may say, so that none jumps about while it counts down. */
export function callouts_of(view: MapView, junction: JunctionModel): CallOut[] {
  const context = document.createElement('canvas').getContext('2d') as Context;
  context.font = `400 13px ${font}`;
  const longest = context.measureText(t('group.green_in', { range: t('range.between', { a: 88, b: 888 }) })).width;
  const walks = context.measureText(t('group.clearing_for', { s: 88 })).width;
  return place_callouts(view, junction, (group) => (group.turn === 'walk' ? Math.max(walks, longest) : longest) + 48 + 9 * group.number.length);
}

export function draw_callout(context: Context, place: CallOut, shape: Shape, text: string, ink: Ink, asked: boolean): void {
  const { x, y, width, height } = place;
  const end: Xy = [Math.min(Math.max(place.from[0], x), x + width), Math.min(Math.max(place.from[1], y), y + height)];
  if (Math.hypot(end[0] - place.from[0], end[1] - place.from[1]) > 26) {
    context.strokeStyle = ink.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(...end);
    context.lineTo(...place.from);
    context.stroke();
  }
  context.beginPath();
  context.roundRect(x, y, width, height, 4);
  context.fillStyle = ink.panel;
  context.fill();
  context.strokeStyle = asked ? ink.focus : shape === 'open' || shape === 'clearing' ? ink.green : ink.line;
  context.lineWidth = asked ? 2 : 1;
  context.setLineDash(shape === 'clearing' && !asked ? [4, 3] : []);
  context.stroke();
  context.setLineDash([]);
  const middle = y + height / 2;
  draw_mark(context, [x + 16, middle], shape, ink);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillStyle = ink.text;
  context.font = `500 15px ${font}`;
  context.fillText(place.group.number, x + 32, middle + 1);
  const number_width = context.measureText(place.group.number).width;
  context.font = `400 13px ${font}`;
  context.fillStyle = ink.text_soft;
  context.fillText(text, x + 40 + number_width, middle + 1);
}
