import { createAlerts } from '../../alerts/index.ts';
import type { Alerts, Post } from '../../alerts/index.ts';
import type { AllswellConfig } from '../../config/index.ts';
import type { PodId } from '../../health/index.ts';
import type { AlertMetrics, AlertStore, BridgeReader, BridgeStore, FleetReader, Logger } from '../../ports/index.ts';
import { retryAfterMs } from '../../providers/wire/index.ts';
import { systemClock, systemRandom } from '../../system/index.ts';
import { createTransport } from '../../upstream/index.ts';
import type { Transport } from '../../upstream/index.ts';
import { createObserver } from './observe.ts';

export interface AlertParts {
  readonly pod: PodId;
  readonly store: AlertStore;
  readonly fleet: FleetReader;
  readonly bridge: BridgeReader;
  readonly bridgeStore: BridgeStore | null;
  readonly logger: Logger;
  readonly metrics: AlertMetrics;
  readonly redact: (text: string) => string;
}

/** A pod's alerts. */
export interface OpenedAlerts extends Alerts {
  /** Applies another configuration. */
  reload(config: AllswellConfig): void;
  /** Gives running requests up. */
  close(): Promise<void>;
}

/** Does not wait for Redis or a receiver. Without receivers it does nothing. */
export function openAlerts(config: AllswellConfig, parts: AlertParts): OpenedAlerts {
  let running = config;
  let observer = createObserver(config, parts);
  const transport = createTransport({ clock: systemClock });
  const alerts = createAlerts({
    ...parts,
    clock: systemClock,
    random: systemRandom,
    post: postBy(transport),
    deadlineMs: () => running.storeDeadlineMs,
    settings: () => running.alerts,
    observe: async () => await observer.observe(),
    view: () => observer.view,
    down: () => observer.down(),
    unroutable: () => observer.unroutable(),
  });
  return {
    start: () => alerts.start(),
    stop: async () => await alerts.stop(),
    alerts: () => alerts.alerts(),
    testAlerts: async (receiver) => await alerts.testAlerts(receiver),
    reload: (next) => {
      running = next;
      observer = createObserver(next, parts);
    },
    close: async () => await transport.close(),
  };
}

/** Most bytes of an answer that are read. */
const MOST_BYTES = 4_096;

function postBy(transport: Transport): Post {
  return async ({ url, headers, body }, timeoutMs) => {
    const request = {
      method: 'POST',
      url,
      headers,
      body,
      connectMs: timeoutMs,
      idleMs: timeoutMs,
      maxBytes: MOST_BYTES,
    } as const;
    const stop = new AbortController();
    let late = false;
    const timer = systemClock.setTimer(timeoutMs, () => {
      late = true;
      stop.abort();
    });
    const answer = await transport.request(request, stop.signal);
    timer.cancel();
    if (answer.kind === 'fault') {
      return { kind: 'fault', message: late ? `no answer within ${timeoutMs / 1_000} s` : answer.message };
    }
    const waitMs = retryAfterMs(answer.headers, systemClock.wallMs());
    const { status, text } = answer;
    return { kind: 'answer', status, text, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  };
}
