import type { Failure, Level, Policy, TargetId } from '../../../src/health/index.ts';
import type { Budget } from '../../../src/ports/index.ts';

/** A target of a world of lasting faults: its failure has a beginning, and perhaps no end. */
export interface PlannedTarget {
  readonly id: TargetId;
  /** Upstream host. */
  readonly host: string;
  readonly tookMs: number;
  /** It has no list of models: a connection is all that is free. Absent: it has one. */
  readonly listed?: false;
  readonly failure?: Failure;
  /** Only generation fails; a list of models is served. */
  readonly generationOnly?: boolean;
  /** When it fails, virtual ms; absent: from the beginning to the end. */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** What stays wrong with the way of whatever process runs in a place. */
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

/** A place in the fleet. Processes in it come and go; what is wrong there stays. */
export interface PodPlan {
  readonly host: string;
  readonly level: Exclude<Level, 'connect'>;
  readonly background: boolean;
  readonly path?: PathFault;
  /** From when on the way is wrong, virtual ms. */
  readonly faultFromMs: number;
  /** Until when; absent: to the end. */
  readonly faultToMs?: number;
  readonly restart?: {
    readonly everyMs: number;
    /** A crash leaves leases behind; a rolled pod stops in order once its successor runs. */
    readonly by: 'crash' | 'roll';
    /** A successor elsewhere is another host, and so another witness. */
    readonly where: 'same host' | 'other host';
  };
}

/** A world whose faults stay until its end. */
export interface LastingPlan {
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly policy: Policy;
  readonly podPlans: readonly PodPlan[];
  readonly targets: readonly PlannedTarget[];
  /** Steps of the store's clock, hours among them. */
  readonly clockSteps: readonly { readonly atMs: number; readonly byMs: number }[];
  /** Something that does not belong there is written into a key this often, until `stormEndsMs`; absent: never. */
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
  /** Faults that pass occur until then; 0: none. */
  readonly stormEndsMs: number;
  /** The store answers nobody from then on; 0: no pod ever sees it. Absent: it stays. */
  readonly storeLostFromMs?: number;
  /** How many pods each pod was told to expect; null: it was not told. */
  readonly expectedPods: number | null;
  readonly budget?: Budget;
  /** Pages of records take up to this long, so that commits fall between two of them. */
  readonly slowPagesMs?: number;
  /** Within so long the fleet must know what is true, ms; absent: four intervals, and what an accident costs. */
  readonly detectedWithinMs?: number;
  readonly runMs: number;
}

/** Kinds of faults that stay; a run of many seeds must have met each of them. */
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

/** Checks that a run of many seeds with lasting faults must have made. */
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
