import { city_of, nearest_camera, type City, type Street } from './city';
import { connection_age_ms, is_cut_off } from './feed/age';
import { Connection, type Listener } from './feed/connection';
import type { CameraDoc, Frame, JunctionFrame, Network, Picture, Xy } from './feed/contract';
import { looking_at, nothing_known, with_frame, type Live } from './feed/live';
import { Latencies } from './latency';
import { Meter } from './meter';
import { Index } from './search/match';

export const themes = ['dim', 'day', 'contrast'] as const;
export type Theme = (typeof themes)[number];

/** What the map may leave out. */
export const layers = ['names', 'background', 'cameras', 'vehicles', 'detectors'] as const;
export type Layer = (typeof layers)[number];

const clock_every_ms = 100;
const hidden_every_ms = 500; // a hidden page draws nothing

/** What this browser kept; a browser that stores nothing has nothing. */
function stored(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function store(name: string, value: string): void {
  try {
    localStorage.setItem(name, value);
  } catch {
    // a browser that stores nothing keeps it for this visit
  }
}

function of_address(name: 'junction' | 'street'): string | null {
  return new URLSearchParams(location.search).get(name);
}

/** All that the page holds. What is drawn follows from it. */
export class App implements Listener {
  city = $state.raw<City | null>(null);
  index = $derived(this.city ? new Index(this.city) : null);
  live = $state.raw<Live>(nothing_known);
  shown = $state.raw<{ picture: Picture; here_ms: number } | null>(null); // the newest picture
  here_ms = $state(performance.now());
  connected = $state(false);
  next_try_ms = $state<number | null>(null);
  city_missing = $state(false);

  theme = $state<Theme>(themes.find((theme) => theme === stored('theme')) ?? 'dim');
  single_keys = $state(stored('single_keys') !== 'off'); // shortcuts without Ctrl
  hidden_layers = $state.raw<ReadonlySet<Layer>>(new Set());
  junction = $state<string | null>(of_address('junction'));
  street = $state<string | null>(of_address('street')); // its signals are what the overview is about
  listed: string[] = []; // the signals of the table, in its order
  chosen = $state<string | null>(null); // a signal under the keyboard or the search
  camera_wanted = $state<string | null>(null);
  search_open = $state(false);
  help_open = $state(false);
  diagnostics_open = $state(false);
  asked_group = $state<string | null>(null);
  map_centre = $state.raw<Xy | null>(null);
  street_view = $state.raw<{ box: [number, number, number, number]; junctions: string[] } | null>(null);
  goto = $state.raw<Xy | Street | null>(null); // the map goes there

  readonly latencies = new Latencies();
  readonly frames = new Meter(); // that came
  readonly draws = new Meter(); // of the map
  reconnections = 0;
  missed = 0; // frames that the server dropped because this page was slow
  readonly age_ms = $derived(connection_age_ms(this.live, this.here_ms));
  readonly cut_off = $derived(is_cut_off(this.age_ms, this.connected));
  readonly model = $derived(this.junction === null ? null : (this.city?.junction.get(this.junction) ?? null));
  readonly detail = $derived(this.junction === null ? undefined : this.live.details[this.junction]);
  readonly offset_s = $derived(this.live.hello?.utc_offset_s ?? 0);
  readonly now_ms = $derived(this.live.last ? this.live.last.at_ms + (this.here_ms - this.live.last.here_ms) : null);
  readonly camera = $derived(this.#camera());
  readonly street_model = $derived<Street | null>(this.city?.streets.find((street) => street.name === this.street) ?? null);

  #connection: Connection | null = null;
  #loading = false;
  #wanted = '';
  #seq = 0;
  #folded: Live = nothing_known; // all that came; `live` is what is shown of it
  #unshown: JunctionFrame[] = [];
  #shows_soon = false;

  start(): void {
    document.documentElement.dataset.theme = this.theme;
    void this.#load();
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#connection = new Connection(`${scheme}://${location.host}/live`, this);
    setInterval(() => this.#tick(), clock_every_ms);
    document.addEventListener('visibilitychange', () => this.#show());
    window.addEventListener('popstate', () => this.recall());
  }

  /** Looks at what the address says. */
  recall(): void {
    const junction = of_address('junction');
    if (junction !== this.junction) this.asked_group = null; // other junctions number their groups alike
    this.junction = junction;
    this.street = of_address('street');
  }

  /** Ages and countdowns go on where no frame moves them. */
  #tick(): void {
    const now_ms = performance.now();
    if (now_ms - this.here_ms >= clock_every_ms * 0.8) this.here_ms = now_ms;
  }

  frame(frame: Frame, here_ms: number, wall_ms: number, bytes: number): void {
    this.frames.add(here_ms, bytes);
    if (frame.type !== 'hello' && frame.seq > this.#seq + 1) this.missed += frame.seq - this.#seq - 1;
    this.#seq = frame.seq;
    this.#folded = with_frame(this.#folded, frame, here_ms, wall_ms);
    if (frame.type === 'hello') this.#greeted(frame.network);
    if (frame.type === 'junction') this.#unshown.push(frame);
    this.#show_soon();
  }

  /** Frames are only folded as they come, which costs little; what follows from them is worked out once for each
   *  picture on the screen, so that a busy browser shows the newest and never works through a queue of old ones. */
  #show_soon(): void {
    if (this.#shows_soon) return;
    this.#shows_soon = true;
    if (document.hidden) setTimeout(() => this.#show(), hidden_every_ms);
    else requestAnimationFrame(() => this.#show());
  }

  #show(): void {
    if (!this.#shows_soon) return;
    this.#shows_soon = false;
    this.live = this.#folded;
    this.here_ms = performance.now();
    for (const frame of this.#unshown) this.latencies.heard(frame, this.live);
    this.#unshown = [];
    if (document.hidden) this.latencies.hidden();
  }

  picture(picture: Picture, bytes: number): void {
    const here_ms = performance.now();
    this.frames.add(here_ms, bytes);
    this.shown = { picture, here_ms };
  }

  open(): void {
    this.connected = true;
    this.next_try_ms = null;
    this.#wanted = '';
    this.want();
  }

  lost(wait_ms: number): void {
    if (this.connected) this.reconnections++;
    this.connected = false;
    this.next_try_ms = performance.now() + wait_ms;
  }

  /** Tells the server what is in view; call it when that changed. */
  want(): void {
    const street = this.street_view;
    const junctions = this.junction === null ? (street?.junctions ?? []) : [this.junction];
    const view = { junctions, box: street?.box ?? null, camera: this.camera?.id ?? null };
    const text = JSON.stringify(view);
    if (text === this.#wanted || !this.connected) return;
    this.#wanted = text;
    this.#connection?.want(view);
    this.#folded = looking_at(this.#folded, junctions, street !== null);
    this.live = looking_at(this.live, junctions, street !== null);
  }

  show_junction(id: string | null): void {
    if (id === this.junction) return;
    this.junction = id;
    this.asked_group = null;
    this.street_view = null;
    this.#remember();
  }

  /** The overview of one street; null: of the whole city. */
  show_street(name: string | null): void {
    if (this.junction === null && name === this.street) {
      this.goto = this.street_model; // the map may have left it
      return;
    }
    this.street = name;
    this.junction = null;
    this.street_view = null;
    this.#remember();
  }

  show_city(): void {
    if (this.junction === null && this.street === null) return;
    this.show_street(null);
  }

  /** What is looked at stands in the address, so that a link opens the same. */
  #remember(): void {
    const parts = new URLSearchParams();
    if (this.street !== null) parts.set('street', this.street);
    if (this.junction !== null) parts.set('junction', this.junction);
    const query = parts.toString();
    history.pushState(null, '', query === '' ? location.pathname : `?${query}`);
  }

  set_theme(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    store('theme', theme);
  }

  next_theme(): void {
    this.set_theme(themes[(themes.indexOf(this.theme) + 1) % themes.length] as Theme);
  }

  set_single_keys(on: boolean): void {
    this.single_keys = on;
    store('single_keys', on ? 'on' : 'off');
  }

  set_layer(layer: Layer, shown: boolean): void {
    const hidden = new Set(this.hidden_layers);
    if (shown) hidden.delete(layer);
    else hidden.add(layer);
    this.hidden_layers = hidden;
  }

  next_camera(): void {
    const cameras = this.#cameras();
    if (cameras.length === 0) return;
    const at = cameras.findIndex((camera) => camera.id === this.camera?.id);
    this.camera_wanted = cameras[(at + 1) % cameras.length]?.id ?? null;
  }

  choose_next(step: 1 | -1): void {
    const list = this.listed;
    if (list.length === 0) return;
    const at = list.indexOf(this.chosen ?? '');
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
    this.chosen = next ?? null;
    document.getElementById(`signal-${this.city?.junction.get(next ?? '')?.n}`)?.focus();
  }

  #cameras(): CameraDoc[] {
    if (!this.city) return [];
    return this.model ? this.model.cameras : this.city.doc.cameras;
  }

  #camera(): CameraDoc | null {
    const cameras = this.#cameras();
    const wanted = cameras.find((camera) => camera.id === this.camera_wanted);
    if (wanted) return wanted;
    if (this.model || !this.city) return cameras[0] ?? null;
    return this.map_centre ? nearest_camera(this.city, this.map_centre) : (cameras[0] ?? null);
  }

  #greeted(etag: string): void {
    if (this.city && this.city.etag !== etag) void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const answer = await fetch('/api/network');
      if (!answer.ok) throw new Error(String(answer.status));
      const doc = (await answer.json()) as Network;
      this.city = city_of(doc, answer.headers.get('etag') ?? '');
      this.city_missing = false;
    } catch {
      this.city_missing = true;
      setTimeout(() => void this.#load(), 2000);
    } finally {
      this.#loading = false;
    }
  }
}
