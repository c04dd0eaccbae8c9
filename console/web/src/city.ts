import type {
  CameraDoc, CrossingDoc, DetectorDoc, GroupDoc, JunctionDoc, LaneDoc, LinkDoc, MovementDoc, Network, Xy,
} from './feed/contract';
import { compass, distance, heading_at_end, point_before_end, type Side } from './geometry';

export interface Group {
  doc: GroupDoc;
  index: number;
  number: string; // "1", "P2": what people read
  street: string; // of its approach; empty if unknown
  side: Side | null; // where its traffic comes from, or the arm it walks over
  turn: 'through' | 'left' | 'right' | 'walk';
  lanes: LaneDoc[]; // that end at its stop lines
  movements: MovementDoc[];
  crossings: CrossingDoc[];
}

export interface JunctionModel {
  doc: JunctionDoc;
  n: number; // place in the document
  name: string;
  groups: Group[];
  group: Map<string, Group>;
  detectors: DetectorDoc[];
  cameras: CameraDoc[];
  lanes: LaneDoc[]; // in and out
}

export interface Street {
  name: string;
  aliases: string[]; // in other languages
  class: LinkDoc['class'];
  lines: Xy[][];
  junctions: string[]; // along it
}

export interface City {
  doc: Network;
  etag: string;
  junctions: JunctionModel[];
  junction: Map<string, JunctionModel>;
  lane: Map<string, LaneDoc>;
  link: Map<string, LinkDoc>;
  streets: Street[];
}

const by_id = <T extends { id: string }>(list: T[]): Map<string, T> => new Map(list.map((one) => [one.id, one]));

/** The name without its word for "street", for narrow places. */
export function short_street(street: string): string {
  return street.replace(/\s+(shoh\s+)?(ko[‘'ʻʼ’]?chasi|yo[‘'ʻʼ’]?li|street|avenue|road)$/iu, '');
}

const prefixes: Record<string, string> = { pedestrian: 'P', cycle: 'C', tram: 'T' };

function numbers_of(groups: GroupDoc[]): string[] {
  const count: Record<string, number> = {};
  return groups.map((group) => {
    const prefix = prefixes[group.type] ?? '';
    count[prefix] = (count[prefix] ?? 0) + 1;
    return `${prefix}${count[prefix]}`;
  });
}

function turn_of(movements: MovementDoc[]): Group['turn'] {
  const turns = new Set(movements.map((movement) => movement.turn));
  const only = turns.size === 1 ? movements[0]?.turn : null;
  if (only === 'left' || only === 'u_turn') return 'left';
  return only === 'right' ? 'right' : 'through';
}

interface Tables {
  lane: Map<string, LaneDoc>;
  link: Map<string, LinkDoc>;
  movement: Map<string, MovementDoc>;
  crossing: Map<string, CrossingDoc>;
}

function found<T>(ids: string[], table: Map<string, T>): T[] {
  return ids.map((id) => table.get(id)).filter((one) => one !== undefined);
}

function group_of(doc: GroupDoc, index: number, number: string, centre: Xy, tables: Tables): Group {
  const movements = found(doc.movements, tables.movement);
  const crossings = found(doc.crossings, tables.crossing);
  const lanes = [...new Set(found(movements.map((movement) => movement.from), tables.lane))];
  const lane = lanes[0];
  const walk = crossings[0];
  let side: Side | null = null;
  if (lane) side = side_of(lane);
  else if (walk) side = compass(centre, middle_of(walk.shape));
  return {
    doc, index, number, side, lanes, movements, crossings,
    street: lane ? (tables.link.get(lane.link)?.street ?? '') : '',
    turn: lane ? turn_of(movements) : 'walk',
  };
}

/** Where the traffic of a lane comes from; alike for the lanes of one approach. */
export function side_of(lane: LaneDoc): Side {
  return compass(point_before_end(lane.shape, 0), point_before_end(lane.shape, 40));
}

