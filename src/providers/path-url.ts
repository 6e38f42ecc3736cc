import { azureUrl } from './azure.ts';
import type { Reachable } from './reachable.ts';

/**
 * The URL of an upstream for the end of a path, as OpenAI or Anthropic have it. For Azure the deployment goes into the path, or
 * the newer API is used.
 *
 * @example
 * pathUrlOf({ provider: 'openai', wire: 'openai', apiBase: 'https://h/v1', upstreamModel: 'm' }, 'chat/completions') // 'https://h/v1/chat/completions'
 */
export function pathUrlOf(target: Reachable, path: string): string {
  return target.wire === 'azure' ? azureUrl(target, path) : `${target.apiBase}/${path}`;
}
