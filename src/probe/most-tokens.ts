import type { ProbeTarget } from '../config/index.ts';
import { longestPromptOf } from './question.ts';

/** The most that one probe of a target at level `inference` is expected to take. */
export interface MostTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What vendors put around a prompt before they count. */
const AROUND_A_PROMPT = 32;
/** Where no limit is sent, a model that is asked for small talk may think about it for this long. */
const WITHOUT_LIMIT = 4_096;

/** No vendor counts more tokens than a text has bytes. */
export function mostTokensOf(target: ProbeTarget): MostTokens {
  const { mode, maxTokens = WITHOUT_LIMIT, healthCheckParams: params } = target;
  const more = Object.keys(params).length === 0 ? '' : JSON.stringify(params);
  return {
    inputTokens: Buffer.byteLength(longestPromptOf(target) + more) + AROUND_A_PROMPT,
    outputTokens: mode === 'embedding' ? 0 : maxTokens,
  };
}
