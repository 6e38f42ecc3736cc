export { toOpenAiAnswer } from './answer.ts';
export type { OpenAiIdentity } from './answer.ts';
export type { AnthropicUpstreamNotes } from './notes.ts';
export { toAnthropicRequest } from './request.ts';
export type { AnthropicRequestOptions } from './request.ts';
export { createAnthropicToOpenAiStream } from './stream.ts';