export function middle_of(shape: Xy[]): Xy {
  const a = shape[0] ?? [0, 0];
  const b = shape.at(-1) ?? a;
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** Links of one street that follow each other without a bend become one line, once per direction. */
function lines_of(links: LinkDoc[]): Xy[][] {
  const lines: Xy[][] = [];
  const open = new Set(links);
  const follows = (line: Xy[], link: LinkDoc): boolean => {
    const end = line.at(-1) as Xy;
    const begin = link.shape[0] as Xy;
    if (distance(end, begin) > 60) return false;
    const before = heading_at_end(line);
    const after = Math.atan2((link.shape[1] as Xy)[1] - begin[1], (link.shape[1] as Xy)[0] - begin[0]);
    return Math.cos(after - before) > 0.8;
  };
  for (const first of links) {
    if (!open.delete(first)) continue;
    let line = [...first.shape];
    for (;;) {
      const next = [...open].find((link) => follows(line, link));
      if (!next) break;
      open.delete(next);
      line = [...line, ...next.shape];
    }
    lines.push(line);
  }
  return lines;
}

const rank = { arterial: 2, collector: 1, minor: 0 } as const;

/** Ids along the line through the two that lie farthest apart, from west (else south). */
function along(ids: string[], centres: Map<string, Xy>): string[] {
  const places = ids.map((id) => ({ id, at: centres.get(id) ?? ([0, 0] as Xy) }));
  let [a, b, far] = [places[0]?.at ?? [0, 0], places[0]?.at ?? [0, 0], -1] as [Xy, Xy, number];
  for (const one of places) {
    for (const other of places) {
      const away = distance(one.at, other.at);
      if (away > far) [a, b, far] = [one.at, other.at, away];
    }
  }
  const level = Math.abs(b[0] - a[0]) >= Math.abs(b[1] - a[1]);
  if (level ? b[0] < a[0] : b[1] < a[1]) [a, b] = [b, a];
  const place = ([x, y]: Xy): number => (x - a[0]) * (b[0] - a[0]) + (y - a[1]) * (b[1] - a[1]);
  return places.sort((one, other) => place(one.at) - place(other.at)).map((one) => one.id);
}

function streets_of(doc: Network): Street[] {
  const centres = new Map(doc.junctions.map((junction) => [junction.id, junction.centre]));
  const by_name = new Map<string, LinkDoc[]>();
  for (const link of doc.links) {
    if (link.street === '') continue;
    by_name.set(link.street, [...(by_name.get(link.street) ?? []), link]);
  }
  return [...by_name].map(([name, links]): Street => {
    const corridor = doc.corridors?.find((one) => one.names.includes(name));
    const own = [...new Set(links.flatMap((link) => [link.upstream, link.downstream]))].filter((id) => id !== null);
    const ordered = corridor && own.every((id) => corridor.junctions.includes(id)) ? corridor.junctions : along(own, centres);
    return {
      name,
      aliases: corridor?.names.filter((other) => other !== name) ?? [],
      class: links.reduce((best, link) => (rank[link.class] > rank[best] ? link.class : best), 'minor' as LinkDoc['class']),
      lines: lines_of(links),
      junctions: ordered,
    };
  }).sort((a, b) => rank[b.class] - rank[a.class] || a.name.localeCompare(b.name));
}

function junction_of(doc: JunctionDoc, n: number, network: Network, tables: Tables): JunctionModel {
  const numbers = numbers_of(doc.groups);
  const groups = doc.groups.map((group, i) => group_of(group, i, numbers[i] as string, doc.centre, tables));
  const detectors = by_id(network.detectors);
  const links = network.links.filter((link) => link.upstream === doc.id || link.downstream === doc.id);
  return {
    doc, n, groups,
    name: doc.name,
    group: new Map(groups.map((group) => [group.doc.id, group])),
    detectors: found(doc.detectors, detectors),
    cameras: network.cameras.filter((camera) => camera.junction === doc.id),
    lanes: found(links.flatMap((link) => link.lanes), tables.lane),
  };
}

export function city_of(doc: Network, etag: string): City {
  const tables: Tables = {
    lane: by_id(doc.lanes), link: by_id(doc.links), movement: by_id(doc.movements), crossing: by_id(doc.crossings),
  };
  const junctions = doc.junctions.map((junction, n) => junction_of(junction, n, doc, tables));
  return {
    doc, etag, junctions,
    junction: new Map(junctions.map((junction) => [junction.doc.id, junction])),
    lane: tables.lane,
    link: tables.link,
    streets: streets_of(doc),
  };
}

/** Where a camera stands on the map: its own place, else its junction. */
export function camera_place(city: City, camera: CameraDoc): Xy | null {
  if (camera.at) return camera.at;
  return camera.junction === null ? null : (city.junction.get(camera.junction)?.doc.centre ?? null);
}

export function nearest_camera(city: City, to: Xy): CameraDoc | null {
  let best: CameraDoc | null = null;
  let best_m = Infinity;
  for (const camera of city.doc.cameras) {
    const place = camera_place(city, camera);
    const away = place ? distance(place, to) : 1e9;
    if (away < best_m) [best, best_m] = [camera, away];
  }
  return best;
}
