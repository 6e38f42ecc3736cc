import type { ToolNames } from '../tool-names.ts';

/** What the translation of an answer must know of its request. */
export interface OpenAiUpstreamNotes {
  readonly toolNames: ToolNames;
}

/**
 * Which fields beside OpenAI's the upstream takes.
 *
 * - `openai`: none.
 * - `extended`: those of LiteLLM, for an upstream that is a gateway: `thinking_blocks`, `cache_control`, `is_error`.
 */
export type OpenAiDialect = 'openai' | 'extended';
