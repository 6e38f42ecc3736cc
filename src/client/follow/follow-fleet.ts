import type { FleetBody, SnapshotEvent, TargetBody } from '../../api/index.ts';
import { openConnection } from '../connection.ts';
import { createPod } from '../pod.ts';
import type { ClientOptions } from '../types.ts';

/** What a follower calls, and with what it connects. */
export interface FollowOptions extends Pick<ClientOptions, 'url' | 'key' | 'fetch'> {
  /** A whole answer of `GET /fleet`. */
  readonly onFleet: (body: FleetBody) => void;
  /** All targets of a snapshot: the pod changed, or its list of targets did. */
  readonly onTargets: (body: SnapshotEvent) => void;
  /** One target that changed. */
  readonly onTarget: (body: TargetBody) => void;
  /** Each event but snapshots, by its name in `GET /fleet/events`. */
  readonly onEvent: (event: string, body: unknown) => void;
  /** The event stream was opened or lost. */
  readonly onConnection: (connected: boolean) => void;
  /** An attempt failed: a `FleetClientError` if the pod refused the key. */
  readonly onFailure: (reason: unknown) => void;
}

/** A connection that lasts until it is closed. */
export interface FleetFollower {
  /** Resolves once the stream is open; rejects if the pod refuses the key, or none answers within 10 s. */
  readonly ready: Promise<void>;
  /** Reads `GET /fleet` now. */
  refresh(): Promise<void>;
  close(): void;
}

const READY_MS = 10_000;
const REFRESH_MS = 30_000;

/**
 * Follows a fleet for programs that show it: gives on each whole answer and each event as the pod sent it. Reads and reconnects
 * as `connect` does; while the connection is lost it keeps trying.
 *
 * @example
 * const states: string[] = [];
 * const nothing = (): void => {};
 * const follower = followFleet({
 *   url: 'http://allswell:4000',
 *   key,
 *   onFleet: ({ targets }) => states.push(...targets.map(({ effective }) => effective)),
 *   onTargets: nothing,
 *   onTarget: nothing,
 *   onEvent: nothing,
 *   onConnection: nothing,
 *   onFailure: nothing,
 * });
 * await follower.ready;
 * follower.close();
 */
export function followFleet(options: FollowOptions): FleetFollower {
  const { onFleet, onTargets, onTarget, onEvent, onConnection, onFailure } = options;
  const connection = openConnection({
    pod: createPod(options),
    view: {
      // Only an answer of `GET /fleet` comes with the moment at which it was asked for.
      replace: (page, asked) =>
        asked === undefined ? onTargets(page as SnapshotEvent) : onFleet(page as unknown as FleetBody),
      update: onTarget,
    },
    readyTimeoutMs: READY_MS,
    refreshMs: REFRESH_MS,
    changed: onConnection,
    received: (event, body) => {
      if (event !== 'snapshot') onEvent(event, body);
    },
    failed: onFailure,
  });
  return connection;
}
