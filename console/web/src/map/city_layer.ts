import { camera_place, type City, type Street } from '../city';
import type { LinkDoc, Xy } from '../feed/contract';
import type { Standing } from '../feed/age';
import { font, type Ink } from './ink';
import { labels_of } from './labels';
import { to_screen, type MapView } from './view';

type Context = CanvasRenderingContext2D;

export function trace(context: Context, view: MapView, shape: Xy[]): void {
  shape.forEach((point, i) => {
    const [x, y] = to_screen(view, point);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  });
}

/** Widths in pixels at city zoom; never thinner than the street is. */
const widths = { minor: 1.6, collector: 2.6, arterial: 4.6 } as const;

function draw_areas(context: Context, view: MapView, city: City, ink: Ink): void {
  for (const area of city.doc.areas) {
    context.beginPath();
    trace(context, view, area.shape);
    context.closePath();
    context.fillStyle = area.kind === 'river' ? ink.river : ink.park;
    context.fill();
    if (area.kind !== 'river') continue;
    context.strokeStyle = ink.river_edge;
    context.lineWidth = 1;
    context.stroke();
  }
}

function draw_links(context: Context, view: MapView, links: LinkDoc[], ink: Ink): void {
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const kind of ['minor', 'collector', 'arterial'] as const) {
    context.beginPath();
    for (const link of links) if (link.class === kind) trace(context, view, link.shape);
    context.strokeStyle = ink[kind];
    context.lineWidth = widths[kind];
    context.stroke();
  }
}

/** Draws the links on through junctions, so that streets have no gaps. */
function draw_joints(context: Context, view: MapView, city: City, ink: Ink): void {
  context.lineWidth = widths.collector;
  context.strokeStyle = ink.collector;
  context.beginPath();
  for (const movement of city.doc.movements) {
    if (movement.turn === 'straight') trace(context, view, movement.shape);
  }
  context.stroke();
}

