import type { City } from '../city';

// People type a name as their keyboard gives it: Latin or Cyrillic, oʻ, o', o or ў.

const cyrillic: Record<string, string> = {
  а: 'a', б: 'b', в: 'v', г: 'g', ғ: 'g', д: 'd', е: 'e', ё: 'yo', ж: 'j', з: 'z', и: 'i', й: 'y', к: 'k', қ: 'q',
  л: 'l', м: 'm', н: 'n', о: 'o', п: 'p', р: 'r', с: 's', т: 't', у: 'u', ў: 'o', ф: 'f', х: 'x', ҳ: 'h', ц: 'ts',
  ч: 'ch', ш: 'sh', щ: 'sh', ъ: '', ы: 'i', ь: '', э: 'e', ю: 'yu', я: 'ya',
};

/** One spelling for all: lower case, Latin, without accents and apostrophes. */
export function plain(text: string): string {
  const lower = text.toLowerCase().replace(/[‘’ʻʼ'`´ʹ]/g, '');
  const latin = [...lower].map((letter) => cyrillic[letter] ?? letter).join('');
  return latin.normalize('NFD').replace(/\p{M}/gu, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
}

export interface Found {
  kind: 'signal' | 'street';
  name: string;
  number: number | null; // of a signal in the city's list
  alias: string | null; // the other name by which it was found
  junctions: string[];
}

/** What tells it from the others: two signals may have one name. */
export function key_of(found: Found): string {
  return `${found.kind} ${found.name} ${found.junctions[0] ?? ''}`;
}

interface Entry extends Omit<Found, 'alias'> {
  words: string; // of its name and number
  others: { alias: string; words: string }[];
}

/** Built once per city; a search goes over plain texts only. */
export class Index {
  readonly #entries: Entry[];

  constructor(city: City) {
    const others = (aliases: string[]): Entry['others'] => aliases.map((alias) => ({ alias, words: plain(alias) }));
    const signals = city.junctions.map((junction): Entry => ({
      kind: 'signal', name: junction.name, number: junction.doc.number ?? null, junctions: [junction.doc.id],
      words: plain([junction.name, junction.doc.number ?? '', junction.doc.id].join(' ')), others: others(junction.doc.aliases),
    }));
    const streets = city.streets.map((street): Entry => ({
      kind: 'street', name: street.name, number: null, junctions: street.junctions, words: plain(street.name), others: others(street.aliases),
    }));
    this.#entries = [...signals, ...streets];
  }

  /** Every word of the query begins a word of the name; names that begin with the query come first. */
  find(query: string, most = 8): Found[] {
    const wanted = plain(query);
    if (wanted === '') return [];
    const words = wanted.split(' ');
    const holds = (text: string): boolean => words.every((word) => ` ${text}`.includes(` ${word}`));
    const hits: { rank: number; found: Found }[] = [];
    for (const { kind, name, number, junctions, words: own, others } of this.#entries) {
      const other = holds(own) ? undefined : others.find((one) => holds(one.words));
      if (!other && !holds(own) && !holds([own, ...others.map((one) => one.words)].join(' '))) continue;
      const begins = (other?.words ?? own).startsWith(wanted) || String(number) === wanted;
      const rank = (begins ? 0 : 1) + (other ? 0.25 : 0) + (kind === 'signal' ? 0 : 0.5);
      hits.push({ rank, found: { kind, name, number, junctions, alias: other?.alias ?? null } });
    }
    return hits.sort((a, b) => a.rank - b.rank || a.found.name.localeCompare(b.found.name)).slice(0, most).map((hit) => hit.found);
  }
}
