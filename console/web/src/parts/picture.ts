import type { CameraDoc, Picture } from '../feed/contract';
import { font } from '../map/ink';

// What is drawn over a camera's picture, in CSS pixels of the panel: text stays readable however small the picture is.

type Context = CanvasRenderingContext2D;

const text_px = 13;
const plate_px = 20; // height of a plate
const gap_px = 2;
const plate = '#161a1e'; // the picture is no part of the theme
const ink = '#ffffff';

export interface Box {
  x: number; // left
  y: number; // top
  width: number;
  height: number;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width + gap_px && b.x < a.x + a.width + gap_px && a.y < b.y + b.height + gap_px && b.y < a.y + a.height + gap_px;
}

/** Puts plates of these widths under (or, `step` < 0, over) their places, each in the nearest row where it is free of
 *  those before and of `taken`. A plate without room is null. */
export function rows_of(places: { x: number; y: number; width: number }[], step: number, room: { width: number; height: number }, taken: Box[]): (Box | null)[] {
  const placed: Box[] = [...taken];
  return places.map(({ x, y, width }) => {
    const left = Math.min(Math.max(0, x - width / 2), room.width - width);
    for (let row = 0; row < 4; row++) {
      const top = y + (step > 0 ? 6 : -6 - plate_px) + row * step * (plate_px + gap_px);
      if (top < 0 || top + plate_px > room.height) continue;
      const box = { x: left, y: top, width, height: plate_px };
      if (placed.some((other) => overlap(box, other))) continue;
      placed.push(box);
      return box;
    }
    return null;
  });
}

function set_font(context: Context, bold: boolean): void {
  context.font = `${bold ? 700 : 500} ${text_px}px ${font}`;
}

function draw_plate(context: Context, text: string, box: Box, bold: boolean): void {
  set_font(context, bold);
  context.fillStyle = plate;
  context.fillRect(box.x, box.y, box.width, box.height);
  context.fillStyle = ink;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(text, box.x + box.width / 2, box.y + box.height / 2 + 1);
}

/** White corners round a vehicle. */
function draw_corners(context: Context, x: number, y: number, width: number, height: number): void {
  const arm = Math.max(3, Math.min(width, height) * 0.28);
  context.beginPath();
  for (const [cx, cy, sx, sy] of [[x, y, 1, 1], [x + width, y, -1, 1], [x, y + height, 1, -1], [x + width, y + height, -1, -1]] as const) {
    context.moveTo(cx + sx * arm, cy);
    context.lineTo(cx, cy);
    context.lineTo(cx, cy + sy * arm);
  }
  context.stroke();
}

interface Line {
  name: string;
  from: [number, number];
  to: [number, number];
  middle: [number, number];
  count: string | null;
}

function lines_of(camera: CameraDoc, picture: Picture, scale: number): Line[] {
  return camera.lines.map((line, i) => {
    const from: [number, number] = [line.p1[0] * scale, line.p1[1] * scale];
    const to: [number, number] = [line.p2[0] * scale, line.p2[1] * scale];
    const count = picture.counts[i] ?? null;
    return { name: line.name, from, to, middle: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], count: count === null ? null : String(count) };
  });
}

/** Names stand over their lines if all of them have room; else the table beside the picture names them, in this order. */
function draw_names(context: Context, lines: Line[], room: { width: number; height: number }, taken: Box[]): Box[] {
  set_font(context, false);
  const wanted = lines.map((line) => ({ x: line.middle[0], y: Math.min(line.from[1], line.to[1]), width: context.measureText(line.name).width + 10 }));
  const boxes = rows_of(wanted, -1, room, taken);
  const level = boxes.every((box, i) => box !== null && box.y >= (wanted[i]?.y ?? 0) - plate_px - 7);
  if (!level) return taken;
  boxes.forEach((box, i) => box && draw_plate(context, lines[i]?.name ?? '', box, false));
  return [...taken, ...boxes.filter((box) => box !== null)];
}

function draw_counts(context: Context, lines: Line[], room: { width: number; height: number }, taken: Box[]): void {
  set_font(context, true);
  const told = lines.filter((line) => line.count !== null);
  const places = told.map((line) => ({ x: line.middle[0], y: line.middle[1], width: context.measureText(line.count as string).width + 10 }));
  const under = rows_of(places, 1, room, taken);
  const placed = [...taken, ...under.filter((box) => box !== null)];
  const over = rows_of(places.filter((_, i) => under[i] === null), -1, room, placed); // where there is no room below
  under.map((box) => box ?? over.shift() ?? null).forEach((box, i) => {
    const line = told[i];
    if (!box || !line) return;
    if (Math.abs(box.y + plate_px / 2 - line.middle[1]) > plate_px * 1.5) { // a plate of a farther row keeps its tie
      context.strokeStyle = ink;
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(...line.middle);
      context.lineTo(line.middle[0], box.y);
      context.stroke();
    }
    draw_plate(context, line.count as string, box, true);
  });
}

/** `width`, `height`: of the picture on the page; `wide`: of the JPEG, whose pixels the boxes are in. */
export function draw_picture(
  context: Context, image: CanvasImageSource, camera: CameraDoc, picture: Picture, size: { width: number; height: number; wide: number }, stamp: string,
): void {
  context.drawImage(image, 0, 0, size.width, size.height);
  context.strokeStyle = ink;
  context.lineWidth = 1.5;
  const of_jpeg = size.width / Math.max(1, size.wide);
  for (const [x, y, w, h] of picture.boxes) draw_corners(context, x * of_jpeg, y * of_jpeg, w * of_jpeg, h * of_jpeg);
  const lines = lines_of(camera, picture, size.width / Math.max(1, camera.width));
  context.lineWidth = 2;
  for (const { from, to } of lines) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
  set_font(context, false);
  const stamped = { x: 0, y: 0, width: context.measureText(stamp).width + 12, height: plate_px };
  draw_plate(context, stamp, stamped, false);
  draw_counts(context, lines, size, draw_names(context, lines, size, [stamped]));
}
