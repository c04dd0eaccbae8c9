import type { Street } from '../city';
import type { Xy } from '../feed/contract';
import { length_of, pose_at } from '../geometry';
import { to_screen, type MapView } from './view';

/** A name on the map: middle, angle on the screen (radians, readable), and its circles for collision. */
export interface Label {
  text: string;
  at: Xy;
  angle: number;
  size: number;
}

interface Circle {
  at: Xy;
  radius: number;
}

const step_px = 24;
const bend_max = 0.22; // radians between both ends of a name
const apart_px = 640; // of the same name
const beside_px = 14;

export class Occupied {
  readonly #cells = new Map<string, Circle[]>();

  free(circle: Circle): boolean {
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const other of this.#cells.get(this.#key(circle.at, dx, dy)) ?? []) {
          const room = other.radius + circle.radius;
          if (Math.hypot(other.at[0] - circle.at[0], other.at[1] - circle.at[1]) < room) return false;
        }
      }
    }
    return true;
  }

  add(circle: Circle): void {
    const key = this.#key(circle.at, 0, 0);
    this.#cells.set(key, [...(this.#cells.get(key) ?? []), circle]);
  }

  #key(at: Xy, dx: number, dy: number): string {
    return `${Math.floor(at[0] / 40) + dx},${Math.floor(at[1] / 40) + dy}`;
  }
}

function circles_of(middle: Xy, angle: number, width: number, size: number): Circle[] {
  const count = Math.max(2, Math.ceil(width / size));
  return Array.from({ length: count }, (_, i) => {
    const along = ((i + 0.5) / count - 0.5) * width;
    return { at: [middle[0] + along * Math.cos(angle), middle[1] + along * Math.sin(angle)] as Xy, radius: size * 0.62 };
  });
}

function readable(angle: number): number {
  if (angle > Math.PI / 2) return angle - Math.PI;
  return angle <= -Math.PI / 2 ? angle + Math.PI : angle;
}

interface Place {
  at: Xy;
  angle: number;
  bend: number;
}

/** Places along a line on the screen where a name of `width` lies nearly straight. */
function places_on(line: Xy[], width: number): Place[] {
  const total = length_of(line);
  const places: Place[] = [];
  for (let along = width * 0.6; along < total - width * 0.6; along += step_px) {
    const a = pose_at(line, along - width / 2).at;
    const b = pose_at(line, along + width / 2).at;
    const middle = pose_at(line, along);
    const angle = Math.atan2(b[1] - a[1], b[0] - a[0]);
    const bend = Math.abs(Math.sin(middle.heading - angle)) + Math.abs(Math.hypot(b[0] - a[0], b[1] - a[1]) - width) / width;
    if (bend < bend_max) places.push({ at: middle.at, angle, bend });
  }
  return places;
}

/** The same place beside the line, where a name passes the dots on it. */
function shifted(place: Place, across: number): Place {
  const [x, y] = place.at;
  return { ...place, at: [x - across * Math.sin(place.angle), y + across * Math.cos(place.angle)] };
}

/** Names along streets, important ones first; they keep clear of `dots`, of each other and of the edge. */
export function labels_of(
  streets: Street[], view: MapView, dots: Xy[], width_of: (text: string, size: number) => number,
): Label[] {
  const occupied = new Occupied();
  for (const dot of dots) occupied.add({ at: dot, radius: 4 });
  const labels: Label[] = [];
  for (const street of streets) {
    const size = 13;
    const width = width_of(street.name, size) + 8;
    const placed: Xy[] = [];
    for (const line of street.lines) {
      const screen = line.map((point) => to_screen(view, point));
      const places = places_on(screen, width).sort((p, q) => p.bend - q.bend);
      const beside = places.flatMap((place) => [place, ...[-beside_px, beside_px].map((across) => shifted(place, across))]);
      for (const place of beside) {
        const [x, y] = place.at;
        const edge = width / 2 + 4;
        if (x < Math.min(edge, Math.abs(Math.cos(place.angle)) * edge + 12) || x > view.width - Math.abs(Math.cos(place.angle)) * edge - 12) continue;
        if (y < Math.abs(Math.sin(place.angle)) * edge + 12 || y > view.height - Math.abs(Math.sin(place.angle)) * edge - 12) continue;
        if (placed.some((other) => Math.hypot(other[0] - x, other[1] - y) < apart_px)) continue;
        const angle = readable(place.angle);
        const circles = circles_of(place.at, angle, width, size);
        if (!circles.every((circle) => occupied.free(circle))) continue;
        for (const circle of circles) occupied.add(circle);
        placed.push(place.at);
        labels.push({ text: street.name, at: place.at, angle, size });
      }
    }
  }
  return labels;
}
