import type { ToolNames } from '../tool-names.ts';

/** What the translation of an answer must know of its request. */
export interface AnthropicUpstreamNotes {
  readonly toolNames: ToolNames;
  /** Whether a tool call is the JSON text that `response_format` asked for. */
  readonly structuredOutput: 'text' | 'tool';
  /** `stream_options.include_usage` of the request. */
  readonly usageChunk: 'send' | 'omit';
}

/** The tool whose input is the structured output. LiteLLM's name. */
export const JSON_TOOL = 'json_tool_call';
