export { toAnthropicAnswer } from './answer.ts';
export type { AnthropicIdentity } from './answer.ts';
export type { OpenAiDialect, OpenAiUpstreamNotes } from './notes.ts';
export { toOpenAiRequest } from './request.ts';
export type { OpenAiRequestOptions } from './request.ts';
export { createOpenAiToAnthropicStream } from './stream.ts';
