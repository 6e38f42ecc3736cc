import type { Observation, PodId, StoreTime, TargetRecord } from '../../src/health/index.ts';
import type { LiveLease } from '../../src/ports/index.ts';

/** How a pod sees the one target: the truth, or what its own fault makes of it. */
export type Way = 'open' | 'cut' | 'proxy' | 'blind' | 'shallow';

/** Whether the upstream works, in truth. */
export type Truth = 'good' | 'bad';

/** What one pod of the model remembers between two actions, as plain data. */
export interface PodState {
  readonly id: PodId;
  readonly host: string;
  readonly way: Way;
  /** The newest record that this pod applied. */
  record?: TargetRecord | undefined;
  /** `lost`: its record is from data that the store no longer has. */
  data: 'current' | 'lost';
  /** Life of the data that this pod read last. */
  epoch: string;
  /** What the store lost and this pod is to offer again. */
  lostRecord?: TargetRecord | undefined;
  lease?: LiveLease | undefined;
  held?: { readonly grant: number; readonly until: StoreTime; readonly forgotten?: true } | undefined;
  /** A probe that was granted and has not ended. */
  job?: { readonly grant: number; readonly reason: 'scheduled' | 'confirmation' } | undefined;
  /** Evidence that the store did not take. */
  own?: Observation | undefined;
  /** A failure of this pod that no success of its own followed. */
  failure?: Observation | undefined;
  doubt?: { readonly mine: Observation; readonly since: StoreTime; readonly lookAt: StoreTime } | undefined;
  /** Probes in a row that told nothing, and the end of the newest. */
  blind?: { readonly looks: number; readonly at: StoreTime } | undefined;
  restUntil: StoreTime;
  /** When this pod first judged that one host alone sees the failure. */
  lone?: { readonly since: StoreTime; readonly heardAt: StoreTime } | undefined;
  pausedAt?: StoreTime | undefined;
  /** Runs again after a pause and has not heard of anything yet. */
  behind: boolean;
}

/** What the checker notes beside the modelled system, for its properties. */
export interface Notes {
  /** Start of the newest look at `inference` that told anything. */
  deepAt: StoreTime;
  /** The upstream broke, or due pods were overlooked in two steps, and no able pod has found it well since. */
  excused: boolean;
  /** Steps in which a due pod that reaches the target was overlooked, since one last found it well. */
  overlooked: number;
  granted: number;
}

/** One state: texts of the store, plain data of the pods, the truth, and the time on the store's clock. */
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
/** Turns repeat after this many intervals, so that the space closes. */
export const PERIOD_US: number = 8 * INTERVAL_MS * 1000;

/** Time moved back by whole periods, so that absolute times stay within one. */
export function wrapped(state: ModelState): ModelState {
  return JSON.parse(wrappedText(state)) as ModelState;
}

/** The same as text. */
export function wrappedText(state: ModelState): string {
  const by = Math.floor((state.now - START_US) / PERIOD_US) * PERIOD_US;
  const text = JSON.stringify(state);
  return by === 0 ? text : text.replaceAll(/\d{16}/g, (time) => String(Number(time) - by));
}
