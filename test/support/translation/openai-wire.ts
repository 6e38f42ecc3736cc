import { pieces, where } from './anthropic-wire.ts';
import type { WireOfUpstream } from './scripted-upstream.ts';

type Fields = Record<string, unknown>;

/** Chat completions, as far as their documentation says what they refuse. */
export const openAiWire: WireOfUpstream = {
  path: '/v1/chat/completions',
  events: (completion, request) => {
    const options = (request['stream_options'] ?? {}) as Fields;
    const chunks = completionChunks(completion, 5).filter(
      ({ usage }) => usage === undefined || options['include_usage'],
    );
    return [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'];
  },
  problems: completionProblems,
  refusal: (message) => ({ error: { message, type: 'invalid_request_error', param: null, code: null } }),
};

/** A completion as the chunks of its stream, with texts in pieces of `length` characters. */
export function completionChunks(completion: Fields, length: number): readonly Fields[] {
  const { choices, usage, ...rest } = completion;
  const [{ message, finish_reason: reason } = {} as Fields] = choices as Fields[];
  const { content, refusal, reasoning_content: reasoning, tool_calls: calls } = message as Fields;
  const chunk = (delta: Fields, finish: unknown = null): Fields => ({
    ...rest,
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const inPieces = (field: string, text: unknown): readonly Fields[] =>
    pieces((text as string | null) ?? '', length).map((piece) => chunk({ [field]: piece }));
  return [
    chunk({ role: 'assistant', content: '' }),
    ...inPieces('reasoning_content', reasoning),
    ...inPieces('content', content),
    ...inPieces('refusal', refusal),
    ...((calls ?? []) as Fields[]).flatMap((call, index) =>
      callDeltas(call, index, length).map((delta) => chunk(delta)),
    ),
    chunk({}, reason),
    { ...rest, object: 'chat.completion.chunk', choices: [], usage },
  ];
}

function callDeltas(call: Fields, index: number, length: number): readonly Fields[] {
  const { name, arguments: json } = call['function'] as Fields;
  return [
    { tool_calls: [{ ...call, index, function: { name, arguments: '' } }] },
    ...pieces(json as string, length).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ];
}

/** Rules of chat completions that a translation must keep. */
export function completionProblems({ messages, ...request }: Fields): readonly string[] {
  const names = ((request['tools'] ?? []) as { function: { name: string } }[]).map((tool) => tool.function.name);
  return [
    ...Object.keys(request)
      .filter((field) => !KNOWN.has(field))
      .map((field) => `unknown parameter: ${field}`),
    ...where(request['tool_choice'] !== undefined && names.length === 0, 'tool_choice needs tools'),
    ...where(!names.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name)), 'tools: invalid name'),
    ...conversationProblems((messages ?? []) as Fields[]),
  ];
}

function conversationProblems(messages: readonly Fields[]): readonly string[] {
  let open: readonly unknown[] = [];
  return messages.flatMap((message, at) => {
    const { role, content, tool_calls: calls, tool_call_id: answered } = message;
    const before = open;
    open = role === 'tool' ? open.filter((id) => id !== answered) : ((calls ?? []) as Fields[]).map(({ id }) => id);
    const parts = Array.isArray(content) ? (content as Fields[]) : [];
    return [
      ...where(!Object.keys(message).every((field) => FIELDS.has(field)), 'unknown field'),
      ...where(role === 'tool' && !before.includes(answered), 'no such tool call'),
      ...where(role === 'tool' && parts.some(({ type }) => type !== 'text'), 'tool messages hold texts'),
      ...where(role !== 'tool' && before.length > 0, 'tool calls without results'),
    ].map((problem) => `messages.${at}: ${problem}`);
  });
}

const FIELDS = new Set(['role', 'content', 'tool_calls', 'tool_call_id', 'refusal', 'name']);

const KNOWN = new Set(
  (
    'model max_tokens max_completion_tokens tools tool_choice parallel_tool_calls reasoning_effort response_format ' +
    'stop stream stream_options temperature top_p user service_tier web_search_options'
  ).split(' '),
);
