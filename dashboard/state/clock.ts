import { computed, signal } from '@preact/signals';
import { elapsedMs, moment } from '../../src/client/follow/index.ts';
import type { Moment } from '../../src/client/follow/index.ts';

interface Anchor {
  readonly serverMs: number;
  readonly readAt: Moment;
}

const anchor = signal<Anchor>({ serverMs: Date.now(), readAt: moment() });
const ticks = signal(0);

/** Present time of the pod, ms since 1970. Changes once a second. Goes on while the pod cannot be reached. */
export const serverNow = computed(() => {
  void ticks.value;
  return anchor.value.serverMs + elapsedMs(anchor.value.readAt);
});

/** Takes the pod's time from an answer: this machine's clock may be wrong. */
export function setServerTime(now: string): void {
  anchor.value = { serverMs: Date.parse(now), readAt: moment() };
}

/** Starts the ticks, once. */
export function startClock(): void {
  setInterval(() => void (ticks.value += 1), 1_000);
}
