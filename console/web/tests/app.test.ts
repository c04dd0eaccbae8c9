import { beforeEach, describe, expect, it, vi } from 'vitest';
// @ts-expect-error the mock is plain JavaScript
import { make_city } from '../mock/city.mjs';
import { App } from '../src/app.svelte';
import { city_of } from '../src/city';
import type { Network } from '../src/feed/contract';

const city = city_of(make_city() as Network, '"n"');
const pushed: string[] = [];

function app_at(search: string): App {
  vi.stubGlobal('location', { search, pathname: '/' });
  const app = new App();
  app.city = city;
  return app;
}

describe('What the page looks at', () => {
  beforeEach(() => {
    pushed.length = 0;
    vi.stubGlobal('history', { pushState: (_state: unknown, _title: string, address: string) => pushed.push(address) });
  });

  it('stands in the address, and the address brings it back', () => {
    const app = app_at('');

    app.show_junction('J42');
    expect(pushed).toEqual(['?junction=J42']);
    vi.stubGlobal('location', { search: '?street=Navoiy', pathname: '/' });
    app.recall();

    expect([app.junction, app.street]).toEqual([null, 'Navoiy']);
  });

  it('forgets the group asked about when the address leads to another junction, whose groups have the same names', () => {
    const app = app_at('?junction=J42');
    app.asked_group = 's-left';
    app.recall();
    expect(app.asked_group).toBe('s-left');

    vi.stubGlobal('location', { search: '?junction=J43', pathname: '/' });
    app.recall();

    expect(app.asked_group).toBeNull();
  });

  it('is kept when the same street is asked for again: the map only goes back to it', () => {
    const street = city.streets[0]!;
    const app = app_at(`?${new URLSearchParams({ street: street.name })}`);
    const seen = { box: [0, 0, 1, 1] as [number, number, number, number], junctions: ['J42'] };
    app.street_view = seen;

    app.show_street(street.name);

    expect(app.street_view).toEqual(seen);
    expect(app.goto).toEqual(street);
    expect(pushed).toEqual([]);
  });
});
