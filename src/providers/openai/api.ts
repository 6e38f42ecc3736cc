import type { ProbeMode } from '../wire/index.ts';

/** What can be asked over OpenAI's wire, by the end of its path. */
export type OpenAiApi = 'chat/completions' | 'completions' | 'embeddings' | 'responses';

export const apis: Readonly<Record<ProbeMode, OpenAiApi>> = {
  chat: 'chat/completions',
  completion: 'completions',
  embedding: 'embeddings',
  responses: 'responses',
};
