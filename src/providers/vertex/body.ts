import type { JsonBody, Question } from '../wire/index.ts';

/**
 * The body of one call: `generateContent` for chat, `predict` for embeddings. Parameters of the configuration are in
 * OpenAI's words, which neither takes, so none of them is sent.
 */
export function bodyOf({ mode, prompt, maxTokens }: Question): JsonBody {
  if (mode === 'embedding') return { instances: [{ content: prompt }] };
  return {
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    ...(maxTokens !== undefined && { generationConfig: { maxOutputTokens: maxTokens } }),
  };
}

/** Claude on Vertex AI takes Anthropic's body with a version in place of the model, which is in the URL. */
export function claudeBodyOf(ofAnthropic: JsonBody): JsonBody {
  const { model: _model, ...rest } = ofAnthropic;
  return { anthropic_version: CLAUDE_VERSION, ...rest };
}

/** Version of Anthropic's format on Vertex AI. */
export const CLAUDE_VERSION = 'vertex-2023-10-16';
