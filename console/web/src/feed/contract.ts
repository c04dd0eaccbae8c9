// The live feed, version 1 (docs/live-feed.md).
export type Xy = [number, number];

export interface Network {
  version: 1;
  city: { id: string; name: string; geographic: boolean; simulated: boolean };
  bounds: [number, number, number, number];
  areas: { kind: 'river' | 'park'; shape: Xy[] }[];
  links: LinkDoc[];
  lanes: LaneDoc[];
  movements: MovementDoc[];
  crossings: CrossingDoc[];
  detectors: DetectorDoc[];
  junctions: JunctionDoc[];
  corridors?: { id: string; names: string[]; junctions: string[] }[];
  cameras: CameraDoc[];
}

export interface LinkDoc {
  id: string;
  street: string;
  class: 'arterial' | 'collector' | 'minor';
  upstream: string | null;
  downstream: string | null;
  lanes: string[];
  shape: Xy[];
  width_m: number;
}

export interface LaneDoc {
  id: string;
  link: string;
  number: number;
  shape: Xy[];
  length_m: number;
  width_m: number;
  vehicles: boolean;
}

export interface MovementDoc {
  id: string;
  junction: string | null;
  from: string;
  to: string;
  turn: 'straight' | 'left' | 'right' | 'u_turn';
  shape: Xy[];
}

export interface CrossingDoc {
  id: string;
  junction: string | null;
  shape: Xy[];
  width_m: number;
}

export interface DetectorDoc {
  id: string;
  junction: string | null;
  kind: 'presence' | 'crossing' | 'button';
  lane: string | null;
  crossing: string | null;
  position_m: number;
  length_m: number;
  camera: boolean;
  calls: string[];
}

export interface GroupDoc {
  id: string;
  type: 'vehicle' | 'arrow' | 'pedestrian' | 'cycle' | 'tram';
  movements: string[];
  crossings: string[];
  min_green_s: number;
  max_green_s: number;
}

export interface JunctionDoc {
  id: string;
  name: string;
  number?: number | null;
  aliases: string[];
  centre: Xy;
  outline: Xy[];
  groups: GroupDoc[];
  stages: { id: string; groups: string[] }[];
  timetables: { id: string; cycle_s: number; offset_s: number }[];
  detectors: string[];
}

export interface CameraDoc {
  id: string;
  junction: string | null;
  width: number;
  height: number;
  at: Xy | null;
  yaw_deg: number | null;
  rendered: boolean;
  lines: { name: string; p1: Xy; p2: Xy; direction: string; detector: string | null }[];
}

export type Mode = 'start_up' | 'normal' | 'flash' | 'dark';
export type Source = 'none' | 'timetable' | 'horizon';
export type Aspect = 'dark' | 'red' | 'red_amber' | 'green' | 'flashing_green' | 'amber' | 'flashing_amber';
export type StageReason = 'serve_queue' | 'platoon' | 'call' | 'wait_limit' | 'rest' | 'timetable';

export interface Timed {
  seq: number; // ascends by one; a gap: frames were dropped. Pictures have none
  at_ms: number;
  sent_wall_ms: number;
}

export interface Hello extends Timed {
  type: 'hello';
  version: number;
  network: string;
  clock_offset_ms: number;
  utc_offset_s: number;
  stale_after_ms: number;
}

export interface Brief {
  n: number;
  mode: Mode | null;
  source: Source | null;
  in_service_ms?: number | null;
}

export interface Change {
  at_ms: number;
  junction: string;
  kind: string;
  detail: string;
}

export interface CameraState {
  n: number;
  streaming?: boolean;
  trouble?: string;
  dark?: number;
  blurred?: number;
  moved?: number;
  frozen?: number;
  health_ms?: number;
  lines: { last_minute: number | null; total: number | null; counted_ms: number | null }[];
}

export interface Overview extends Timed {
  type: 'overview';
  key: boolean;
  junctions: Brief[];
  age_ms: number[];
  changes: Change[];
  cameras: CameraState[];
}

export interface JunctionState {
  mode: Mode;
  source: Source;
  stage: string | null;
  stage_since_ms: number;
  entering: boolean;
  lease_until_ms: number | null;
  timetable: string | null;
  counted_timetable: { id: string; cycle_s: number; offset_s: number; made_ms: number; saturation: number } | null;
  in_service_ms: number | null;
}

export interface GroupLamp {
  aspect: Aspect;
  since_ms: number;
  called: boolean;
  called_since_ms: number | null;
  next: { aspect: Aspect; earliest_ms: number; latest_ms: number | null } | null;
}

export interface Ahead {
  stage: string;
  reason: StageReason;
  begin_earliest_ms: number;
  begin_latest_ms: number;
  end_earliest_ms: number;
  end_latest_ms: number;
  skippable: boolean;
  rests: boolean;
  min_end_ms?: number;
}

export interface Why {
  waiting_for?: string | null;
  stage?: string | null;
  earliest_ms?: number | null;
  blocked_by?: string[];
  clearing?: string[];
  in_stage?: number | null;
  limit_ms?: number | null;
}

export type Trouble = '' | 'stuck' | 'unseen' | 'camera_silent' | 'camera_blind';

export interface DetectorState {
  occupied: boolean;
  occupancy: number | null;
  changed_ms: number | null;
  last_minute: number;
  trouble: Trouble;
}

export interface Past {
  stages: { stage: string; from_ms: number }[];
  groups: { aspect: Aspect; from_ms: number }[][];
}

export interface JunctionParts {
  state?: JunctionState;
  lamps?: { changed_ms: number | null; groups: GroupLamp[] };
  ahead?: Ahead[];
  why?: Why[];
  detectors?: DetectorState[];
  queues?: { lane: string; vehicles: number; deviation: number }[];
  events?: Change[];
  past?: Past;
}

export interface JunctionFrame extends Timed, JunctionParts {
  type: 'junction';
  key: boolean;
  junction: string;
  age_ms: number;
}

export type Vehicle = [number, number, number, number, number, string, number];

export interface Street extends Timed {
  type: 'street';
  vehicles: Vehicle[];
  people?: Xy[];
}

export interface Pong extends Timed {
  type: 'pong';
  ping_wall_ms: number;
}

export type Frame = Hello | Overview | JunctionFrame | Street | Pong;

export interface Picture extends Omit<Timed, 'seq'> {
  camera: string;
  boxes: [number, number, number, number, string][];
  counts: (number | null)[];
  jpeg: Blob;
}

export interface View {
  junctions: string[];
  box: [number, number, number, number] | null;
  camera: string | null;
}
