/** What can be asked over OpenAI's wire, by the end of its path. */
export type Api = 'chat/completions' | 'completions' | 'embeddings';
