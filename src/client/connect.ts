import { openConnection } from './connection.ts';
import { createPod } from './pod.ts';
import { createReporting } from './reporting.ts';
import type { FleetClient, ClientEvents, ClientOptions } from './types.ts';
import { createView } from './view.ts';

const CLOSE_MS = 2_000;

/** An error of a callback must not end the reading of events. */
const later = (call: () => void): void => queueMicrotask(call);

/**
 * Connects to a fleet: keeps the state of all targets in memory, and reports how requests ended. Uses Web APIs only, in Node,
 * browsers and workers.
 *
 * @example
 * await using fleet = connect({ url: 'http://allswell:4000', key });
 * await fleet.ready;
 * if (fleet.state('gpt-4o')?.state === 'down') useAnotherModel();
 */
export function connect(options: ClientOptions): FleetClient {
  const { readyTimeoutMs = 10_000, refreshMs = 30_000, reporter } = options;
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
    readyTimeoutMs,
    refreshMs,
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
