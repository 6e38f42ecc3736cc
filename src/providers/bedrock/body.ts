import type { JsonBody, Question } from '../wire/index.ts';

/** Families of embedding models that are asked in the same words. */
export type EmbeddingFamily = 'titan' | 'cohere';

/** @example embeddingFamily('eu.cohere.embed-v4:0') // 'cohere' */
export function embeddingFamily(model: string): EmbeddingFamily | undefined {
  if (/(?:^|[./])amazon\.titan-embed-(?:text|g1)/.test(model)) return 'titan';
  return /(?:^|[./])cohere\.embed-/.test(model) ? 'cohere' : undefined;
}

/**
 * The body of one call: Converse for chat, InvokeModel for embeddings. Parameters of the configuration are in OpenAI's
 * words, which neither takes, so none of them is sent.
 */
export function bodyOf({ mode, model, prompt, maxTokens }: Question): JsonBody {
  if (mode === 'embedding') {
    return embeddingFamily(model) === 'cohere'
      ? { texts: [prompt], input_type: 'search_document' }
      : { inputText: prompt };
  }
  return {
    messages: [{ role: 'user', content: [{ text: prompt }] }],
    ...(maxTokens !== undefined && { inferenceConfig: { maxTokens } }),
  };
}
