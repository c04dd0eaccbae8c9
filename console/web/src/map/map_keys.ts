import type { Action } from '../keys';

type Keys = Partial<Record<Action, () => void>>;

/** What the keys do on the map that is there; empty while there is none. */
export const map_keys: Keys = {};

/** Gives keys their meaning until the answer is called; what another map said meanwhile stays. */
export function hold_keys(own: Keys): () => void {
  Object.assign(map_keys, own);
  return () => {
    for (const [key, act] of Object.entries(own) as [Action, () => void][]) {
      if (map_keys[key] === act) delete map_keys[key];
    }
  };
}
