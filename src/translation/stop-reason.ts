/** OpenAI's `finish_reason`. */
export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter';

/** Anthropic's `stop_reason`, as far as OpenAI's has a counterpart. */
export type StopReason = 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal';

const finishReasons: ReadonlyMap<string, FinishReason> = new Map<string, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
  // The turn is not complete, and the client may continue it.
  ['pause_turn', 'length'],
  ['compaction', 'length'],
  ['model_context_window_exceeded', 'length'],
]);

const stopReasons: ReadonlyMap<string, StopReason> = new Map<string, StopReason>([
  ['stop', 'end_turn'],
  ['length', 'max_tokens'],
  ['tool_calls', 'tool_use'],
  ['function_call', 'tool_use'],
  ['content_filter', 'refusal'],
  ['refusal', 'refusal'],
]);

/** An unknown reason ends the answer like any other: `stop`, as LiteLLM has it. */
export function finishReasonOf(stopReason: string): FinishReason {
  return finishReasons.get(stopReason) ?? 'stop';
}

/** Some servers say `stop` after tool calls; Anthropic's clients run tools only after `tool_use`. */
export function stopReasonOf(finishReason: string, toolCalls: number): StopReason {
  const reason = stopReasons.get(finishReason) ?? 'end_turn';
  return reason === 'end_turn' && toolCalls > 0 ? 'tool_use' : reason;
}
