import { setTimeout as sleep } from 'node:timers/promises';
import { composeDocument } from '../bridge/index.ts';
import type { Composed } from '../bridge/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import { stayingAlive } from '../staying-alive.ts';
import { openLoneFleet } from './lone-fleet.ts';
import { createVouching } from './vouch.ts';

export interface JudgedAlone {
  /** What a bridge with this configuration would publish now. */
  readonly composed: Composed;
  /** Models whose state is not settled: never judged, or failing and not confirmed. */
  readonly unsettled: readonly string[];
  /** What failed, and how. */
  readonly failing: readonly { readonly name: string; readonly why: string }[];
}

const LOOK_MS = 50;

/**
 * Judges all background models by itself, without Redis: one round of probes, and the confirmations that follow from
 * it. Ends when every state is settled, or when the time is over.
 */
export async function judgeAlone(config: AllswellConfig, timeoutMs: number): Promise<JudgedAlone> {
  // To its last step, for the stop waits on timers, too.
  return await stayingAlive(async () => await judge(config, timeoutMs));
}

async function judge(config: AllswellConfig, timeoutMs: number): Promise<JudgedAlone> {
  const lone = openLoneFleet(config, 'independent');
  const { fleet, redact } = lone;
  const vouching = createVouching({ config, fleet, redact });
  const wanted = config.targets.filter(({ background }) => background);
  const unsettled = (): string[] =>
    wanted.flatMap(({ id, name }) => {
      const state = fleet.target(id)?.state ?? 'unknown';
      return state === 'unknown' || state === 'suspect' ? [name] : [];
    });
  const failing = (): JudgedAlone['failing'] =>
    wanted.flatMap(({ id, name }) => {
      const { state, why = '' } = fleet.target(id) ?? {};
      return state === 'down' || state === 'suspect' ? [{ name, why: redact(why) }] : [];
    });
  try {
    await untilSettled(() => unsettled().length === 0, timeoutMs);
    const { pod, now } = fleet.status();
    const composed = composeDocument(vouching.vouch(), {
      pod,
      now,
      ttlMs: config.cacheTtlMs,
      marginMs: config.storeDeadlineMs,
    });
    return { composed, unsettled: unsettled(), failing: failing() };
  } finally {
    await lone.stop();
  }
}

async function untilSettled(settled: () => boolean, timeoutMs: number): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  while (!settled() && performance.now() < endsAt) {
    // oxlint-disable-next-line no-await-in-loop -- looks again and again
    await sleep(LOOK_MS);
  }
}
