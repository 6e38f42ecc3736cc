import type { StoreTime } from '../../health/index.ts';
import type { AlertTestResult } from '../../ports/index.ts';
import { deliver, hostOf } from '../delivery/index.ts';
import type { Notice } from '../incidents/index.ts';
import type { AlertsOptions } from './alerts-options.ts';

export interface TestInput extends Pick<
  AlertsOptions,
  'clock' | 'fleet' | 'metrics' | 'post' | 'random' | 'redact' | 'settings'
> {
  readonly now: () => StoreTime;
}

/** Sends a test message to one receiver or to all, at once and without retries. Null: there is no such receiver. */
export async function testReceivers(
  name: string | undefined,
  input: TestInput,
): Promise<readonly AlertTestResult[] | null> {
  const { settings, metrics, redact, post, clock, fleet } = input;
  const { receivers } = settings();
  const chosen = name === undefined ? receivers : receivers.filter((one) => one.name === name);
  if (name !== undefined && chosen.length === 0) return null;
  const notice = testNotice(input);
  return await Promise.all(
    chosen.map(async (receiver) => {
      const wallMs = clock.wallMs();
      const { kind, answer } = await deliver({ receiver, notice, fleet: fleet.status().fleet, wallMs, post, redact });
      metrics.alertSent(receiver.name, kind);
      return {
        receiver: receiver.name,
        type: receiver.type,
        host: hostOf(receiver),
        result: kind,
        answer,
      };
    }),
  );
}

function testNotice({ fleet, random, now }: TestInput): Notice {
  const { pod, podName } = fleet.status();
  const at = now();
  return {
    id: `test-${random.id(8)}`,
    action: 'test',
    kind: 'target-down',
    severity: 'warning',
    place: 'test',
    title: `Test message from pod ${podName ?? pod}: alerts reach this receiver`,
    at,
    startedAt: at,
    durationMs: null,
    down: [],
    downCount: 0,
    ended: [],
    endedCount: 0,
  };
}
