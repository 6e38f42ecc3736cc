import type { AllswellConfig } from '../../config/index.ts';
import type { HostId, StoreTime, TargetId } from '../../health/index.ts';
import type { LimitShare, LimitUse, RoutedHealth, RunningAttempts, TrafficReport } from '../../ports/index.ts';
import type { TakenCounts } from '../../telemetry/index.ts';

// The messages between the primary process of a pod and its workers, over the channel of node:cluster.

/** From the primary process to a worker. */
export type ToWorker =
  | StartMessage
  | { readonly kind: 'configure'; readonly config: AllswellConfig }
  | ViewMessage
  | { readonly kind: 'shares'; readonly update: NumberedShares }
  /** The batch was read: the next one may come. */
  | { readonly kind: 'read' }
  /** Asks for a batch now, whose `answers` is this number. */
  | { readonly kind: 'sync'; readonly number: number }
  /** Answers from now on close their connections. */
  | { readonly kind: 'drain' }
  /** Finish running requests within this time, then exit. */
  | { readonly kind: 'stop'; readonly drainMs: number };

/** Everything that a worker needs to begin. */
export interface StartMessage {
  readonly kind: 'start';
  readonly config: AllswellConfig;
  readonly address: WorkerAddress;
  /** Where the primary process answers all that is not forwarded, on 127.0.0.1. */
  readonly primaryPort: number;
  readonly logFlag: 'debug' | 'none';
  readonly version: string;
  /** Host of the pod, as a witness. */
  readonly host: HostId;
  /** Name of the pod for people. */
  readonly podName: string;
  readonly view: ViewMessage;
  readonly shares: NumberedShares;
  readonly workers: number;
}

/** Where a worker listens. */
export interface WorkerAddress {
  readonly host: string;
  readonly port: number;
  /** `handle`: the primary process accepts connections and hands them out. */
  readonly sharing: 'reuse-port' | 'handle';
}

/** Changes of the view, with the store's clock. */
export interface ViewMessage {
  readonly kind: 'view';
  /** Store clock at a time of this machine's monotonic clock, which all its processes share. */
  readonly now: StoreTime;
  readonly machineMs: number;
  /** `undefined`: no verdict any more. */
  readonly changes: readonly (readonly [TargetId, RoutedHealth | undefined])[];
}

/** Changed shares of one worker, by deployment. Messages to it are numbered in their order. */
export interface NumberedShares {
  readonly number: number;
  readonly shares: readonly (readonly [deployment: string, share: LimitShare])[];
}

/** From a worker to the primary process. */
export type FromWorker =
  /** The worker reads messages: it waits for `start`. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'listening' }
  /** The view message was applied: the next one may come. */
  | { readonly kind: 'applied' }
  | WorkerBatch;

/** What happened in a worker since its last batch. */
export interface WorkerBatch {
  readonly kind: 'batch';
  readonly reports: readonly TrafficReport[];
  readonly counts?: TakenCounts;
  /** Use of deployments with a limit that changed. */
  readonly uses: readonly (readonly [deployment: string, use: LimitUse])[];
  /** Number of the newest message of shares that holds in the worker. */
  readonly appliedShares: number;
  readonly inFlight: number;
  /** Attempts in flight, by deployment. */
  readonly running: readonly RunningAttempts[];
  /** Reports dropped since the last batch. */
  readonly dropped: number;
  readonly residentBytes: number;
  readonly cpuS: number;
  /** Number of the `sync` that this answers. */
  readonly answers?: number;
}
