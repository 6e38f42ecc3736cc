import type { Failure, Level, Policy, TargetId } from '../../../src/health/index.ts';
import type { Budget } from '../../../src/ports/index.ts';

/** A target in a world of lasting faults: its failure starts at a time and may last to the end. */
export interface PlannedTarget {
  readonly id: TargetId;
  /** Upstream host. */
  readonly host: string;
  readonly tookMs: number;
  /** It serves no list of models, so that only a connection is unbilled. Absent: it serves one. */
  readonly listed?: false;
  readonly failure?: Failure;
  /** Only generation fails; a list of models is served. */
  readonly generationOnly?: boolean;
  /** Start and end of the failure, virtual ms; absent: the whole run. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** A lasting fault between a pod and the upstreams; each new process of the pod has it again. */
export type PathFault =
  | { readonly kind: 'sick'; readonly failure: Failure; readonly connects: 'yes' | 'no' }
  | {
      readonly kind: 'partial';
      readonly failure: Failure;
      readonly connects: 'yes' | 'no';
      /** Upstream hosts that it does not reach. */
      readonly hosts: readonly string[];
    }
  | { readonly kind: 'blind' };

/** A pod of the plan. Its processes are replaced; its faults last. */
export interface PodPlan {
  readonly host: string;
  readonly level: Exclude<Level, 'connect'>;
  readonly background: boolean;
  readonly path?: PathFault;
  /** Start of the path fault, virtual ms. */
  readonly faultFromMs: number;
  /** End of the path fault; absent: it lasts to the end. */
  readonly faultToMs?: number;
  readonly restart?: {
    readonly everyMs: number;
    /** A crash leaves leases behind; a rolled pod stops gracefully once its successor runs. */
    readonly by: 'crash' | 'roll';
    /** A successor on another host counts as another witness. */
    readonly where: 'same host' | 'other host';
  };
}

/** A world whose faults last to its end. */
export interface LastingPlan {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly policy: Policy;
  readonly podPlans: readonly PodPlan[];
  readonly targets: readonly PlannedTarget[];
  /** Steps of the store's clock, hours among them. */
  readonly clockSteps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** Invalid data is written into a key this often, until `stormEndsMs`; absent: never. */
  readonly garbageEveryMs?: number;
  /** Texts written into keys, once. */
  readonly planted?: readonly {
    readonly atMs: number;
    readonly key: 'records' | 'leases';
    readonly target: TargetId;
    readonly text: string;
  }[];
  /** When the store loses all its data; absent: never. */
  readonly dataLostAtMs?: number;
  /** Temporary faults occur until then; 0: none. */
  readonly stormEndsMs: number;
  /** From then on the store is unreachable for all pods; 0: from the start. Absent: it stays reachable. */
  readonly storeLostFromMs?: number;
  /** The configured number of pods; null: not configured. */
  readonly expectedPods: number | null;
  readonly budget?: Budget;
  /** Pages of records take up to this long, so that commits fall between two of them. */
  readonly slowPagesMs?: number;
  /** Time limit for detecting a change, ms; absent: four intervals plus a margin. */
  readonly detectedWithinMs?: number;
  readonly runMs: number;
}

/** Kinds of lasting faults; a run of many seeds must contain each of them. */
export const lastingKinds = [
  'lasting: sick pod',
  'lasting: two sick pods',
  'lasting: pod that cannot reach some hosts',
  'lasting: pod whose connections are reset',
  'lasting: upstream path is repaired',
  'lasting: blind pod',
  'lasting: pod without background checks',
  'lasting: pod that probes at level models only',
  'lasting: sick process crashes and starts again',
  'lasting: sick process is rolled',
  'lasting: healthy process is replaced',
  'lasting: target fails to the end',
  'lasting: only generation fails',
  'lasting: outage ends',
  'lasting: store clock steps ahead by hours',
  'lasting: store clock steps back by hours',
  'lasting: garbage in a key',
  'lasting: extreme number in a key',
  'lasting: more than 200 targets',
  'lasting: more than 20 pods',
  'lasting: store never reached',
  'lasting: store lost for good',
] as const;

export type LastingKind = (typeof lastingKinds)[number];

/** Checks that a run of many seeds with lasting faults must contain. */
export const lastingCheckKinds = [
  '4: a pod shows what the store holds',
  'liveness: a target that a pod reaches is up there',
  'liveness: a target is not down where it is reached',
  'liveness: two failing hosts cause short outages only',
  'liveness: a target that fails for all is down',
  'liveness: a target that fails for all stays down',
  'liveness: garbage is repaired',
  'liveness: the only failing pod does not flap',
  'rate: probes of a target stay within the guard',
  'rate: a calm target is probed once an interval',
  'spend: paid probes of all processes without a store',
  'every target is probed in time',
] as const;