function draw_labels(context: Context, view: MapView, city: City, ink: Ink, dots: Xy[]): void {
  context.font = `400 13px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const width_of = (text: string): number => context.measureText(text).width;
  for (const label of labels_of(city.streets, view, dots, width_of)) {
    context.save();
    context.translate(label.at[0], label.at[1]);
    context.rotate(label.angle);
    context.strokeStyle = ink.ground;
    context.lineWidth = 4;
    context.strokeText(label.text, 0, 0);
    context.fillStyle = ink.text_soft;
    context.fillText(label.text, 0, 0);
    context.restore();
  }
}

/** The street that the page is about, in the colour of interaction. */
function draw_chosen_street(context: Context, view: MapView, street: Street, ink: Ink): void {
  context.strokeStyle = ink.focus;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const line of street.lines) trace(context, view, line);
  context.stroke();
}

/** What stands still at city zoom: background, streets and their names. */
export function draw_city(context: Context, view: MapView, city: City, ink: Ink, shown: { names: boolean; background: boolean; street: Street | null }): void {
  context.fillStyle = ink.ground;
  context.fillRect(0, 0, view.width, view.height);
  if (shown.background) draw_areas(context, view, city, ink);
  draw_links(context, view, city.doc.links, ink);
  draw_joints(context, view, city, ink);
  if (shown.street) draw_chosen_street(context, view, shown.street, ink);
  if (!shown.names) return;
  const dots = city.junctions.map((junction) => to_screen(view, junction.doc.centre));
  for (const camera of city.doc.cameras) {
    const place = camera_place(city, camera);
    if (place) dots.push(camera_at(to_screen(view, place)));
  }
  draw_labels(context, view, city, ink, dots);
}

/** A camera is drawn beside its place: a junction's lies under its signal. */
export function camera_at([x, y]: Xy): Xy {
  return [x + 18, y - 18];
}

export function draw_camera(context: Context, at: Xy, ink: Ink, chosen: boolean): void {
  const [x, y] = camera_at(at);
  context.strokeStyle = ink.ground;
  context.lineWidth = 5;
  for (const halo of [true, false]) {
    if (!halo) {
      context.strokeStyle = chosen ? ink.focus : ink.text;
      context.lineWidth = 1.5;
    }
    context.beginPath();
    context.roundRect(x - 9, y - 5.5, 13, 11, 2);
    context.moveTo(x + 4, y - 1.5);
    context.lineTo(x + 9.5, y - 4.5);
    context.lineTo(x + 9.5, y + 4.5);
    context.lineTo(x + 4, y + 1.5);
    context.stroke();
  }
}

/** One signal at city zoom: a small grey dot while all is well, a stronger shape the less it is. */
export function draw_signal(context: Context, at: Xy, kind: Standing | 'dark', ink: Ink): void {
  const [x, y] = at;
  if (kind === 'follow') {
    context.beginPath();
    context.arc(x, y, 4.5, 0, 7);
    context.fillStyle = ink.ground;
    context.fill();
    context.beginPath();
    context.arc(x, y, 3, 0, 7);
    context.fillStyle = ink.dot;
    context.fill();
    return;
  }
  context.lineWidth = 2;
  context.fillStyle = ink.ground;
  context.strokeStyle = ink.text;
  context.setLineDash([]);
  context.beginPath();
  if (kind === 'dark') {
    context.rect(x - 10, y - 10, 20, 20);
    context.fillStyle = ink.plate;
    context.strokeStyle = ink.alarm;
  } else if (kind === 'off_plan') {
    context.moveTo(x, y - 11);
    context.lineTo(x + 11, y + 8);
    context.lineTo(x - 11, y + 8);
    context.closePath();
    context.strokeStyle = ink.warn;
  } else {
    context.arc(x, y, 8, 0, 7);
    context.setLineDash(kind === 'starting' ? [3, 3] : []);
  }
  context.fill();
  context.stroke();
  context.setLineDash([]);
  if (kind === 'silent') cross_out(context, at);
}

/** Hatched, as all that is old. */
function cross_out(context: Context, [x, y]: Xy): void {
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [dx, half] of [[-4.5, 3], [0, 5.5], [4.5, 3]] as const) {
    context.moveTo(x + dx - half, y + dx * 0.2 + half);
    context.lineTo(x + dx + half, y + dx * 0.2 - half);
  }
  context.stroke();
}

/** A ring of the interface's own colour: chosen, or under the keyboard's focus. */
export function draw_ring(context: Context, [x, y]: Xy, ink: Ink): void {
  context.beginPath();
  context.arc(x, y, 13, 0, 7);
  context.strokeStyle = ink.focus;
  context.lineWidth = 2;
  context.stroke();
}

export interface Plate {
  at: Xy; // of its signal
  text: string;
  edge: string;
}

/** Those that lie neither over an earlier one nor over a signal: the list beside the map has them all. */
export function free_plates(plates: Plate[], signals: Xy[], width_of: (text: string) => number): Plate[] {
  const taken: { left: number; right: number; y: number }[] = signals.map(([x, y]) => ({ left: x - 8, right: x + 8, y }));
  return plates.filter(({ at: [x, y], text }) => {
    const left = x + 14;
    const right = left + width_of(text) + 20;
    if (taken.some((one) => left < one.right && one.left < right && Math.abs(one.y - y) < 22)) return false;
    taken.push({ left, right, y });
    return true;
  });
}

export function draw_plate(context: Context, [x, y]: Xy, text: string, ink: Ink, edge: string): void {
  context.font = `400 13px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const width = context.measureText(text).width;
  context.beginPath();
  context.roundRect(x + 16, y - 12, width + 16, 24, 4);
  context.fillStyle = ink.panel;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = 1;
  context.stroke();
  context.fillStyle = ink.text;
  context.fillText(text, x + 24, y + 1);
}

