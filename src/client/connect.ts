import { openConnection } from './connection.ts';
import { createPod } from './pod.ts';
import { createReporting } from './reporting.ts';
import type { FleetClient, ClientEvents, ClientOptions } from './types.ts';
import { createView } from './view.ts';

const CLOSE_MS = 2_000;
/** More often would burden the pod more than it tells. */
const LEAST_REFRESH_MS = 100;
/** A longer timer would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** An error of a callback must not end the reading of events. */
const later = (call: () => void): void => queueMicrotask(call);

/**
 * Connects to a fleet: keeps the state of all targets in memory, and reports how requests ended. Uses Web APIs only, in Node,
 * browsers and workers.
 *
 * @example
 * const fleet = connect({ url: 'http://allswell:4000', key });
 * await fleet.ready;
 * if (fleet.state('gpt-4o')?.state === 'down') useAnotherModel();
 * await fleet.close();
 */
export function connect(options: ClientOptions): FleetClient {
  const { readyTimeoutMs = 10_000, refreshMs = 30_000, reporter } = options;
  checkTimes({ refreshMs, readyTimeoutMs });
  const pod = createPod(options);
  const listeners: { readonly [Name in keyof ClientEvents]: Set<ClientEvents[Name]> } = {
    change: new Set(),
    connection: new Set(),
  };
  const view = createView(
    () => connection.current,
    (change) => listeners.change.forEach((call) => later(() => call(change))),
  );
  const reporting = createReporting(pod, reporter);
  const connection = openConnection({
    pod,
    view,
    readyTimeoutMs: Math.min(readyTimeoutMs, LONGEST_MS),
    refreshMs: Math.min(refreshMs, LONGEST_MS),
    changed: (connected) => listeners.connection.forEach((call) => later(() => call(connected))),
  });

  const close = async (): Promise<void> => {
    connection.close();
    await reporting.close(CLOSE_MS);
  };

  return {
    state: (name) => view.state(name),
    targets: () => view.targets(),
    on: (event, callback) => {
      const calls: Set<typeof callback> = listeners[event];
      calls.add(callback);
      return () => void calls.delete(callback);
    },
    report: (name, outcome) => {
      const about = view.reported(name);
      if (about !== undefined) return reporting.add(about, outcome);
      reporting.drop();
      return false;
    },
    get reports() {
      return reporting.counts;
    },
    get connected() {
      return connection.connected;
    },
    get mode() {
      return connection.mode;
    },
    get lastError() {
      return connection.lastError;
    },
    ready: connection.ready,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkTimes({
  refreshMs,
  readyTimeoutMs,
}: Required<Pick<ClientOptions, 'refreshMs' | 'readyTimeoutMs'>>): void {
  if (!(refreshMs >= LEAST_REFRESH_MS)) {
    throw new TypeError(`refreshMs is ${refreshMs}: use at least ${LEAST_REFRESH_MS}`);
  }
  if (!(readyTimeoutMs > 0)) throw new TypeError(`readyTimeoutMs is ${readyTimeoutMs}: use more than 0`);
}
