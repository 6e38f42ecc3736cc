import type { HoldPage, State } from '../ask/index.ts';

/** Something that can check targets: a running pod, or this process by itself. */
export interface CheckSource {
  list(): Promise<Listed>;
  /** Brings one target up to date. Resolves early when `signal` aborts; the answer is then what was known. */
  check(target: string, signal: AbortSignal): Promise<CheckAnswer>;
  /** How many to check at once. */
  readonly parallel: number;
  close(): Promise<void>;
}

export type Listed =
  /** `notes`: what a reader of the answers has to know beside them, one sentence each. */
  | { readonly kind: 'listed'; readonly targets: readonly ListedTarget[]; readonly notes?: readonly string[] }
  | { readonly kind: 'unreachable'; readonly why: string };

export interface ListedTarget {
  readonly target: string;
  /** The upstream's own name, such as `openai/gpt-4o`. */
  readonly model: string;
  /** The deployments that share it: public name and id. */
  readonly deployments: readonly { readonly model_name: string; readonly model_id: string }[];
  /** Absent where an older pod does not say it. */
  readonly upstream_host?: string | null;
  readonly region?: string | null;
}

export type CheckAnswer =
  | { readonly kind: 'known'; readonly known: Known }
  | { readonly kind: 'unreachable'; readonly why: string };

/** What is known of a target once it was checked. */
export interface Known {
  readonly state: State;
  readonly localOnly: boolean;
  readonly why: string;
  /** What to know beside the state. */
  readonly flags: readonly string[];
  /** What the newest evidence is; null where there is none. */
  readonly run: 'ok' | 'overloaded' | 'failed' | null;
  readonly last: { readonly pod: string; readonly latencyMs: number; readonly answeredAgoMs: number } | null;
  /** What an operator decided about it, which counts whatever its probes say. */
  readonly hold: HoldPage | null;
}
