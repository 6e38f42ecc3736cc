import { messageOf, memoryMb } from './processes.ts';
import { jobOf } from './rounds.ts';
import type { Stand } from './rounds.ts';
import type { LoadResult } from './job.ts';

/** Memory that the pod may gain from the first half of a soak to its second. */
const MOST_GROWTH = 0.1;

const STEP_MS = 5_000;

export interface SoakResult {
  /** Medians, MB. */
  readonly firstMb: number;
  readonly secondMb: number;
  readonly requests: number;
  readonly failed: number;
  readonly isKept: boolean;
}

/**
 * Steady load for some minutes, streams and whole answers in turn. Compares the memory in the second minute with that in the last one:
 * in the first, the heap takes the size that the load needs.
 */
export async function soak(
  { load, upstream, gateways, say }: Stand & { readonly say: (line: string) => void },
  { name, minutes }: { readonly name: string; readonly minutes: number },
): Promise<SoakResult> {
  const gateway = gateways.find((one) => one.name.startsWith(name));
  if (gateway?.pid === undefined) throw new Error(`${name} does not run`);
  await messageOf(upstream, { delayMs: 20, pauseMs: 0 });
  const samples: { readonly minute: number; readonly mb: number }[] = [];
  let requests = 0;
  let failed = 0;
  const startedMs = performance.now();
  for (let step = 0; performance.now() - startedMs < minutes * 60_000; step += 1) {
    const answer = step % 3 === 2 ? 'stream' : 'whole';
    const until = { kind: 'time', ms: STEP_MS } as const;
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    const result = await messageOf<LoadResult>(load, jobOf(gateway, { answer, connections: 64, until }));
    requests += result.complete;
    failed += result.failed;
    const minute = Math.floor((performance.now() - startedMs) / 60_000);
    samples.push({ minute, mb: memoryMb(gateway.pid, 'VmRSS') });
    say(`soak: minute ${minute + 1}, ${Math.round(samples.at(-1)?.mb ?? 0)} MB, ${requests} requests`);
  }
  const firstMb = median(samples.filter(({ minute }) => minute === 1).map(({ mb }) => mb));
  const secondMb = median(samples.filter(({ minute }) => minute === minutes - 1).map(({ mb }) => mb));
  return { firstMb, secondMb, requests, failed, isKept: secondMb <= firstMb * (1 + MOST_GROWTH) && failed === 0 };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}
