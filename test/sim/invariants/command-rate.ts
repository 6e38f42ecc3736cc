import type { PodId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The fleet grants three probes of a target per interval, each with a claim and a commit. */
const PER_TARGET = 6;
/** A heartbeat and a renewal, each every three seconds. */
const PER_SECOND = 1;
/** With lost answers the store times out after 250 ms and is back after 50; then a pod sends a heartbeat and resyncs. */
const PER_TROUBLED_SECOND = 16;
/** A start or a reconnect reads lists, leases and records. */
const AT_ONCE = 20;

/** The sending pod and its workload. */
export interface Sender {
  readonly pod: PodId;
  readonly intervalMs: number;
  readonly targets: number;
  /** Time since the last fault of the store or a pod, ms. */
  readonly quietMs: number;
}

/** The command rate is bounded: whatever fails, no pod retries without a delay. */
export interface CommandRate {
  sent(sender: Sender, command: string): void;
}

export function commandRate(nowMs: () => number, checked: Checked): CommandRate {
  const windows = new Map<PodId, { readonly startMs: number; readonly sent: string[] }>();
  return {
    sent({ pod, intervalMs, targets, quietMs }, command) {
      const now = nowMs();
      let window = windows.get(pod);
      if (window === undefined || now - window.startMs >= intervalMs) {
        if (window !== undefined) checked('the command rate is bounded');
        window = { startMs: now, sent: [] };
        windows.set(pod, window);
      }
      const { startMs, sent } = window;
      sent.push(command);
      const perSecond = now - startMs > quietMs ? PER_TROUBLED_SECOND : PER_SECOND;
      if (sent.length <= AT_ONCE + PER_TARGET * targets + (perSecond * intervalMs) / 1000) return;
      throw new Violation(`too many commands: ${pod} sent ${counted(sent)} in ${Math.round(now - startMs)} ms`);
    },
  };
}

function counted(names: readonly string[]): string {
  const kinds = Array.from(new Set(names));
  return kinds.map((kind) => `${names.filter((name) => name === kind).length} ${kind}`).join(', ');
}
