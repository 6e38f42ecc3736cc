import type { AllswellConfig } from '../../config/index.ts';
import type { HostId, TargetId } from '../../health/index.ts';
import type {
  Clock,
  Logger,
  ObservationSink,
  RoutingView,
  RunningAttempts,
  WorkerResources,
} from '../../ports/index.ts';
import type { RequestCounts } from '../../telemetry/index.ts';
import type { DividedShares } from './divided-shares.ts';
import { machineMs } from './machine-clock.ts';
import type { StartMessage, ToWorker, WorkerAddress, WorkerBatch } from './messages.ts';
import { readMessage } from './read-message.ts';
import type { Syncs } from './syncs.ts';
import { createViewLink } from './view-link.ts';
import type { ViewLink } from './view-link.ts';
import { createWorkerSlot } from './worker-slot.ts';
import type { SpawnedWorker, Spawn } from './worker-slot.ts';

/** Parts of the primary process that its workers need, and settings for all of them. */
export interface WorkersInput {
  readonly count: number;
  readonly address: WorkerAddress;
  /** Port of the primary process on 127.0.0.1. */
  readonly primaryPort: number;
  readonly logFlag: StartMessage['logFlag'];
  readonly version: string;
  /** Host of the pod, as a witness. */
  readonly host: HostId;
  /** Name of the pod for people. */
  readonly podName: string;
  readonly view: RoutingView;
  readonly sink: ObservationSink;
  readonly counts: Pick<RequestCounts, 'add'>;
  readonly shares: DividedShares;
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface LinkParts extends WorkersInput {
  readonly number: number;
  readonly config: () => AllswellConfig;
  readonly syncs: Syncs;
  readonly events: {
    readonly listening: () => void;
    readonly ended: (how: string) => void;
    readonly restarted: () => void;
    readonly dropped: (reports: number) => void;
  };
}

/** One worker as the primary process knows it, through all of its processes. */
export interface WorkerLink {
  readonly number: number;
  readonly isListening: boolean;
  readonly inFlight: number;
  readonly running: readonly RunningAttempts[];
  readonly process: WorkerResources | undefined;
  send(message: ToWorker): void;
  /** The health of these targets may have changed. */
  changed(targets: Iterable<TargetId>): void;
  stop(drainMs: number): Promise<void>;
}

/** Starts a worker, and feeds it and reads it from then on. */
export function createWorkerLink(parts: LinkParts): WorkerLink {
  const { number, shares, syncs, events, logger } = parts;
  let view: ViewLink | undefined;
  let last: WorkerBatch | undefined;
  let isListening = false;
  let requests = 0;

  const read = (batch: WorkerBatch): void => {
    last = batch;
    requests += requestsIn(batch);
    for (const report of batch.reports) parts.sink.report({ ...report, witness: parts.host });
    if (batch.counts !== undefined) parts.counts.add(batch.counts);
    shares.said(number, batch.uses, batch.appliedShares);
    if (batch.dropped > 0) events.dropped(batch.dropped);
    if (batch.answers === undefined) slot.send({ kind: 'read' });
    else syncs.answered(batch.answers, number);
  };
  const receive = (worker: SpawnedWorker, received: unknown): void => {
    const asked = readMessage(received);
    if (asked.kind === 'invalid') {
      logger.error(
        `Worker ${number} sent a message that cannot be read (${asked.why}). To fix: report it with allswell diagnose`,
      );
      return;
    }
    const { message } = asked;
    switch (message.kind) {
      case 'ready':
        view = viewLinkOf(parts, worker);
        return worker.send(startMessage(parts, view));
      case 'listening':
        isListening = true;
        return events.listening();
      case 'applied':
        return view?.applied();
      case 'batch':
        return read(message);
    }
  };
  const slot = createWorkerSlot({
    ...parts,
    message: receive,
    ended: (how) => {
      view = undefined;
      last = undefined;
      requests = 0;
      isListening = false;
      shares.ended(number);
      syncs.ended(number);
      events.ended(how);
    },
    restarted: events.restarted,
  });
  return {
    number,
    get isListening() {
      return isListening;
    },
    get inFlight() {
      return last?.inFlight ?? 0;
    },
    get running() {
      return last?.running ?? [];
    },
    get process() {
      if (last === undefined) return undefined;
      return { number, requests, residentBytes: last.residentBytes, cpuS: last.cpuS };
    },
    send: (message) => slot.send(message),
    changed: (targets) => view?.changed(targets),
    stop: async (drainMs) => await slot.stop(drainMs),
  };
}

function requestsIn({ counts }: WorkerBatch): number {
  const ends = counts?.groups.flatMap((group) => group.ends) ?? [];
  return ends.reduce((sum, [, , count]) => sum + count, 0);
}

function viewLinkOf({ view, config }: LinkParts, worker: SpawnedWorker): ViewLink {
  return createViewLink({
    view,
    targets: () => config().targets.map(({ id }) => id),
    machineMs,
    send: (message) => worker.send(message),
  });
}

function startMessage(parts: LinkParts, view: ViewLink): StartMessage {
  const { number, config, address, primaryPort, logFlag, version, host, podName, shares, count } = parts;
  return {
    kind: 'start',
    config: config(),
    address,
    primaryPort,
    logFlag,
    version,
    host,
    podName,
    view: view.whole(),
    shares: shares.startOf(number),
    workers: count,
  };
}
