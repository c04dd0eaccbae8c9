import type { City, JunctionModel, Street } from '../city';
import { distance } from '../geometry';
import { box_of, fitting, is_street, street_scale, type MapView } from './view';

// What a map is of, and from where all of it is seen.

const junction_reach_m = 48;
const seen_reach_m = 60; // a junction is seen before its middle is
const seen_max = 16;

/** All of the city, or one junction with its arms. */
export function whole_view(city: City, junction: JunctionModel | null, width: number, height: number): MapView {
  if (!junction) return fitting(city.doc.bounds, width, height, 28);
  const [x, y] = junction.doc.centre;
  return fitting([x - junction_reach_m * 1.6, y - junction_reach_m, x + junction_reach_m * 1.6, y + junction_reach_m], width, height, 4);
}

/** All signals of a street, as the city is drawn. */
export function street_view(city: City, street: Street, width: number, height: number): MapView {
  const centres = street.junctions.map((id) => city.junction.get(id)?.doc.centre).filter((at) => at !== undefined);
  const points = centres.length > 0 ? centres : street.lines.flat();
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const fitted = fitting([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)], width, height, 96);
  return { ...fitted, scale: Math.min(fitted.scale, street_scale * 0.9) };
}

/** The junctions that a view shows with their lamps, the nearest to its middle first; none at city zoom. */
export function seen_in(city: City, view: MapView): JunctionModel[] {
  if (!is_street(view)) return [];
  const [x0, y0, x1, y1] = box_of(view);
  const inside = city.junctions.filter(({ doc: { centre: [x, y] } }) => x > x0 - seen_reach_m && x < x1 + seen_reach_m && y > y0 - seen_reach_m && y < y1 + seen_reach_m);
  return inside.sort((a, b) => distance(a.doc.centre, view.centre) - distance(b.doc.centre, view.centre)).slice(0, seen_max);
}
