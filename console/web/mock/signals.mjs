// Signals of the invented city: stages in turn with random greens inside bounds, cars that obey them.
import { random_from } from './city.mjs';

const clear_ms = 5000;
const amber_ms = 3000;
const walk_clear_ms = 6000;

export class MockSignal {
  constructor(junction, doc, seed, now_ms) {
    this.junction = junction;
    this.random = random_from(seed);
    this.by_id = new Map(junction.groups.map((group, i) => [group.id, i]));
    this.lamps = junction.groups.map(() => ({ aspect: 'red', since_ms: now_ms - 40_000, called: false, called_since_ms: null }));
    this.mode = 'normal';
    this.source = seed % 5 === 0 ? 'timetable' : 'horizon';
    this.plan = [];
    this.entering_until = 0;
    this.stage = Math.floor(this.random() * junction.stages.length);
    this.events = [];
    this.past = { stages: [], groups: junction.groups.map(() => []) };
    this.last_ms = now_ms - 120_000;
    this.enter(this.stage, this.last_ms);
    this.queues = new Map();
    this.foes = conflicts_of(junction, doc);
    this.heard = true;
    while (this.last_ms < now_ms) this.step(this.last_ms + 100);
  }

  enter(stage, now_ms) {
    this.stage = stage;
    this.stage_since = now_ms;
    this.entering_until = now_ms + clear_ms;
    const length = this.junction.stages[stage].groups.some((id) => id.startsWith('walk')) ? 24_000 : 11_000;
    const green = length * (0.7 + 0.7 * this.random());
    this.earliest = this.entering_until + 7000 + 0.25 * green;
    this.latest = this.entering_until + 7000 + 1.2 * green;
    this.end = this.earliest + this.random() * (this.latest - this.earliest);
    if (this.source === 'timetable') this.earliest = this.latest = this.end;
    this.reason = ['serve_queue', 'platoon', 'serve_queue', 'call', 'wait_limit'][Math.floor(this.random() * 5)];
    this.events.unshift({ at_ms: Math.round(now_ms), junction: this.junction.id, kind: 'stage_begun', detail: this.junction.stages[stage].id });
    this.events.length = Math.min(12, this.events.length);
    this.past.stages.push({ stage: this.junction.stages[stage].id, from_ms: Math.round(now_ms) });
  }

  set(i, aspect, at_ms) {
    const lamp = this.lamps[i];
    if (lamp.aspect === aspect) return;
    lamp.aspect = aspect;
    lamp.since_ms = Math.round(at_ms);
    if (aspect === 'green') [lamp.called, lamp.called_since_ms] = [false, null];
    this.past.groups[i].push({ aspect, from_ms: lamp.since_ms });
  }

  step(now_ms) {
    this.last_ms = now_ms;
    if (this.mode !== 'normal') return;
    if (now_ms >= this.end) this.enter((this.stage + 1) % this.junction.stages.length, now_ms);
    const green = new Set(this.junction.stages[this.stage].groups);
    this.junction.groups.forEach((group, i) => {
      const lamp = this.lamps[i];
      const walk = group.type === 'pedestrian';
      if (!green.has(group.id)) {
        if (lamp.aspect === 'green') this.set(i, walk ? 'flashing_green' : 'amber', now_ms);
        else if (lamp.aspect === 'amber' && now_ms - lamp.since_ms >= amber_ms) this.set(i, 'red', now_ms);
        else if (lamp.aspect === 'flashing_green' && now_ms - lamp.since_ms >= amber_ms) this.set(i, 'red', now_ms);
      } else if (now_ms >= this.entering_until && lamp.aspect !== 'green') {
        const over = walk && now_ms > this.end - walk_clear_ms;
        if (lamp.aspect === 'flashing_green' && now_ms - lamp.since_ms > walk_clear_ms) this.set(i, 'red', now_ms);
        else if (!over && lamp.aspect !== 'flashing_green') this.set(i, 'green', now_ms);
      } else if (walk && lamp.aspect === 'green' && now_ms > this.end - walk_clear_ms) {
        this.set(i, 'flashing_green', now_ms);
      }
      if (lamp.aspect === 'red' && !lamp.called && this.random() < 0.004) [lamp.called, lamp.called_since_ms] = [true, Math.round(now_ms)];
    });
    const since = now_ms - 150_000;
    for (const list of [this.past.stages, ...this.past.groups]) while (list.length > 1 && list[1].from_ms < since) list.shift();
  }

