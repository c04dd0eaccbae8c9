import { camera_place, type City, type JunctionModel } from '../city';
import type { Xy } from '../feed/contract';
import { distance } from '../geometry';
import type { CallOut } from './callouts';
import { camera_at } from './city_layer';
import { to_screen, type MapView } from './view';

// What lies under a place on the screen.

const camera_reach_px = 14;

/** The nearest junction within `reach_px`. */
export function junction_under(at: Xy, city: City, view: MapView, reach_px: number): JunctionModel | null {
  let best: JunctionModel | null = null;
  let best_px = reach_px;
  for (const one of city.junctions) {
    const away_px = distance(to_screen(view, one.doc.centre), at);
    if (away_px < best_px) [best, best_px] = [one, away_px];
  }
  return best;
}

/** The id of the camera that is drawn there. */
export function camera_under(at: Xy, city: City, view: MapView): string | null {
  for (const camera of city.doc.cameras) {
    const place = camera_place(city, camera);
    if (place && distance(camera_at(to_screen(view, place)), at) < camera_reach_px) return camera.id;
  }
  return null;
}

export function callout_under([x, y]: Xy, callouts: CallOut[]): CallOut | undefined {
  return callouts.find((one) => x >= one.x && x <= one.x + one.width && y >= one.y && y <= one.y + one.height);
}
