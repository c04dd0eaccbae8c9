import { parse } from 'svelte/compiler';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { en } from '../src/messages/en';
import { fill, t, t_of } from '../src/messages/text';

const source = new URL('../src/', import.meta.url).pathname;
const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.(svelte|ts)$/.test(file) && !file.startsWith('messages'))
  .map((file) => ({ file, text: readFileSync(join(source, file), 'utf8') }));

/** Literal keys of t('…'), of `cond ? 'a' : 'b'` inside it, and of keys named as data. */
function keys_used(text: string): string[] {
  const names = Object.keys(en);
  const heads = new Set(names.map((name) => name.split('.')[0]));
  return [...text.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map((hit) => hit[1] as string).filter((key) => heads.has(key.split('.')[0]));
}

/** Keys built from a part, like t(`theme.${theme}`): at least one message must begin and end so. */
function patterns_used(text: string): RegExp[] {
  return [...text.matchAll(/`([a-z_]+\.[a-z_.${}()\w ?'":]*)`/g)]
    .map((hit) => hit[1] as string)
    .filter((key) => key.includes('${') && Object.keys(en).some((name) => name.split('.')[0] === key.split('.')[0]))
    .map((key) => new RegExp(`^${key.replace(/\$\{[^}]*\}/g, '*').replace(/\./g, '\\.').replace(/\*/g, '[\\w]+(?:\\.\\w+)?')}$`));
}

interface Node {
  type: string;
  [name: string]: unknown;
}

function walk(node: unknown, visit: (node: Node, parent: Node | null) => void, parent: Node | null = null): void {
  if (Array.isArray(node)) {
    for (const one of node) walk(one, visit, parent);
    return;
  }
  if (node === null || typeof node !== 'object') return;
  const own = node as Node;
  if (typeof own.type === 'string') visit(own, parent);
  for (const [name, value] of Object.entries(own)) {
    if (name !== 'metadata' && name !== 'loc') walk(value, visit, typeof own.type === 'string' ? own : parent);
  }
}

const shown_attributes = new Set(['aria-label', 'title', 'alt', 'placeholder', 'aria-description', 'aria-roledescription']);
const no_words = /^[^\p{L}]*$/u;
const key_names = new Set(['Ctrl', 'K', 'Esc', 'm', 'w']); // what stands on the keys of a keyboard

/** Text between tags or in a spoken attribute that is not from the catalogue. */
function literals_in(markup: string): string[] {
  const found: string[] = [];
  walk(parse(markup, { modern: true }).fragment, (node, parent) => {
    if (node.type !== 'Text') return;
    const text = String(node.data).trim();
    if (text === '' || no_words.test(text) || key_names.has(text)) return;
    if (parent?.type === 'Attribute') {
      if (shown_attributes.has(String(parent.name))) found.push(`${String(parent.name)}="${text}"`);
      return;
    }
    found.push(text);
  });
  return found;
}

describe('The catalogue', () => {
  it('has every key that the page uses', () => {
    const missing = files.flatMap(({ file, text }) => keys_used(text).filter((key) => !(key in en)).map((key) => `${file}: ${key}`));
    expect(missing).toEqual([]);
  });

  it('has a message for every key that is put together', () => {
    const missing = files.flatMap(({ file, text }) =>
      patterns_used(text).filter((pattern) => !Object.keys(en).some((key) => pattern.test(key))).map((pattern) => `${file}: ${pattern}`));
    expect(missing).toEqual([]);
  });

  it('has no message that nobody uses', () => {
    const all = files.map(({ text }) => text).join('\n');
    const patterns = files.flatMap(({ text }) => patterns_used(text));
    const used = new Set(keys_used(all));
    const idle = Object.keys(en).filter((key) => !used.has(key) && !patterns.some((pattern) => pattern.test(key)));
    expect(idle).toEqual([]);
  });

  it('would notice a missing key and a literal text', () => {
    expect(keys_used("t('sentence.nothing_of_the_kind')")).toEqual(['sentence.nothing_of_the_kind']);
    expect(literals_in('<p>Hello {name}</p><img alt="A car" />')).toEqual(['Hello', 'alt="A car"']);
  });
});

describe('Components', () => {
  for (const { file, text } of files.filter((one) => one.file.endsWith('.svelte'))) {
    it(`${file} takes its words from the catalogue`, () => {
      expect(literals_in(text)).toEqual([]);
    });
  }

  it('write no inline style, which the server forbids', () => {
    const inline = files.filter(({ file, text }) => file.endsWith('.svelte') && /\sstyle(:|=)/.test(text.replace(/<style[\s\S]*<\/style>/, '')));
    expect(inline.map(({ file }) => file)).toEqual([]);
  });
});

describe('A message', () => {
  it('takes its values and chooses by number', () => {
    expect(fill('{n} {n|signal|signals} of {city}', { n: 1, city: 'X' })).toBe('1 signal of X');
    expect(fill('{n} {n|signal|signals} of {city}', { n: 3, city: 'X' })).toBe('3 signals of X');
  });

  it('leaves what it was not given in sight', () => {
    expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}');
  });

  it('from outside falls back to what is known', () => {
    expect(t_of(['change.mode.dark'], 'change.mode')).toBe('Dark');
    expect(t_of(['change.mode.upside_down'], 'change.mode', { detail: 'upside_down' })).toBe('Mode upside_down');
    expect(t('sentence.calm')).toBe('Nothing needs you.');
  });
});
