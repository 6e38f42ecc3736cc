import type { PodAddress } from '../../ask/index.ts';
import { askLitellm } from './ask-litellm.ts';
import type { LitellmAnswer } from './ask-litellm.ts';
import { checkLitellm } from './check-litellm.ts';
import type { Check } from './check.ts';
import { readTasks } from './litellm-pages.ts';
import { pageIn } from './pod-checks.ts';
import type { PodAnswers } from './pod-checks.ts';

/** A pod's pages; without `answers` it is not LiteLLM, or cannot be asked. */
export interface AskedPod {
  readonly address: PodAddress;
  readonly litellm: Check;
  readonly answers: PodAnswers | undefined;
}

/**
 * Reads the pages of one pod, none of which costs money. `/health` is read only if background checks run: without them
 * LiteLLM probes every model for the answer.
 */
export async function askPodPages(address: PodAddress, end: AbortSignal): Promise<AskedPod> {
  const get = async (path: string): Promise<LitellmAnswer> => await askLitellm(address, path, { end });
  const report = await get('/debug/report');
  const missing = report.kind === 'declined' && report.status === 404;
  const details = missing ? await get('/health/readiness/details') : null;
  const litellm = checkLitellm(report, details);
  if (litellm.result !== 'passed') return { address, litellm, answers: undefined };
  const [tasks, shared, models, memory] = await Promise.all([
    get('/debug/asyncio-tasks'),
    get('/health/shared-status'),
    get('/v1/model/info'),
    get('/memory-usage-in-mem-cache-items'),
  ]);
  const free = pageIn(tasks, readTasks)?.checksInBackground === true;
  const health = free ? await get('/health') : null;
  return { address, litellm, answers: { report, details, tasks, shared, health, models, memory } };
}
