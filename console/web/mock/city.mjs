// A small invented city for trying the page without a centre: a bent grid of named streets, signals
// where the larger ones cross, a river and parks. Nothing of it leaves this folder.

export function random_from(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let x = Math.imul(a ^ (a >>> 15), 1 | a);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4294967296;
  };
}

const east_west = ['Abdulla Qodiriy', 'Beruniy', 'Navoiy', 'Bunyodkor', 'Mustaqillik'];
const north_south = ['Farobiy', 'Sag‘bon', 'O‘zbekiston', 'Amir Temur', 'Shota Rustaveli', 'Mirzo Ulug‘bek', 'Parkent'];
const minors = ['Furqat', 'Labzak', 'Asaka', 'Nukus', 'Muqimiy', 'Osiyo', 'Bobur', 'Qatortol', 'Gulzor', 'Chorsu', 'Bog‘ishamol', 'Tafakkur'];

const lane_m = 3.3;
const half_junction_m = 17;

function bent(x, y) {
  return [
    x + 90 * Math.sin(y / 700) + 40 * Math.sin((x + y) / 900),
    y + 110 * Math.sin(x / 1100 + 0.6) - 0.05 * x,
  ];
}

const unit = (a, b) => {
  const d = Math.hypot(b[0] - a[0], b[1] - a[1]);
  return [(b[0] - a[0]) / d, (b[1] - a[1]) / d];
};
const round = (p) => p.map((v) => Math.round(v * 100) / 100);

function offset_line(line, right_m) {
  return line.map((p, i) => {
    const u = unit(line[Math.max(0, i - 1)], line[Math.min(line.length - 1, i + 1)]);
    return round([p[0] + u[1] * right_m, p[1] - u[0] * right_m]);
  });
}

function curve(a, ua, b, ub) {
  const d = Math.hypot(b[0] - a[0], b[1] - a[1]) * 0.5;
  const c1 = [a[0] + ua[0] * d, a[1] + ua[1] * d];
  const c2 = [b[0] - ub[0] * d, b[1] - ub[1] * d];
  return Array.from({ length: 9 }, (_, i) => {
    const t = i / 8;
    const s = 1 - t;
    return round([0, 1].map((k) => s ** 3 * a[k] + 3 * s * s * t * c1[k] + 3 * s * t * t * c2[k] + t ** 3 * b[k]));
  });
}

/** `line` without its first and last metres. */
function cut(line, begin_m, end_m) {
  const total = line.slice(1).reduce((sum, p, i) => sum + Math.hypot(p[0] - line[i][0], p[1] - line[i][1]), 0);
  const at = (along) => {
    for (let i = 1; i < line.length; i++) {
      const d = Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
      if (along <= d || i + 1 === line.length) {
        const s = along / d;
        return [line[i - 1][0] + s * (line[i][0] - line[i - 1][0]), line[i - 1][1] + s * (line[i][1] - line[i - 1][1])];
      }
      along -= d;
    }
    return line[0];
  };
  return Array.from({ length: 7 }, (_, i) => at(begin_m + ((total - begin_m - end_m) * i) / 6));
}

function length_of(line) {
  return line.slice(1).reduce((sum, p, i) => sum + Math.hypot(p[0] - line[i][0], p[1] - line[i][1]), 0);
}

