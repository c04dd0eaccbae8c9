import { en, type MessageKey, type Messages } from './en';

export type Values = Record<string, string | number>;

/** Fills a message: {name} gives the value, {n|one|many} chooses by the number. */
export function fill(message: string, values: Values): string {
  return message.replace(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one === undefined || many === undefined) return String(value);
    return Number(value) === 1 ? one : many;
  });
}

let messages: Messages = en;

export function use(catalogue: Messages): void {
  messages = catalogue;
}

export function t(key: MessageKey, values: Values = {}): string {
  return fill(messages[key], values);
}

/** The first of these keys that the catalogue has: for words that come from outside. */
export function t_of(keys: string[], fallback: MessageKey, values: Values = {}): string {
  const key = keys.find((one) => one in messages) as MessageKey | undefined;
  return t(key ?? fallback, values);
}
