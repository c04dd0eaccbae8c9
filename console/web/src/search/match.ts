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
  junctions: string[];
}

interface Entry extends Found {
  words: string;
}

/** Built once per city; a search goes over plain texts only. */
export class Index {
  readonly #entries: Entry[];

  constructor(city: City) {
    const signals = city.junctions.map((junction): Entry => ({
      kind: 'signal', name: junction.name, junctions: [junction.doc.id],
      words: plain([junction.name, junction.doc.id, ...junction.doc.aliases].join(' ')),
    }));
    const streets = city.streets.map((street): Entry => ({
      kind: 'street', name: street.name, junctions: street.junctions, words: plain(street.name),
    }));
    this.#entries = [...signals, ...streets];
  }

  /** Every word of the query begins a word of the name; names that begin with the query come first. */
  find(query: string, most = 8): Found[] {
    const wanted = plain(query);
    if (wanted === '') return [];
    const words = wanted.split(' ');
    const hits = this.#entries.filter((entry) => words.every((word) => ` ${entry.words}`.includes(` ${word}`)));
    const rank = (entry: Entry): number => (entry.words.startsWith(wanted) ? 0 : 1) + (entry.kind === 'signal' ? 0 : 0.5);
    return hits.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)).slice(0, most);
  }
}
