import type { Observation, PodId, StoreTime, TargetRecord } from '../../src/health/index.ts';
import type { LiveLease } from '../../src/ports/index.ts';

/** A pod's path to the only target: working, or with a fault. */
export type UpstreamPath = 'open' | 'cut' | 'proxy' | 'blind' | 'shallow';

/** The actual state of the upstream. */
export type Truth = 'good' | 'bad';

/** The state of one pod between two actions, as plain data. */
export interface PodState {
  readonly id: PodId;
  readonly host: string;
  readonly path: UpstreamPath;
  /** The newest record that this pod applied. */
  record?: TargetRecord | undefined;
  /** `lost`: the store no longer has the data of its record. */
  data: 'current' | 'lost';
  /** Epoch of the data that this pod read last. */
  epoch: string;
  /** A record that the store lost and this pod has to offer again. */
  lostRecord?: TargetRecord | undefined;
  lease?: LiveLease | undefined;
  held?: { readonly grant: number; readonly until: StoreTime; readonly forgotten?: true } | undefined;
  /** A granted, unfinished probe. */
  job?: { readonly grant: number; readonly reason: 'scheduled' | 'confirmation' } | undefined;
  /** Evidence that the store did not accept. */
  own?: Observation | undefined;
  /** The last failure of this pod, until it succeeds. */
  failure?: Observation | undefined;
  openCheck?: { readonly mine: Observation; readonly since: StoreTime; readonly nextCheckAt: StoreTime } | undefined;
  /** Consecutive probes without evidence, and the end of the last one. */
  blind?: { readonly probes: number; readonly at: StoreTime } | undefined;
  restUntil: StoreTime;
  /** When this pod first found that only one host reports the failure. */
  lone?: { readonly since: StoreTime; readonly heardAt: StoreTime } | undefined;
  pausedAt?: StoreTime | undefined;
  /** Resumed after a pause, without an update yet. */
  behind: boolean;
}

/** Notes of the checker for its properties, outside the modelled system. */
export interface Notes {
  /** Start of the newest probe at `inference` with evidence. */
  deepAt: StoreTime;
  /** The upstream failed, or due pods got no turn in two steps, and no able pod has had a success since. */
  excused: boolean;
  /** Steps in which a due pod that reaches the target got no turn, since the last success. */
  missedSteps: number;
  granted: number;
}

/** One state: texts of the store, data of the pods, state of the upstream, and time of the store's clock. */
export interface ModelState {
  now: StoreTime;
  truth: Truth;
  store: { record: string; lease: string; epoch: string; seq: string };
  pods: PodState[];
  notes: Notes;
}

export const STEP_US = 5_000_000;
export const INTERVAL_MS = 10_000;
/** Between two commands within one step. */
export const TICK_US = 1_000;
export const START_US = 1_800_000_000_000_000;
/** Turns repeat after this time, so that the state space is finite. */
export const PERIOD_US: number = 8 * INTERVAL_MS * 1000;

/** Time moved back by whole periods, so that absolute times stay within one. */
export function wrapped(state: ModelState): ModelState {
  return JSON.parse(wrappedText(state)) as ModelState;
}

/** The wrapped state as text. */
export function wrappedText(state: ModelState): string {
  const by = Math.floor((state.now - START_US) / PERIOD_US) * PERIOD_US;
  const text = JSON.stringify(state);
  return by === 0 ? text : text.replaceAll(/\d{16}/g, (time) => String(Number(time) - by));
}
