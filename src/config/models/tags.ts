import { child, settingsOf } from '../yaml/index.ts';
import type { MapNode } from '../yaml/index.ts';

/** `tags` of `litellm_params`. A list of texts; LiteLLM ignores other values. */
export function tagsOf(params: MapNode): readonly string[] {
  const node = child(params, 'tags');
  const tags = node === undefined ? [] : settingsOf(node);
  return Array.isArray(tags) ? tags.filter((tag): tag is string => typeof tag === 'string') : [];
}
