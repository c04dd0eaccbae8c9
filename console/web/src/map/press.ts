/** Of a PointerEvent. */
export interface Pointed {
  pointerId: number;
  isPrimary: boolean;
  button: number;
  clientX: number;
  clientY: number;
}

const still_px = 4; // a hand is never quite still

/** One press of the mouse, a pen or the first finger: a click, or a drag once it moved. Further fingers do nothing. */
export class Press {
  #id: number | null = null;
  #x = 0;
  #y = 0;
  #moved = false;

  get held(): boolean {
    return this.#id !== null;
  }

  /** Whether it is ours. */
  down(event: Pointed): boolean {
    if (event.button !== 0 || !event.isPrimary) return false;
    [this.#id, this.#x, this.#y, this.#moved] = [event.pointerId, event.clientX, event.clientY, false];
    return true;
  }

  /** The way since the last one, once it is a drag. */
  drag(event: Pointed): { right: number; down: number } | null {
    if (event.pointerId !== this.#id) return null;
    const right = event.clientX - this.#x;
    const down = event.clientY - this.#y;
    if (!this.#moved && Math.hypot(right, down) < still_px) return null;
    [this.#x, this.#y, this.#moved] = [event.clientX, event.clientY, true];
    return { right, down };
  }

  /** Whether it was a click. */
  up(event: Pointed): boolean {
    if (event.pointerId !== this.#id) return false;
    this.#id = null;
    return !this.#moved;
  }

  cancel(event: Pointed): void {
    if (event.pointerId === this.#id) this.#id = null;
  }
}