export function make_city() {
  const doc = {
    version: 1,
    city: { id: 'invented', name: 'Toshkent', geographic: true, simulated: true },
    bounds: [0, 0, 0, 0], areas: [], links: [], lanes: [], movements: [], crossings: [], detectors: [], junctions: [], cameras: [],
  };
  const nodes = new Map();
  const xs = north_south.length;
  const ys = east_west.length;
  const place = (i, j) => bent(i * 640 - 1900 + (j % 2) * 30, 1300 - j * 560);
  for (let i = 0; i < xs; i++) {
    for (let j = 0; j < ys; j++) {
      const id = `J${i + 1}${j + 1}`;
      nodes.set(`${i},${j}`, { id, at: place(i, j), in: [], out: [], name: `${north_south[i]} / ${east_west[j]}` });
    }
  }
  const add_way = (from, to, a, b, street, lanes, klass) => {
    const middle = Array.from({ length: 7 }, (_, k) => {
      const t = k / 6;
      const p = [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
      const bow = Math.sin(Math.PI * t) * 14;
      const u = unit(a[0] + a[1] < b[0] + b[1] ? a : b, a[0] + a[1] < b[0] + b[1] ? b : a);
      return [p[0] - u[1] * bow, p[1] + u[0] * bow];
    });
    const shape = cut(middle, from ? half_junction_m : 0, to ? half_junction_m : 0);
    const id = `L${doc.links.length}`;
    const link = {
      id, street, class: klass, upstream: from?.id ?? null, downstream: to?.id ?? null, lanes: [],
      shape: offset_line(shape, (lanes * lane_m) / 2 + 0.4), width_m: lanes * lane_m,
    };
    for (let n = 0; n < lanes; n++) {
      const lane = {
        id: `${id}_${n}`, link: id, number: n, width_m: lane_m, vehicles: true, length_m: 0,
        shape: offset_line(shape, 0.4 + lane_m * (lanes - n - 0.5)),
      };
      lane.length_m = Math.round(length_of(lane.shape) * 100) / 100;
      link.lanes.push(lane.id);
      doc.lanes.push(lane);
    }
    doc.links.push(link);
    from?.out.push(link);
    to?.in.push(link);
  };
  const both = (p, q, street, lanes, klass) => {
    const a = p.at;
    const b = q.at;
    add_way(p.id ? p : null, q.id ? q : null, a, b, street, lanes, klass);
    add_way(q.id ? q : null, p.id ? p : null, b, a, street, lanes, klass);
  };
  for (let i = 0; i < xs; i++) {
    for (let j = -1; j < ys; j++) {
      const p = nodes.get(`${i},${j}`) ?? { at: place(i, j + 0.35) };
      const q = nodes.get(`${i},${j + 1}`) ?? { at: place(i, j + 0.7) };
      both(p, q, `${north_south[i]} ${i % 3 === 0 ? 'shoh ko‘chasi' : 'ko‘chasi'}`, i % 3 === 0 ? 3 : 2, i % 3 === 0 ? 'arterial' : 'collector');
    }
  }
  for (let j = 0; j < ys; j++) {
    for (let i = -1; i < xs; i++) {
      const p = nodes.get(`${i},${j}`) ?? { at: place(i + 0.4, j) };
      const q = nodes.get(`${i + 1},${j}`) ?? { at: place(i + 0.6, j) };
      both(p, q, `${east_west[j]} ko‘chasi`, j % 2 === 1 ? 3 : 2, j % 2 === 1 ? 'arterial' : 'collector');
    }
  }
  const random = random_from(7);
  for (let i = 0; i < xs - 1; i++) {
    for (let j = 0; j < ys - 1; j++) {
      for (const s of [0.3, 0.52, 0.74]) {
        const name = random() < 0.25 ? `${minors[Math.floor(random() * minors.length)]} ko‘chasi` : '';
        if (random() < 0.75) both({ at: place(i + s, j + 0.02) }, { at: place(i + s, j + 0.98) }, name, 1, 'minor');
        if (random() < 0.6) both({ at: place(i + 0.02, j + s) }, { at: place(i + 0.98, j + s) }, '', 1, 'minor');
      }
    }
  }
  for (const node of nodes.values()) add_junction(doc, node);
  const west = bent(-2300, 900);
  const river = Array.from({ length: 40 }, (_, k) => [west[0] + k * 125, 700 - 18 * k + 170 * Math.sin(k / 4)]);
  doc.areas.push({ kind: 'river', shape: [...offset_line(river, 34), ...offset_line(river, -34).reverse()] });
  for (const [x, y, r] of [[-1250, 380, 150], [1080, 520, 130], [300, -700, 170]]) {
    doc.areas.push({ kind: 'park', shape: Array.from({ length: 14 }, (_, k) => round([x + r * 1.3 * Math.cos(k * 0.449) * (0.85 + 0.15 * Math.sin(k * 2)), y + r * Math.sin(k * 0.449)])) });
  }
  const xsall = doc.lanes.flatMap((lane) => lane.shape.map((p) => p[0]));
  const ysall = doc.lanes.flatMap((lane) => lane.shape.map((p) => p[1]));
  doc.bounds = [Math.min(...xsall), Math.min(...ysall), Math.max(...xsall), Math.max(...ysall)];
  const own = nodes.get('3,2');
  doc.cameras.push({
    id: '3', junction: own.id, width: 640, height: 360, at: round([own.at[0] - 34, own.at[1] + 12]), yaw_deg: 180, rendered: true,
    lines: [
      { name: 'in, left', p1: [110, 190], p2: [190, 186], direction: 'down', detector: null },
      { name: 'in, middle', p1: [200, 186], p2: [290, 182], direction: 'down', detector: null },
      { name: 'out', p1: [350, 150], p2: [520, 145], direction: 'up', detector: null },
    ],
  });
  return doc;
}

const compass_of = (u) => (Math.abs(u[0]) > Math.abs(u[1]) ? (u[0] > 0 ? 'w' : 'e') : u[1] > 0 ? 's' : 'n');

function add_junction(doc, node) {
  const lane_of = (id) => doc.lanes.find((lane) => lane.id === id);
  const end = (lane) => lane.shape.at(-1);
  const dir_end = (lane) => unit(lane.shape.at(-2), lane.shape.at(-1));
  const dir_begin = (lane) => unit(lane.shape[0], lane.shape[1]);
  const groups = [];
  const turn = (u, v) => {
    const cross = u[0] * v[1] - u[1] * v[0];
    const dot = u[0] * v[0] + u[1] * v[1];
    return dot > 0.6 ? 'straight' : dot < -0.6 ? 'u_turn' : cross > 0 ? 'left' : 'right';
  };
  const detectors = [];
  const approaches = node.in.map((link) => ({ link, side: compass_of(dir_end(lane_of(link.lanes[0]))) }));
  approaches.sort((a, b) => 'wesn'.indexOf(a.side) - 'wesn'.indexOf(b.side));
  for (const { link, side } of approaches) {
    const through = [];
    const left = [];
    for (const id of link.lanes) {
      const lane = lane_of(id);
      const leftmost = lane.number === link.lanes.length - 1;
      for (const out of node.out) {
        const first = lane_of(out.lanes[0]);
        const way = turn(dir_end(lane), dir_begin(first));
        if (way === 'u_turn' || (way === 'right' && lane.number !== 0)) continue;
        if ((way === 'left') !== leftmost) continue;
        const n = way === 'right' ? 0 : way === 'left' ? out.lanes.length - 1 : Math.min(lane.number, out.lanes.length - 1);
        const to = lane_of(out.lanes[n]);
        const movement = { id: `${id}>${to.id}`, junction: node.id, from: id, to: to.id, turn: way, shape: curve(end(lane), dir_end(lane), to.shape[0], dir_begin(to)) };
        doc.movements.push(movement);
        (way === 'left' ? left : through).push(movement.id);
      }
      for (const away of [6, 82]) {
        if (lane.length_m < away + 10) continue;
        const detector = {
          id: `D${doc.detectors.length}`, junction: node.id, kind: 'presence', lane: id, crossing: null,
          position_m: Math.round((lane.length_m - away) * 100) / 100, length_m: 4, camera: false, calls: [],
        };
        doc.detectors.push(detector);
        detectors.push(detector);
      }
    }
    const group = (movements, kind) => {
      if (movements.length === 0) return;
      groups.push({ id: `${side}-${kind}`, type: 'vehicle', movements, crossings: [], min_green_s: 7, max_green_s: 60, side, kind });
    };
    group(through, 'through');
    group(left, 'left');
  }
  for (const { link, side } of approaches) {
    const leftmost = lane_of(link.lanes.at(-1));
    const u = dir_end(leftmost);
    const normal = [u[1], -u[0]];
    const at = [end(leftmost)[0] + u[0] * 4, end(leftmost)[1] + u[1] * 4];
    const wide = link.lanes.length * lane_m + 0.4;
    const a = [at[0] + normal[0] * (wide - lane_m / 2 + 1), at[1] + normal[1] * (wide - lane_m / 2 + 1)];
    const out = node.out.find((one) => turn(u, dir_begin(lane_of(one.lanes[0]))) === 'u_turn');
    const other = out ? out.lanes.length * lane_m + 1.4 : 1;
    const b = [at[0] - normal[0] * (other + lane_m / 2), at[1] - normal[1] * (other + lane_m / 2)];
    const crossing = { id: `${node.id}-${side}`, junction: node.id, shape: [round(a), round(b)], width_m: 4 };
    doc.crossings.push(crossing);
    groups.push({ id: `walk-${side}`, type: 'pedestrian', movements: [], crossings: [crossing.id], min_green_s: 10, max_green_s: 40, side, kind: 'walk' });
  }
  const ids = (wanted) => groups.filter(wanted).map((group) => group.id);
  const we = (group) => 'we'.includes(group.side);
  const stages = [
    { id: 'A', groups: ids((g) => (g.kind === 'through' && we(g)) || (g.kind === 'walk' && !we(g))) },
    { id: 'B', groups: ids((g) => g.kind === 'left' && we(g)) },
    { id: 'C', groups: ids((g) => (g.kind === 'through' && !we(g)) || (g.kind === 'walk' && we(g))) },
    { id: 'D', groups: ids((g) => g.kind === 'left' && !we(g)) },
  ].filter((stage) => stage.groups.length > 0);
  for (const detector of detectors) {
    detector.calls = groups.filter((group) => group.movements.some((id) => id.startsWith(`${detector.lane}>`))).map((group) => group.id);
  }
  doc.junctions.push({
    id: node.id, name: node.name, aliases: [], centre: round(node.at), outline: [],
    groups: groups.map(({ side: _side, kind: _kind, ...group }) => group),
    stages, timetables: [{ id: 'morning', cycle_s: 96, offset_s: 0 }], detectors: detectors.map((detector) => detector.id),
  });
}
