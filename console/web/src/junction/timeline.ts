import type { JunctionModel } from '../city';
import type { Ahead, Aspect } from '../feed/contract';
import type { Detail } from '../feed/live';
import { row_label } from '../words';
import { t } from '../messages/text';
import { clock_text } from '../time';
import { font, type Ink } from '../map/ink';
import { expected_of, spans_of, stage_green_since } from './cycle';

type Context = CanvasRenderingContext2D;

export const seen_ms = 45_000;
export const ahead_ms = 90_000;
const label_px = 192;
const stage_px = 24;
const row_gap_min = 15;
const row_gap_max = 26;

export interface Frame {
  width: number;
  height: number;
  now_ms: number;
  offset_s: number;
}

interface Rows {
  x_of: (ms: number) => number;
  from_ms: number;
  to_ms: number;
  top: number;
  gap: number;
}

function hatch(context: Context, x: number, y: number, width: number, height: number, colour: string): void {
  if (width <= 0) return;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  for (let at = x - height; at < x + width; at += 6) {
    context.moveTo(at, y + height);
    context.lineTo(at + height, y);
  }
  context.stroke();
  context.restore();
}

function draw_span(context: Context, aspect: Aspect, walk: boolean, x0: number, x1: number, y: number, ink: Ink): void {
  const width = x1 - x0;
  if (aspect === 'green' || (aspect === 'flashing_green' && !walk)) {
    context.fillStyle = ink.green;
    context.fillRect(x0, y - 5.5, width, 11);
  } else if (aspect === 'flashing_green') {
    context.strokeStyle = ink.green;
    context.lineWidth = 1.5;
    context.strokeRect(x0 + 0.75, y - 4.75, Math.max(0, width - 1.5), 9.5);
  } else if (aspect === 'amber' || aspect === 'flashing_amber' || aspect === 'red_amber') {
    context.fillStyle = ink.amber;
    context.fillRect(x0, y - 3.5, width, 7);
  } else if (aspect === 'red') {
    context.fillStyle = ink.red;
    context.fillRect(x0, y - 1, width, 2);
  }
}

