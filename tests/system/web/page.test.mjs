// The page in a real browser. CHORRAHA_URL: a running console. CHORRAHA_STAND: the stand, the real console over a
// small city, which is started. Without either the mock of console/web is started.
// Run: node --test tests/system/web/page.test.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

const root = new URL('../../../', import.meta.url).pathname;
const require = createRequire(join(root, 'console/web/package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const browser_path = process.env.CHORRAHA_CHROMIUM ?? '/usr/bin/chromium';
const given = process.env.CHORRAHA_URL;
const dist = process.env.CHORRAHA_WEB_DIST ?? join(root, 'console/web/dist');
const flags = ['--disable-dev-shm-usage', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const skip = existsSync(browser_path) ? false : `skipped: no browser at ${browser_path}`;
const wait_max_ms = 60_000;

const stand = process.env.CHORRAHA_STAND;

/** The console that this test starts and stops. */
class Own {
  async start(port = 0) {
    const [program, ...more] = stand ? [stand, String(port)] : [process.execPath, join(root, 'console/web/mock/server.mjs'), `--port=${port}`, `--dist=${dist}`];
    this.process = spawn(program, more, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.url = await new Promise((resolve, reject) => {
      this.process.stdout.on('data', (text) => resolve(String(text).trim()));
      this.process.on('exit', (code) => reject(new Error(`it ended with ${code}`)));
    });
  }

  async stop() {
    if (!this.process || this.process.exitCode !== null) return;
    const gone = new Promise((resolve) => this.process.on('exit', resolve));
    this.process.kill();
    await gone;
  }
}

const own_console = new Own();
let context;
let folder;
let url;
let network;

/** A page that remembers what went wrong and what it asked for. */
async function open(address, options = {}) {
  const page = await context.newPage();
  const told = { errors: [], outside: [], bytes: 0 };
  const own = new URL(url).host;
  page.on('console', (message) => { if (message.type() === 'error') told.errors.push(message.text()); });
  page.on('pageerror', (error) => told.errors.push(error.message));
  page.on('request', (request) => { if (!['blob:', 'data:'].includes(new URL(request.url()).protocol) && new URL(request.url()).host !== own) told.outside.push(request.url()); });
  page.on('requestfinished', async (request) => { if (!request.url().includes('/api/')) told.bytes += (await request.sizes()).responseBodySize; });
  if (options.viewport) await page.setViewportSize(options.viewport);
  if (options.media) await page.emulateMedia(options.media);
  await page.goto(address);
  return { page, told };
}

async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  return result.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
}

const sentence = /\d+ of \d+ signals follow their plan\./;
const overview_ready = (page) => page.getByText(sentence).waitFor({ timeout: wait_max_ms });
const street_address = () => `${url}?street=${encodeURIComponent(network.links.find((link) => link.street !== '' && link.downstream !== null).street)}`;
const junction_address = () => `${url}?junction=${encodeURIComponent(network.junctions[Math.min(3, network.junctions.length - 1)].id)}`;

describe('The page', { skip, timeout: 300_000 }, () => {
  before(async () => {
    if (!given) await own_console.start();
    url = (given ?? own_console.url).replace(/\/?$/, '/');
    network = await (await fetch(`${url}api/network`)).json();
    folder = mkdtempSync(join(tmpdir(), 'chorraha-page-'));
    context = await chromium.launchPersistentContext(folder, { executablePath: browser_path, headless: true, args: flags, viewport: { width: 1920, height: 1080 } });
  });

  after(async () => {
    await context?.close();
    await own_console.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('says how the city stands, without an error, an outside request or a heavy load', async () => {
    const { page, told } = await open(url);
    await overview_ready(page);
    await page.getByText('LIVE', { exact: true }).waitFor({ timeout: wait_max_ms });

    assert.deepEqual(told.errors, []);
    assert.deepEqual(told.outside, []);
    assert.ok(told.bytes > 0 && told.bytes <= 700_000, `${told.bytes} bytes`);
    assert.equal(await page.title(), `Chorraha · ${network.city.name}`);
    assert.equal(await page.getByRole('row').count(), Math.min(200, network.junctions.length) + 1 + (network.cameras[0] ? network.cameras[0].lines.length + 1 : 0));
    await page.close();
  });

  it('is served under a policy without inline scripts and styles', async () => {
    const policy = (await fetch(url)).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('shows a lamp change within the junction in view', async () => {
    const { page, told } = await open(junction_address());
    await page.waitForFunction(() => globalThis.chorraha.lampLatencies.length >= 3, undefined, { timeout: 120_000 });
    const latencies = (await page.evaluate(() => globalThis.chorraha.lampLatencies)).sort((a, b) => a - b);
    console.log(`lamp change to pixel: ${latencies.length} changes, median ${latencies[Math.floor(latencies.length / 2)]} ms, largest ${latencies.at(-1)} ms`);

    assert.ok(latencies.every((one) => Number.isFinite(one)));
    await page.getByRole('heading', { name: 'This cycle' }).waitFor();
    await page.getByRole('heading', { name: 'Why still red?' }).waitFor();
    assert.deepEqual(told.errors, []);
    assert.deepEqual(told.outside, []);
    await page.close();
  });

  for (const theme of ['Dim', 'Day', 'Contrast']) {
    it(`breaks no rule of WCAG A and AA in ${theme}`, async () => {
      const { page } = await open(url);
      await overview_ready(page);
      await page.getByRole('button', { name: theme }).click();
      assert.deepEqual(await violations(page), [], 'overview');
      await page.keyboard.press('Control+KeyK');
      await page.getByRole('combobox').fill(network.junctions[0].name.slice(0, 4));
      assert.deepEqual(await violations(page), [], 'search');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Shift+Slash');
      await page.getByRole('dialog').waitFor();
      assert.deepEqual(await violations(page), [], 'help');
      await page.keyboard.press('Escape');
      await page.keyboard.press('KeyD');
      await page.getByRole('dialog').waitFor();
      assert.deepEqual(await violations(page), [], 'diagnostics');
      await page.keyboard.press('Escape');
      await page.keyboard.press('KeyM');
      await page.getByRole('checkbox').first().waitFor();
      assert.deepEqual(await violations(page), [], 'layers');
      await page.goto(street_address());
      await overview_ready(page);
      assert.deepEqual(await violations(page), [], 'street');
      await page.goto(junction_address());
      await page.getByRole('heading', { name: 'Why still red?' }).waitFor({ timeout: wait_max_ms });
      assert.deepEqual(await violations(page), [], 'junction');
      await page.close();
    });
  }

  it('finds a signal by the first letters of its name and opens it by keyboard alone', async () => {
    const { page } = await open(url);
    await overview_ready(page);
    const name = network.junctions[0].name;
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type(name);
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name }).waitFor({ timeout: wait_max_ms });
    await page.keyboard.press('Escape');
    await overview_ready(page);
    await page.close();
  });

  it('opens a street with its signals in order, by name and by link, and goes back', async () => {
    const { page, told } = await open(url);
    await overview_ready(page);
    const name = new URL(street_address()).searchParams.get('street');
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type(name);
    await page.getByRole('option', { name: new RegExp('street') }).first().waitFor();
    await page.getByRole('option', { name: new RegExp('street') }).first().click();
    await page.getByRole('heading', { level: 1, name: new RegExp(name) }).waitFor();
    assert.equal(new URL(page.url()).searchParams.get('street'), name);
    await page.getByRole('heading', { name: `Along ${name}`, exact: true }).waitFor();
    const rows = await page.getByRole('region', { name: 'All signals with their state' }).getByRole('row').count();
    await page.goto(street_address());
    await page.getByRole('heading', { name: `Along ${name}`, exact: true }).waitFor({ timeout: wait_max_ms });
    assert.equal(await page.getByRole('region', { name: 'All signals with their state' }).getByRole('row').count(), rows);
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Signals', exact: true }).waitFor();
    assert.deepEqual(told.errors, []);
    await page.close();
  });

  it('goes back to a street that is asked for again', async () => {
    const { page, told } = await open(street_address());
    await overview_ready(page);
    const name = new URL(street_address()).searchParams.get('street');
    const scale = page.locator('.legend .scale');
    await page.waitForFunction(() => Number(document.querySelector('.legend .scale svg')?.getAttribute('width')) > 10);
    const begin = await scale.innerText();
    for (let i = 0; i < 12; i++) await page.keyboard.press('Equal');
    assert.notEqual(await scale.innerText(), begin);
    await page.keyboard.press('Control+KeyK');
    await page.keyboard.type(name);
    await page.getByRole('option', { name: new RegExp('street') }).first().click();
    await page.waitForFunction((text) => document.querySelector('.legend .scale').innerText === text, begin);
    assert.deepEqual(told.errors, []);
    await page.close();
  });

  it('closes the dialogue on top first and gives the focus back to where it was', async () => {
    const { page } = await open(url);
    await overview_ready(page);
    const has_focus = (locator) => locator.evaluate((element) => element === document.activeElement);
    const all_keys = page.getByRole('button', { name: 'All keys' });
    await all_keys.focus();
    await page.keyboard.press('Enter');
    const close = page.getByRole('dialog', { name: 'Keys' }).getByRole('button', { name: 'Close' });
    await close.waitFor();
    assert.equal(await has_focus(close), true);
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox').waitFor({ state: 'detached' });
    assert.equal(await has_focus(close), true);
    await page.keyboard.press('Escape');
    await close.waitFor({ state: 'detached' });
    assert.equal(await has_focus(all_keys), true);
    await page.close();
  });

  it('takes its keys by their place, also under a Russian layout, until they are switched off', async () => {
    const { page } = await open(url);
    await overview_ready(page);
    const press = (code, key) => page.evaluate(([code, key]) => (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true })), [code, key]);
    const on_signal = () => page.evaluate(() => document.activeElement?.id.startsWith('signal-') ?? false);
    await press('KeyJ', 'о');
    assert.equal(await on_signal(), true);

    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('Shift+Slash');
    await page.getByRole('button', { name: 'Single keys work' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.evaluate(() => document.activeElement.blur());
    await press('KeyJ', 'о');
    assert.equal(await on_signal(), false);
    await page.keyboard.press('Control+KeyK');
    await page.getByRole('combobox').waitFor();
    await page.evaluate(() => localStorage.removeItem('single_keys'));
    await page.close();
  });

  it('shows where the focus is at every stop of the keyboard', async () => {
    const { page } = await open(url);
    await overview_ready(page);
    const stops = new Set();
    for (let i = 0; i < 16; i++) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const at = document.activeElement;
        return { what: `${at.tagName} ${at.id} ${at.textContent.trim().slice(0, 30)}`, outline: getComputedStyle(at).outlineStyle, body: at === document.body };
      });
      if (stop.body) continue; // round the end of the page
      stops.add(stop.what);
      assert.notEqual(stop.outline, 'none', stop.what);
    }
    assert.ok(stops.size >= 5, [...stops].join(' | '));
    await page.close();
  });

  it('needs no sideways scrolling at twice the text size and moves nothing by itself', async () => {
    const { page } = await open(url, { viewport: { width: 960, height: 540 }, media: { reducedMotion: 'reduce' } });
    await overview_ready(page);
    for (const address of [url, street_address(), junction_address()]) {
      await page.goto(address);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), address);
      assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
    }
    await page.close();
  });

  it('says when the centre is gone and comes back by itself', { skip: given ? 'the given console is not stopped' : false }, async () => {
    const { page } = await open(url);
    await overview_ready(page);
    const port = new URL(url).port;
    await own_console.stop();
    const dead = Date.now();
    await page.getByText(/No connection to the centre for \d+ s/).waitFor({ timeout: wait_max_ms });
    console.log(`a dead centre is said after ${Date.now() - dead} ms`);
    assert.ok(await page.locator('.map.stale').count() > 0);
    assert.equal(await page.getByText('Nothing needs you.').count(), 0);
    await own_console.start(port);
    await page.getByText('LIVE', { exact: true }).waitFor({ timeout: wait_max_ms });
    await page.getByText(sentence).waitFor();
    assert.equal(await page.locator('.map.stale').count(), 0);
    await page.close();
  });
});
