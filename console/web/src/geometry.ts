import type { Xy } from './feed/contract';

// The city's plane: metres, x east, y north; headings in radians, east = 0, anticlockwise.

export type Side = 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw';
const sides: Side[] = ['e', 'ne', 'n', 'nw', 'w', 'sw', 's', 'se'];

export function distance(a: Xy, b: Xy): number {
  return Math.hypot(b[0] - a[0], b[1] - a[1]);
}

/** Where `to` lies, seen from `from`. */
export function compass(from: Xy, to: Xy): Side {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  return sides[(Math.round(angle / (Math.PI / 4)) + 8) % 8] as Side;
}

export function length_of(line: Xy[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += distance(line[i - 1] as Xy, line[i] as Xy);
  return sum;
}

export interface Pose {
  at: Xy;
  heading: number;
}

/** The point `along` metres from the begin; before and behind the line it goes straight on. */
export function pose_at(line: Xy[], along: number): Pose {
  let rest = along;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1] as Xy;
    const b = line[i] as Xy;
    const piece = distance(a, b);
    if ((rest <= piece && piece > 0) || i + 1 === line.length) {
      const share = piece > 0 ? rest / piece : 0;
      return { at: [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])], heading: Math.atan2(b[1] - a[1], b[0] - a[0]) };
    }
    rest -= piece;
  }
  return { at: line[0] ?? [0, 0], heading: 0 };
}

export function point_before_end(line: Xy[], metres: number): Xy {
  return pose_at(line, Math.max(0, length_of(line) - metres)).at;
}

export function heading_at_end(line: Xy[]): number {
  const b = line.at(-1) as Xy;
  const a = line.at(-2) ?? b;
  return Math.atan2(b[1] - a[1], b[0] - a[0]);
}

/** `across` metres to the left of a pose. */
export function beside(pose: Pose, along: number, across: number): Xy {
  const cos = Math.cos(pose.heading);
  const sin = Math.sin(pose.heading);
  return [pose.at[0] + along * cos - across * sin, pose.at[1] + along * sin + across * cos];
}

/** The piece of a line between two places along it. */
export function piece_of(line: Xy[], from: number, to: number): Xy[] {
  const piece: Xy[] = [pose_at(line, from).at];
  let along = 0;
  for (let i = 1; i + 1 < line.length; i++) {
    along += distance(line[i - 1] as Xy, line[i] as Xy);
    if (along > from && along < to) piece.push(line[i] as Xy);
  }
  piece.push(pose_at(line, to).at);
  return piece;
}

/** Andrew's monotone chain; anticlockwise. */
export function hull_of(points: Xy[]): Xy[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turn = (o: Xy, a: Xy, b: Xy): number => (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
  const half = (list: Xy[]): Xy[] => {
    const chain: Xy[] = [];
    for (const point of list) {
      while (chain.length >= 2 && turn(chain.at(-2) as Xy, chain.at(-1) as Xy, point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}