  ahead() {
    const entries = [];
    let [earliest, latest] = [this.earliest, this.latest];
    entries.push({ stage: this.stage, reason: this.source === 'timetable' ? 'timetable' : this.reason, begin_earliest_ms: this.stage_since, begin_latest_ms: this.stage_since, end_earliest_ms: Math.max(earliest, this.last_ms), end_latest_ms: latest, min_end_ms: this.entering_until + 7000 });
    for (let k = 1; k < 5; k++) {
      const stage = (this.stage + k) % this.junction.stages.length;
      const length = this.junction.stages[stage].groups.some((id) => id.startsWith('walk')) ? 26_000 : 12_000;
      const begin = [Math.max(earliest, this.last_ms) + clear_ms, latest + clear_ms];
      earliest = begin[0] + length * (this.source === 'timetable' ? 1 : 0.7);
      latest = begin[1] + length;
      entries.push({ stage, reason: this.source === 'timetable' ? 'timetable' : k === 1 ? 'serve_queue' : 'platoon', begin_earliest_ms: begin[0], begin_latest_ms: begin[1], end_earliest_ms: earliest, end_latest_ms: latest });
    }
    return entries.map((entry) => ({ skippable: false, rests: false, ...entry, stage: this.junction.stages[entry.stage].id, ...Object.fromEntries(Object.entries(entry).filter(([key]) => key.endsWith('_ms')).map(([key, ms]) => [key, Math.round(ms)])) }));
  }

  next_of(i, ahead) {
    const id = this.junction.groups[i].id;
    const holds = (entry) => this.junction.stages.find((stage) => stage.id === entry.stage).groups.includes(id);
    const lit = ['green', 'flashing_green'].includes(this.lamps[i].aspect);
    if (lit) {
      if (!holds(ahead[0])) return { aspect: 'red', earliest_ms: this.last_ms, latest_ms: this.lamps[i].since_ms + amber_ms };
      return { aspect: 'red', earliest_ms: ahead[0].end_earliest_ms, latest_ms: ahead[0].end_latest_ms };
    }
    if (holds(ahead[0]) && this.last_ms < this.entering_until) return { aspect: 'green', earliest_ms: Math.round(this.entering_until), latest_ms: Math.round(this.entering_until) };
    const entry = ahead.slice(1).find(holds);
    return entry ? { aspect: 'green', earliest_ms: entry.begin_earliest_ms, latest_ms: entry.begin_latest_ms } : null;
  }

  why_of(i, ahead) {
    if (['green', 'flashing_green'].includes(this.lamps[i].aspect)) return {};
    const id = this.junction.groups[i].id;
    const foes = this.foes.get(id) ?? [];
    const blocked = foes.filter((foe) => ['green', 'flashing_green'].includes(this.lamps[this.by_id.get(foe)].aspect));
    const clearing = foes.filter((foe) => this.lamps[this.by_id.get(foe)].aspect === 'amber');
    const holds = (entry) => this.junction.stages.find((stage) => stage.id === entry.stage).groups.includes(id);
    const at = ahead.findIndex((entry, k) => (k > 0 || this.last_ms < this.entering_until) && holds(entry));
    return {
      waiting_for: blocked[0] ?? clearing[0] ?? null, stage: at >= 0 ? ahead[at].stage : null, earliest_ms: Math.round(this.last_ms + 5000),
      blocked_by: blocked, clearing, in_stage: at >= 0 ? at : null, limit_ms: blocked.length > 0 ? Math.round(this.stage_since + 65_000) : null,
    };
  }

  parts(detectors, queues) {
    const ahead = this.mode === 'normal' ? this.ahead() : [];
    const lamps = this.lamps.map((lamp, i) => ({ ...lamp, next: ahead.length > 0 ? this.next_of(i, ahead) : null }));
    return {
      state: {
        mode: this.mode, source: this.source, stage: this.junction.stages[this.stage].id, stage_since_ms: Math.round(this.stage_since),
        entering: this.last_ms < this.entering_until, lease_until_ms: this.source === 'horizon' ? Math.round(this.last_ms / 10_000) * 10_000 + 60_000 : null,
        timetable: 'morning', in_service_ms: null,
      },
      lamps: { changed_ms: Math.max(...this.lamps.map((lamp) => lamp.since_ms)), groups: lamps },
      ahead,
      why: this.junction.groups.map((_, i) => (this.mode === 'normal' ? this.why_of(i, ahead) : {})),
      detectors, queues, events: this.events,
    };
  }
}

