import type { PodId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** For a target the fleet grants three probes in an interval, each with a claim and a result. */
const PER_TARGET = 6;
/** A heartbeat and a renewal take three seconds each. */
const PER_SECOND = 1;
/** A store that loses answers is lost after 250 ms and back after 50; then a pod says that it lives and reads everything. */
const PER_TROUBLED_SECOND = 16;
/** A start, or a store that comes back: lists, leases, records. */
const AT_ONCE = 20;

/** Who sends, and what it has to look after. */
export interface Sender {
  readonly pod: PodId;
  readonly intervalMs: number;
  readonly targets: number;
  /** For so long nothing has been wrong with the store or any pod. */
  readonly quietMs: number;
}

/** Few commands for the store: whatever goes wrong, no pod tries again as fast as it can. */
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
