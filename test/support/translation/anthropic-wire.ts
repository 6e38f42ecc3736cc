import type { WireOfUpstream } from './scripted-upstream.ts';

type Fields = Record<string, unknown>;

/** The Messages API, as far as its documentation says what it refuses. */
export const anthropicWire: WireOfUpstream = {
  path: '/v1/messages',
  events: (message) => messageEvents(message, 5).map((event) => wireText(event)),
  problems: messagesProblems,
  refusal: (message) => ({ type: 'error', error: { type: 'invalid_request_error', message } }),
};

export function wireText(event: Fields): string {
  return `event: ${String(event['type'])}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** A message as the events of its stream, with texts in pieces of `length` characters. */
export function messageEvents(message: Fields, length: number): readonly Fields[] {
  const { content, stop_reason: reason, stop_details: details = null, usage, ...rest } = message;
  const { output_tokens: output, ...prompt } = usage as Fields;
  return [
    {
      type: 'message_start',
      message: { ...rest, content: [], stop_reason: null, usage: { ...prompt, output_tokens: 1 } },
    },
    { type: 'ping' },
    ...(content as Fields[]).flatMap((block, index) => blockEvents(block, index, length)),
    {
      type: 'message_delta',
      delta: { stop_reason: reason, stop_sequence: null, stop_details: details },
      usage: { output_tokens: output },
    },
    { type: 'message_stop' },
  ];
}

function blockEvents(block: Fields, index: number, length: number): readonly Fields[] {
  const delta = (fields: Fields): Fields => ({ type: 'content_block_delta', index, delta: fields });
  const within = (start: Fields, deltas: readonly Fields[]): readonly Fields[] => [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map(delta),
    { type: 'content_block_stop', index },
  ];
  switch (block['type']) {
    case 'text':
      return within(
        { type: 'text', text: '' },
        pieces(block['text'] as string, length).map((text) => ({ type: 'text_delta', text })),
      );
    case 'thinking':
      return within({ type: 'thinking', thinking: '', signature: '' }, [
        ...pieces(block['thinking'] as string, length).map((thinking) => ({ type: 'thinking_delta', thinking })),
        { type: 'signature_delta', signature: block['signature'] },
      ]);
    case 'tool_use': {
      const json = JSON.stringify(block['input']);
      const sent = json === '{}' ? [] : pieces(json, length);
      return within(
        { ...block, input: {} },
        sent.map((partial) => ({ type: 'input_json_delta', partial_json: partial })),
      );
    }
    default:
      return within(block, []);
  }
}

export function pieces(text: string, length: number): readonly string[] {
  const count = Math.ceil(text.length / length);
  return Array.from({ length: count }, (_, at) => text.slice(at * length, (at + 1) * length));
}

/** Rules of the Messages API that a translation must keep. */
export function messagesProblems(request: Fields): readonly string[] {
  const { messages, max_tokens: limit, thinking, tools, tool_choice: choice } = request;
  const budget = (thinking as Fields | undefined)?.['budget_tokens'];
  const forced = ['any', 'tool'].includes(String((choice as Fields | undefined)?.['type']));
  const names = ((tools ?? []) as Fields[]).map(({ name }) => String(name));
  return [
    ...Object.keys(request)
      .filter((field) => !KNOWN.has(field))
      .map((field) => `${field}: extra inputs are not permitted`),
    ...where(typeof limit !== 'number', 'max_tokens: field required'),
    ...where(Number(budget) < 1_024 || Number(budget) >= Number(limit), 'thinking.budget_tokens: out of range'),
    ...where(forced && thinking !== undefined, 'thinking may not be enabled when tool_choice forces tool use'),
    ...where(!names.every((name) => /^[a-zA-Z0-9_-]{1,128}$/.test(name)), 'tools.name: invalid'),
    ...where(new Set(names).size < names.length, 'tools: names must be unique'),
    ...conversationProblems((messages ?? []) as Fields[], tools),
  ];
}

const KNOWN = new Set(
  (
    'model messages max_tokens system tools tool_choice thinking output_config metadata ' +
    'stop_sequences stream temperature top_p top_k service_tier cache_control'
  ).split(' '),
);

function conversationProblems(messages: readonly Fields[], tools: unknown): readonly string[] {
  const idsOf = (message: Fields | undefined, type: string, field: string): readonly unknown[] =>
    ((message?.['content'] ?? []) as Fields[]).filter((block) => block['type'] === type).map((block) => block[field]);
  return messages.flatMap((message, at) => {
    const blocks = message['content'] as Fields[];
    const open = idsOf(messages[at - 1], 'tool_use', 'id');
    const uses = idsOf(message, 'tool_use', 'id');
    const results = idsOf(message, 'tool_result', 'tool_use_id');
    const firstOther = blocks.findIndex(({ type }) => type !== 'tool_result');
    const thinking = blocks.filter(({ type }) => type === 'thinking');
    return [
      ...where(blocks.length === 0, 'content is empty'),
      ...where(
        blocks.some(({ type, text }) => type === 'text' && text === ''),
        'text content blocks must be non-empty',
      ),
      ...where(messages[at - 1]?.['role'] === message['role'], 'roles must alternate'),
      ...where(uses.length > 0 && tools === undefined, 'tool blocks need tools'),
      ...where(new Set(uses).size < uses.length, 'tool_use ids must be unique'),
      ...where(!open.every((id) => results.includes(id)), 'tool_use without tool_result'),
      ...where(!results.every((id) => open.includes(id)), 'tool_result without tool_use'),
      ...where(firstOther !== -1 && firstOther < results.length, 'tool_result must come first'),
      ...where(!thinking.every(({ signature }) => Boolean(signature)), 'thinking without a signature'),
    ].map((problem) => `messages.${at}: ${problem}`);
  });
}

export function where(isBroken: boolean, problem: string): readonly string[] {
  return isBroken ? [problem] : [];
}
