import type { Xy } from '../feed/contract';

/** What a canvas shows: the city's point in its middle, and CSS pixels per metre. */
export interface MapView {
  centre: Xy;
  scale: number;
  width: number;
  height: number;
}

const metres_per_css_pixel = 0.0254 / 96; // a CSS pixel is 1/96 inch

/** Street zoom begins at 1 : 4 000. */
export const street_scale = 1 / (4000 * metres_per_css_pixel);
export const scale_max = 16;

export function is_street(view: MapView): boolean {
  return view.scale >= street_scale * 0.999;
}

/** N of 1 : N, to two digits. */
export function scale_number(view: MapView): number {
  const n = 1 / (view.scale * metres_per_css_pixel);
  const grain = 10 ** Math.max(0, Math.floor(Math.log10(n)) - 1);
  return Math.round(n / grain) * grain;
}

export function to_screen(view: MapView, at: Xy): Xy {
  return [view.width / 2 + (at[0] - view.centre[0]) * view.scale, view.height / 2 - (at[1] - view.centre[1]) * view.scale];
}

export function to_city(view: MapView, at: Xy): Xy {
  return [view.centre[0] + (at[0] - view.width / 2) / view.scale, view.centre[1] - (at[1] - view.height / 2) / view.scale];
}

export function box_of(view: MapView): [number, number, number, number] {
  const [x0, y1] = to_city(view, [0, 0]);
  const [x1, y0] = to_city(view, [view.width, view.height]);
  return [x0, y0, x1, y1];
}

/** All of `bounds`, with a margin in pixels. */
export function fitting(bounds: [number, number, number, number], width: number, height: number, margin: number): MapView {
  const [x0, y0, x1, y1] = bounds;
  const across = Math.max(1, x1 - x0);
  const up = Math.max(1, y1 - y0);
  const scale = Math.min(Math.max(1, width - 2 * margin) / across, Math.max(1, height - 2 * margin) / up, scale_max);
  return { centre: [(x0 + x1) / 2, (y0 + y1) / 2], scale, width, height };
}

/** Zooms by `factor` and keeps what is under `at` where it is. */
export function zoomed(view: MapView, factor: number, at: Xy, scale_min: number): MapView {
  const scale = Math.min(scale_max, Math.max(scale_min, view.scale * factor));
  const under = to_city(view, at);
  const next = { ...view, scale };
  const moved = to_city(next, at);
  return { ...next, centre: [view.centre[0] + under[0] - moved[0], view.centre[1] + under[1] - moved[1]] };
}

export function moved(view: MapView, right_px: number, down_px: number): MapView {
  return { ...view, centre: [view.centre[0] + right_px / view.scale, view.centre[1] - down_px / view.scale] };
}

/** A round length between 80 and 200 pixels. */
export function scale_bar(view: MapView): { metres: number; px: number } {
  let metres = 1;
  for (const step of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]) {
    if (step * view.scale <= 200) metres = step;
  }
  return { metres, px: metres * view.scale };
}
