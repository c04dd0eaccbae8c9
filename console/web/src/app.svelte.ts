import { camera_place, city_of, nearest_camera, type City } from './city';
import { connection_age_ms, stale_ms } from './feed/age';
import { Connection, type Listener } from './feed/connection';
import type { CameraDoc, Frame, Network, Picture, Xy } from './feed/contract';
import { looking_at, nothing_known, with_frame, type Live } from './feed/live';
import { Latencies } from './latency';
import { Index } from './search/match';

export type Theme = 'dim' | 'day';

const clock_every_ms = 100;

function stored_theme(): Theme {
  try {
    return localStorage.getItem('theme') === 'day' ? 'day' : 'dim';
  } catch {
    return 'dim';
  }
}

function junction_of_address(): string | null {
  return new URLSearchParams(location.search).get('junction');
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

  theme = $state<Theme>(stored_theme());
  junction = $state<string | null>(junction_of_address());
  chosen = $state<string | null>(null); // a signal under the keyboard or the search
  camera_wanted = $state<string | null>(null);
  search_open = $state(false);
  help_open = $state(false);
  asked_group = $state<string | null>(null);
  map_centre = $state.raw<Xy | null>(null);
  street_view = $state.raw<{ box: [number, number, number, number]; junctions: string[] } | null>(null);
  goto = $state.raw<{ at: Xy; street: boolean } | null>(null); // the map goes there

  readonly latencies = new Latencies();
  readonly age_ms = $derived(connection_age_ms(this.live, this.here_ms));
  readonly cut_off = $derived(this.age_ms >= stale_ms);
  readonly model = $derived(this.junction === null ? null : (this.city?.junction.get(this.junction) ?? null));
  readonly detail = $derived(this.junction === null ? undefined : this.live.details[this.junction]);
  readonly offset_s = $derived(this.live.hello?.utc_offset_s ?? 0);
  readonly now_ms = $derived(this.live.last ? this.live.last.at_ms + (this.here_ms - this.live.last.here_ms) : null);
  readonly camera = $derived(this.#camera());

  #connection: Connection | null = null;
  #loading = false;
  #wanted = '';
  #clock: ReturnType<typeof setInterval> | undefined;

  start(): void {
    document.documentElement.dataset.theme = this.theme;
    void this.#load();
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
    this.#connection = new Connection(`${scheme}://${location.host}/live`, this);
    this.#clock = setInterval(() => (this.here_ms = performance.now()), clock_every_ms);
    window.addEventListener('popstate', () => (this.junction = junction_of_address()));
  }

  stop(): void {
    clearInterval(this.#clock);
    this.#connection?.close();
  }

  frame(frame: Frame, here_ms: number, wall_ms: number): void {
    this.live = with_frame(this.live, frame, here_ms, wall_ms);
    this.here_ms = here_ms;
    if (frame.type === 'hello') this.#greeted(frame.network);
    if (frame.type === 'junction') this.latencies.heard(frame, this.live);
  }

  picture(picture: Picture): void {
    this.shown = { picture, here_ms: performance.now() };
  }

  open(): void {
    this.connected = true;
    this.next_try_ms = null;
    this.#wanted = '';
    this.want();
  }

  lost(wait_ms: number): void {
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
    this.live = looking_at(this.live, junctions, street !== null);
  }

  show_junction(id: string | null): void {
    if (id === this.junction) return;
    this.junction = id;
    this.asked_group = null;
    this.street_view = null;
    const address = id === null ? location.pathname : `?junction=${encodeURIComponent(id)}`;
    history.pushState(null, '', address);
  }

  set_theme(theme: Theme): void {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    try {
      localStorage.setItem('theme', theme);
    } catch {
      // a browser that stores nothing keeps the theme for this visit
    }
  }

  next_camera(): void {
    const cameras = this.#cameras();
    if (cameras.length === 0) return;
    const at = cameras.findIndex((camera) => camera.id === this.camera?.id);
    this.camera_wanted = cameras[(at + 1) % cameras.length]?.id ?? null;
  }

  choose_next(step: 1 | -1): void {
    const list = this.city?.junctions ?? [];
    if (list.length === 0) return;
    const at = list.findIndex((junction) => junction.doc.id === this.chosen);
    const next = list[at < 0 ? (step > 0 ? 0 : list.length - 1) : (at + step + list.length) % list.length];
    this.chosen = next?.doc.id ?? null;
    document.getElementById(`signal-${next?.n}`)?.focus();
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

  camera_place_of(camera: CameraDoc): Xy | null {
    return this.city ? camera_place(this.city, camera) : null;
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
