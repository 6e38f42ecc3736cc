import type { ProbeTarget } from '../config/index.ts';
import type { Random } from '../ports/index.ts';
import type { ProbeMode, Question } from '../providers/wire/index.ts';

/**
 * What a target is asked for a sign of life. It starts from `health_check_params` and from nothing else of the
 * deployment, so that tools and other parameters of its users cannot change what the probe means or costs.
 */
export function questionOf(target: ProbeTarget, mode: ProbeMode, prompt: string): Question {
  const { maxTokens, limitName, reasoningEffort, upstreamModel: model, healthCheckParams: params } = target;
  return { mode, model, prompt, maxTokens, limitName, reasoningEffort, params };
}

/** LiteLLM asks one of two questions at random; a prompt of the configuration's own is asked as it is. */
export function promptOf({ mode, prompt }: ProbeTarget, random: Random): string {
  if (mode !== 'chat' || !smallTalk.includes(prompt)) return prompt;
  return smallTalk[Math.floor(random.next() * smallTalk.length)] ?? prompt;
}

/** The longest of the prompts that {@link promptOf} may answer. */
export function longestPromptOf({ mode, prompt }: ProbeTarget): string {
  if (mode !== 'chat' || !smallTalk.includes(prompt)) return prompt;
  return smallTalk.reduce((longest, one) => (one.length > longest.length ? one : longest), '');
}

const smallTalk: readonly string[] = ["Hey how's it going?", "What's 1 + 1?"];
