export * from './anthropic-upstream/index.ts';
export * from './openai-upstream/index.ts';
export type { ClaudeTraits } from './claude-traits.ts';
export {
  anthropicError,
  anthropicErrorEvent,
  anthropicProblem,
  openAiError,
  openAiErrorEvent,
  openAiProblem,
  toAnthropicError,
  toOpenAiError,
} from './error-body.ts';
export type { ErrorAnswer } from './error-body.ts';
export type { AnswerTranslation, Invalid, Translation, Unsupported, UnsupportedFields } from './outcome.ts';
export type { SseEvent, StreamFailure, StreamStep, StreamTranslator } from './sse.ts';
export type { TokenCounts } from './usage.ts';
