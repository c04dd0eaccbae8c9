// Shortcuts are places on the keyboard (event.code), so they work in any layout; none fires while one types.

export type Action =
  | 'search' | 'close' | 'help' | 'left' | 'right' | 'up' | 'down' | 'zoom_in' | 'zoom_out' | 'whole' | 'camera'
  | 'next' | 'previous' | 'open' | 'why' | 'theme';

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
  KeyJ: 'next', KeyK: 'previous', Enter: 'open', KeyW: 'why', KeyT: 'theme',
};

export function action_of(pressed: Pressed): Action | null {
  if ((pressed.ctrlKey || pressed.metaKey) && pressed.code === 'KeyK') return 'search';
  if (pressed.ctrlKey || pressed.altKey || pressed.metaKey) return null;
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
