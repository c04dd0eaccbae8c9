// Colours of the canvases: the tokens of app.css, read once per theme.
const names = [
  'ground', 'minor', 'collector', 'arterial', 'river', 'river_edge', 'park', 'road', 'mark', 'kerb',
  'text', 'text_soft', 'text_mute', 'panel', 'raised', 'line', 'dot', 'focus', 'green', 'red', 'amber',
  'alarm', 'warn', 'vehicle', 'plate', 'white', 'detector', 'block',
] as const;

export type Ink = Record<(typeof names)[number], string>;

export function ink_now(): Ink {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name.replace('_', '-')}`).trim()])) as Ink;
}

export const font = 'Roboto, system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
