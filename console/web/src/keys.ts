// Shortcuts are places on the keyboard (event.code), so they work in any layout; none fires while one types.

export type Action =
  | 'search' | 'close' | 'help' | 'left' | 'right' | 'up' | 'down' | 'zoom_in' | 'zoom_out' | 'whole' | 'camera'
  | 'next' | 'previous' | 'open' | 'why' | 'theme' | 'layers' | 'diagnostics';

export interface Pressed {
  code: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

const plain: Record<string, Action> = {
  Escape: 'close', ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', Equal: 'zoom_in',
  NumpadAdd: 'zoom_in', Minus: 'zoom_out', NumpadSubtract: 'zoom_out', Digit0: 'whole', Numpad0: 'whole', KeyC: 'camera',
  KeyJ: 'next', KeyK: 'previous', Enter: 'open', KeyW: 'why', KeyT: 'theme', KeyM: 'layers', KeyD: 'diagnostics',
};

/** Keys that write a character: those that can be switched off (WCAG 2.1.4). */
function is_character(code: string): boolean {
  return /^(Key|Digit|Numpad\d|NumpadAdd|NumpadSubtract|Equal|Minus|Slash)/.test(code);
}

export function action_of(pressed: Pressed, single_keys = true): Action | null {
  if ((pressed.ctrlKey || pressed.metaKey) && pressed.code === 'KeyK') return 'search';
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
  if (!single_keys && is_character(pressed.code)) return null;
  if (pressed.code === 'Slash' && pressed.shiftKey) return 'help';
  if (pressed.shiftKey && pressed.code !== 'Equal') return null;
  return plain[pressed.code] ?? null;
}

/** While one types, keys belong to the text; on a button or link, Enter belongs to it. */
export function is_for_element(target: EventTarget | null, action: Action): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input, textarea, select, [contenteditable]')) return action !== 'close' && action !== 'search';
  return action === 'open' && target.matches('button, a, [role="row"], tr');
}
