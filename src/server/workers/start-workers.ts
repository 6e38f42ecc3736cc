import type { AllswellConfig } from '../../config/index.ts';
import type { TargetId } from '../../health/index.ts';
import type { Clock, FleetReader, WorkersReader } from '../../ports/index.ts';
import { createSyncs } from './syncs.ts';
import { createWorkerLink } from './worker-link.ts';
import type { WorkerLink, WorkersInput } from './worker-link.ts';

/** The workers of a pod. */
export interface Workers extends WorkersReader {
  /** Requests that workers forward now, as they said last. */
  readonly inFlight: number;
  /** Resolves when all workers have said what they counted until now, or after a bounded time. */
  sync(): Promise<void>;
  reconfigure(next: AllswellConfig): void;
  /** Answers of workers close their connections from now on. */
  drain(): void;
  /** Workers finish running requests within the time and end. */
  stop(drainMs: number): Promise<void>;
}

export interface StartWorkersInput extends WorkersInput {
  readonly fleet: Pick<FleetReader, 'onChange'>;
}

/** How often workers get the store's clock, and changes that no event announces, such as newer evidence. */
const REFRESH_MS = 1_000;

/**
 * Starts the workers of a pod and keeps them running. Resolves when the first one listens.
 *
 * @throws an error when one ends before any listens: then none is left
 */
export async function startWorkers(config: AllswellConfig, input: StartWorkersInput): Promise<Workers> {
  const { workers, started } = createWorkers(config, input);
  const first = await started;
  if (first === 'listening') return workers;
  await workers.stop(0);
  throw new Error(`a worker ended before it listened: ${first.ended}`);
}

interface Created {
  readonly workers: Workers;
  readonly started: Promise<'listening' | { readonly ended: string }>;
}

function createWorkers(config: AllswellConfig, input: StartWorkersInput): Created {
  const { count, shares, clock, fleet } = input;
  let running = config;
  let restarts = 0;
  let droppedReports = 0;
  const syncs = createSyncs(clock);
  const { promise: started, resolve } = Promise.withResolvers<'listening' | { readonly ended: string }>();
  const events = {
    listening: () => resolve('listening'),
    ended: (how: string) => resolve({ ended: how }),
    restarted: () => void (restarts += 1),
    dropped: (reports: number) => void (droppedReports += reports),
  };
  const links = Array.from({ length: count }, (_, at) =>
    createWorkerLink({ ...input, number: at + 1, config: () => running, syncs, events }),
  );
  const changed = (targets: Iterable<TargetId>): void => {
    for (const link of links) link.changed(targets);
  };
  const targetsNow = (): readonly TargetId[] => running.targets.map(({ id }) => id);
  const feeding = feed({ clock, fleet, shares, links, changed, targetsNow });
  const workers: Workers = {
    get inFlight() {
      return links.reduce((sum, { inFlight }) => sum + inFlight, 0);
    },
    workers: () => ({
      listening: links.filter(({ isListening }) => isListening).length,
      restarts,
      droppedReports,
      attempts: links.flatMap((link) => link.running),
      processes: links.flatMap((link) => link.process ?? []),
    }),
    sync: async () => {
      const asked = links.filter(({ isListening }) => isListening).map(({ number }) => number);
      await syncs.ask(asked, (number, id) => links[number - 1]?.send({ kind: 'sync', number: id }));
    },
    reconfigure: (next) => {
      const before = targetsNow();
      running = next;
      // Targets first: a request must not find one without its health.
      changed(new Set([...before, ...targetsNow()]));
      for (const link of links) link.send({ kind: 'configure', config: next });
    },
    drain: () => {
      for (const link of links) link.send({ kind: 'drain' });
    },
    stop: async (drainMs) => {
      await Promise.all(links.map(async (link) => await link.stop(drainMs)));
      feeding.stop();
    },
  };
  return { workers, started };
}

interface FeedParts extends Pick<StartWorkersInput, 'fleet' | 'shares'> {
  readonly clock: Clock;
  readonly links: readonly WorkerLink[];
  readonly changed: (targets: Iterable<TargetId>) => void;
  readonly targetsNow: () => readonly TargetId[];
}

/** Sends what changes in the fleet to the workers as it happens. */
function feed({ clock, fleet, shares, links, changed, targetsNow }: FeedParts): { stop(): void } {
  const stop = fleet.onChange((change) => {
    if (change.kind === 'verdict-changed' || change.kind === 'hold-changed') changed([change.target]);
  });
  shares.onChange((number, update) => links[number - 1]?.send({ kind: 'shares', update }));
  const refresh = (): void => {
    changed(targetsNow());
    shares.refresh();
    timer = clock.setTimer(REFRESH_MS, refresh);
  };
  let timer = clock.setTimer(REFRESH_MS, refresh);
  return {
    stop: () => {
      stop();
      timer.cancel();
    },
  };
}
