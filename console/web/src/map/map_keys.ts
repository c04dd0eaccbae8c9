import type { Action } from '../keys';

/** What the keys do on the map that is there; empty while there is none. */
export const map_keys: Partial<Record<Action, () => void>> = {};