function draw_groups(context: Context, frame: Frame, rows: Rows, junction: JunctionModel, detail: Detail, ink: Ink): void {
  const stages = new Map(junction.doc.stages.map((stage) => [stage.id, new Set(stage.groups)]));
  const now_x = rows.x_of(frame.now_ms);
  const ahead = detail.ahead ?? [];
  const last_ms = ahead.at(-1)?.end_latest_ms ?? frame.now_ms;
  junction.groups.forEach((group, row) => {
    const y = rows.top + row * rows.gap;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    context.fillStyle = ink.text;
    context.font = `500 13px ${font}`;
    context.fillText(group.number, 0, y + 1);
    context.fillStyle = ink.text_soft;
    context.font = `400 13px ${font}`;
    context.fillText(fitted(context, row_label(group), label_px - 36), 26, y + 1);
    const walk = group.turn === 'walk';
    for (const span of spans_of(detail.past?.groups[group.index] ?? [], rows.from_ms, frame.now_ms)) {
      draw_span(context, span.aspect, walk, rows.x_of(span.from_ms), rows.x_of(span.to_ms), y, ink);
    }
    const end_x = Math.min(rows.x_of(rows.to_ms), rows.x_of(last_ms));
    if (end_x > now_x) {
      context.strokeStyle = ink.red;
      context.globalAlpha = 0.75;
      context.lineWidth = 2;
      context.setLineDash([2, 4]);
      context.beginPath();
      context.moveTo(now_x, y);
      context.lineTo(end_x, y);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
    for (const span of expected_of(ahead, stages, group.doc.id)) {
      const lit = detail.lamps?.groups[group.index]?.aspect === 'green';
      if (span.lit && !lit) continue;
      const begin = Math.max(now_x, rows.x_of(span.begin_ms));
      const sure = Math.min(Math.max(begin, rows.x_of(span.sure_ms)), end_x);
      const end = Math.min(rows.x_of(span.end_ms), rows.x_of(rows.to_ms));
      if (end <= begin) continue;
      context.fillStyle = ink.panel;
      context.fillRect(begin, y - 6, end - begin, 12);
      if (span.lit) {
        context.fillStyle = ink.green;
        context.fillRect(begin, y - 5.5, sure - begin, 11);
        hatch(context, sure, y - 5.5, end - sure, 11, ink.green);
        continue;
      }
      context.strokeStyle = ink.green;
      context.lineWidth = 1.25;
      context.setLineDash([4, 3]);
      context.strokeRect(begin + 0.5, y - 5, Math.max(1, end - begin - 1), 10);
      context.setLineDash([]);
    }
  });
}

export function fitted(context: Context, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let cut = text;
  while (cut.length > 1 && context.measureText(`${cut}…`).width > width) cut = cut.slice(0, -1);
  return `${cut.trimEnd()}…`;
}

function stage_text(junction: JunctionModel, id: string): string {
  const stage = junction.doc.stages.find((one) => one.id === id);
  const numbers = (stage?.groups ?? []).map((group) => junction.group.get(group)?.number ?? '');
  return [id, ...numbers].join(' ');
}

function draw_stage_box(context: Context, x0: number, x1: number, y: number, text: string, ink: Ink, dashed: boolean): void {
  const width = x1 - x0;
  if (width < 2) return;
  if (dashed) {
    context.strokeStyle = ink.text_mute;
    context.lineWidth = 1;
    context.setLineDash([4, 3]);
    context.strokeRect(x0 + 0.5, y + 0.5, width - 1, stage_px - 1);
    context.setLineDash([]);
  } else {
    context.fillStyle = ink.block;
    context.fillRect(x0, y, width, stage_px);
  }
  draw_stage_label(context, x0, x1, y, text, ink);
}

function draw_stage_label(context: Context, x0: number, x1: number, y: number, text: string, ink: Ink): void {
  context.font = `500 13px ${font}`;
  context.fillStyle = ink.text;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  const label = fitted(context, text, x1 - x0 - 12);
  if (text !== '' && (label === text || label.length > 3)) context.fillText(label, Math.max(x0, label_px) + 8, y + stage_px / 2 + 1);
}

function draw_stages(context: Context, frame: Frame, rows: Rows, junction: JunctionModel, detail: Detail, ink: Ink): void {
  const y = 8;
  const now_x = rows.x_of(frame.now_ms);
  const stages = detail.past?.stages ?? [];
  stages.forEach((stage, i) => {
    const from = Math.max(stage.from_ms, rows.from_ms);
    const to = Math.min(stages[i + 1]?.from_ms ?? frame.now_ms, frame.now_ms);
    const lit = i + 1 === stages.length; // its name has room up to its end
    if (to > from) draw_stage_box(context, rows.x_of(from) + 1, rows.x_of(to) - 1, y, lit ? '' : stage_text(junction, stage.stage), ink, false);
  });
  (detail.ahead ?? []).forEach((entry, i) => {
    if (i === 0) {
      const sure = Math.max(now_x, rows.x_of(entry.end_earliest_ms));
      const end = Math.min(rows.x_of(entry.end_latest_ms), rows.x_of(rows.to_ms));
      context.fillStyle = ink.block;
      context.fillRect(now_x - 1, y, sure - now_x + 1, stage_px);
      hatch(context, sure, y, end - sure, stage_px, ink.text_mute);
      return;
    }
    const begin = rows.x_of(entry.begin_latest_ms);
    const end = Math.min(rows.x_of(entry.end_latest_ms), rows.x_of(rows.to_ms));
    if (end > begin) draw_stage_box(context, begin, end, y, stage_text(junction, entry.stage), ink, true);
  });
  const now = stages.at(-1);
  if (now) {
    const end_ms = detail.ahead?.[0]?.end_earliest_ms ?? frame.now_ms;
    draw_stage_label(context, rows.x_of(Math.max(now.from_ms, rows.from_ms)) + 1, rows.x_of(Math.max(frame.now_ms, Math.min(end_ms, rows.to_ms))), y, stage_text(junction, now.stage), ink);
  }
  draw_bounds(context, frame, rows, detail.ahead?.[0], stage_green_since(junction, detail), ink);
}

/** min, earliest and latest end of the lit stage, with their times as far as there is room. */
function draw_bounds(context: Context, frame: Frame, rows: Rows, lit: Ahead | undefined, green_since_ms: number | null, ink: Ink): void {
  if (!lit) return;
  const y = 8 + stage_px;
  const marks: [number, string][] = [];
  const after_s = (ms: number): number => Math.max(0, Math.round((ms - (green_since_ms ?? ms)) / 1000));
  if (lit.min_end_ms !== undefined && lit.min_end_ms > rows.from_ms) {
    marks.push([lit.min_end_ms, green_since_ms === null ? t('cycle.min_plain') : t('cycle.min', { s: after_s(lit.min_end_ms) })]);
  }
  const fixed = lit.end_latest_ms - lit.end_earliest_ms < 1000;
  if (!fixed) marks.push([lit.end_earliest_ms, t('cycle.earliest')]);
  const time = clock_text(lit.end_latest_ms, frame.offset_s);
  marks.push([lit.end_latest_ms, green_since_ms === null ? t('cycle.max_plain', { time }) : t('cycle.max', { s: after_s(lit.end_latest_ms), time })]);
  let free_from = 0;
  const right_of_last = marks.length - 1;
  context.font = `400 13px ${font}`;
  context.textBaseline = 'middle';
  marks.forEach(([ms, text], i) => {
    const x = rows.x_of(ms);
    if (x > rows.x_of(rows.to_ms)) return;
    context.fillStyle = ink.text_soft;
    context.beginPath();
    context.moveTo(x, y + 2);
    context.lineTo(x - 5, y + 10);
    context.lineTo(x + 5, y + 10);
    context.closePath();
    context.fill();
    const width = context.measureText(text).width;
    const after = i === right_of_last;
    const at = after ? x + 10 : x - 10 - width;
    if (at < free_from) return;
    free_from = after ? at + width + 8 : x + 8;
    context.textAlign = 'left';
    context.fillText(text, at, y + 9);
  });
}

function draw_axis(context: Context, frame: Frame, rows: Rows, bottom: number, ink: Ink): void {
  const step = 15_000;
  context.font = `400 13px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const now_x = rows.x_of(frame.now_ms);
  for (let ms = Math.ceil(rows.from_ms / step) * step; ms <= rows.to_ms; ms += step) {
    const x = Math.round(rows.x_of(ms)) + 0.5;
    context.strokeStyle = ink.line;
    context.globalAlpha = 0.6;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(x, 8);
    context.lineTo(x, bottom);
    context.stroke();
    context.globalAlpha = 1;
    if (Math.abs(x - now_x) < 66 || x > frame.width - 28) continue;
    context.fillStyle = ink.text_mute;
    context.fillText(clock_text(ms, frame.offset_s), x, bottom + 12);
  }
}

function draw_now(context: Context, frame: Frame, rows: Rows, bottom: number, ink: Ink): void {
  const x = rows.x_of(frame.now_ms);
  context.strokeStyle = ink.white;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x, 2);
  context.lineTo(x, bottom);
  context.stroke();
  context.fillStyle = ink.white;
  context.beginPath();
  context.moveTo(x - 5, 0);
  context.lineTo(x + 5, 0);
  context.lineTo(x, 8);
  context.closePath();
  context.fill();
  context.font = `500 13px ${font}`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(clock_text(frame.now_ms, frame.offset_s), x, bottom + 12);
}

export function draw_timeline(context: Context, frame: Frame, junction: JunctionModel, detail: Detail, ink: Ink): void {
  context.clearRect(0, 0, frame.width, frame.height);
  const from_ms = frame.now_ms - seen_ms;
  const to_ms = frame.now_ms + ahead_ms;
  const across = frame.width - label_px - 4;
  const x_of = (ms: number): number => label_px + ((ms - from_ms) / (to_ms - from_ms)) * across;
  const top = 8 + stage_px + 34;
  const bottom = frame.height - 24;
  const room = (bottom - top) / Math.max(1, junction.groups.length - 0.4);
  const rows: Rows = { x_of, from_ms, to_ms, top, gap: Math.min(row_gap_max, Math.max(row_gap_min, room)) };
  draw_axis(context, frame, rows, bottom, ink);
  context.fillStyle = ink.text;
  context.font = `500 13px ${font}`;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(t('cycle.stage'), 0, 8 + stage_px / 2 + 1);
  draw_stages(context, frame, rows, junction, detail, ink);
  draw_groups(context, frame, rows, junction, detail, ink);
  draw_now(context, frame, rows, bottom, ink);
}

/** Height that the rows of a junction ask for. */
export function timeline_height(groups: number): number {
  return 8 + stage_px + 34 + groups * 18 + 24;
}