function conflicts_of(junction, doc) {
  const together = new Map(junction.groups.map((group) => [group.id, new Set([group.id])]));
  for (const stage of junction.stages) for (const a of stage.groups) for (const b of stage.groups) together.get(a).add(b);
  void doc;
  return new Map(junction.groups.map((group) => [group.id, junction.groups.map((one) => one.id).filter((id) => !together.get(group.id).has(id))]));
}

/** Cars on the lanes before and behind one junction; they queue at red and go at green. */
export class MockTraffic {
  constructor(doc, signal, seed) {
    this.doc = doc;
    this.signal = signal;
    this.random = random_from(seed);
    this.number = seed * 100_000;
    const lane = new Map(doc.lanes.map((one) => [one.id, one]));
    this.ways = doc.movements.filter((movement) => movement.junction === signal.junction.id).map((movement) => {
      const group = signal.junction.groups.find((one) => one.movements.includes(movement.id));
      const from = lane.get(movement.from);
      const to = lane.get(movement.to);
      const line = [...from.shape, ...movement.shape.slice(1), ...to.shape.slice(1)];
      const at = [0];
      for (let i = 1; i < line.length; i++) at.push(at[i - 1] + Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]));
      return { line, at, stop_m: from.length_m, group: group ? signal.by_id.get(group.id) : -1, lane: from.id, start_m: Math.max(0, from.length_m - 260), end_m: Math.min(at.at(-1), from.length_m + 220) };
    });
    this.cars = [];
  }

  step(dt_s) {
    for (const way of this.ways) if (this.random() < dt_s * 0.035) this.add(way);
    const lanes = new Map();
    for (const car of this.cars) lanes.set(car.way.lane, [...(lanes.get(car.way.lane) ?? []), car]);
    for (const list of lanes.values()) {
      list.sort((a, b) => b.x - a.x);
      list.forEach((car, i) => this.drive(car, list.slice(0, i).reverse().find((other) => other.x > car.x), dt_s));
    }
    this.cars = this.cars.filter((car) => car.x < car.way.end_m);
  }

  add(way) {
    if (this.cars.some((car) => car.way.lane === way.lane && car.x < way.start_m + 14)) return;
    const kind = this.random() < 0.08 ? 'bus' : 'car';
    this.cars.push({ n: ++this.number, way, x: way.start_m, v: 12, length: kind === 'bus' ? 11.5 : 4.5, kind });
  }

  drive(car, ahead, dt_s) {
    const { way } = car;
    const lit = way.group < 0 || ['green', 'flashing_green'].includes(this.signal.lamps[way.group].aspect) || this.signal.mode !== 'normal';
    let gap = Infinity;
    if (!lit && car.x < way.stop_m - 1) gap = way.stop_m - 1.5 - car.x;
    if (ahead && (ahead.way === way || car.x < way.stop_m)) gap = Math.min(gap, ahead.x - ahead.length - 2.2 - car.x);
    const wanted = Math.max(0, Math.min(13, Math.sqrt(Math.max(0, 2 * 2.6 * gap))));
    car.v += Math.max(-5 * dt_s, Math.min(2.2 * dt_s, wanted - car.v));
    car.x += Math.max(0, Math.min(car.v * dt_s, Math.max(0, gap)));
  }

  pose(car) {
    const { line, at } = car.way;
    const spot = (along) => {
      let i = 1;
      while (i + 1 < at.length && at[i] < along) i++;
      const s = (along - at[i - 1]) / Math.max(0.01, at[i] - at[i - 1]);
      return [line[i - 1][0] + s * (line[i][0] - line[i - 1][0]), line[i - 1][1] + s * (line[i][1] - line[i - 1][1])];
    };
    const a = spot(Math.max(0, car.x - car.length));
    const b = spot(car.x);
    return [car.n, Math.round(b[0] * 100) / 100, Math.round(b[1] * 100) / 100, Math.round((Math.atan2(b[1] - a[1], b[0] - a[0]) * 1800) / Math.PI) / 10, car.length, car.kind, Math.round(car.v * 10) / 10];
  }

  covers(detector) {
    return this.cars.some((car) => car.way.lane === detector.lane && car.x > detector.position_m - detector.length_m && car.x - car.length < detector.position_m);
  }

  queues() {
    const lanes = new Map();
    for (const car of this.cars) if (car.v < 1.5 && car.x < car.way.stop_m) lanes.set(car.way.lane, (lanes.get(car.way.lane) ?? 0) + 1);
    return [...lanes].map(([lane, vehicles]) => ({ lane, vehicles, deviation: 0.8 }));
  }
}
