import fc from 'fast-check';

type Fields = Record<string, unknown>;

const word = fc.stringMatching(/^[a-zäß €]{0,12}[a-z"\\]$/);
const jsonObject = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(word, fc.integer(), fc.constant(null)), {
  maxKeys: 3,
});
const mark = fc.constantFrom({}, { cache_control: { type: 'ephemeral' } });
const text = fc.tuple(word, mark).map(([value, marked]): Fields => ({ type: 'text', text: value, ...marked }));
const base64 = fc.constantFrom('AAAA', 'AQID');
const image = fc.oneof(
  base64.map((data): Fields => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })),
  fc.constant<Fields>({ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }),
);
const pdf = base64.map((data): Fields => ({
  type: 'document',
  title: 'a.pdf',
  source: { type: 'base64', media_type: 'application/pdf', data },
}));
const thinking = fc.oneof(
  fc.tuple(word, word).map(([thought, signature]): Fields => ({ type: 'thinking', thinking: thought, signature })),
  word.map((data): Fields => ({ type: 'redacted_thinking', data })),
);
const toolName = fc.constantFrom('weather', 'search', 'x'.repeat(100));

interface Exchange {
  readonly question: readonly Fields[];
  readonly thinking: readonly Fields[];
  readonly text: readonly Fields[];
  readonly calls: readonly { readonly name: string; readonly input: Fields; readonly result: Fields }[];
}

const result = fc
  .tuple(fc.array(fc.oneof(text, image), { maxLength: 2 }), fc.constantFrom({}, { is_error: true }))
  .map(([content, failed]): Fields => ({ ...(content.length > 0 ? { content } : {}), ...failed }));

const exchange: fc.Arbitrary<Exchange> = fc.record({
  question: fc.array(fc.oneof(text, image, pdf), { minLength: 1, maxLength: 3 }),
  thinking: fc.array(thinking, { maxLength: 2 }),
  text: fc.array(text, { minLength: 1, maxLength: 1 }),
  calls: fc.array(fc.record({ name: toolName, input: jsonObject, result }), { maxLength: 3 }),
});

/** Messages requests: questions, thinking, answers, calls of tools and their results. The user has the last word. */
export const messagesRequest: fc.Arbitrary<Fields> = fc
  .record({
    exchanges: fc.array(exchange, { maxLength: 3 }),
    last: fc.array(text, { minLength: 1, maxLength: 2 }),
    system: fc.array(text, { maxLength: 2 }),
  })
  .map(({ exchanges, last, system }) => ({
    model: 'group',
    max_tokens: 100,
    ...(system.length > 0 ? { system } : {}),
    tools: ['weather', 'search', 'x'.repeat(100)].map((name) => ({
      name,
      input_schema: { type: 'object', properties: {} },
    })),
    messages: joined([...exchanges.flatMap(turnsOf), { role: 'user', content: last }]),
  }));

interface Turn {
  readonly role: string;
  readonly content: readonly Fields[];
}

function turnsOf({ question, thinking: thoughts, text: said, calls }: Exchange, at: number): readonly Turn[] {
  const id = (index: number): string => `toolu_${at}_${index}`;
  const uses = calls.map(({ name, input }, index): Fields => ({ type: 'tool_use', id: id(index), name, input }));
  const results = calls.map(({ result: got }, index): Fields => ({
    type: 'tool_result',
    tool_use_id: id(index),
    ...got,
  }));
  const answer = { role: 'assistant', content: [...thoughts, ...said, ...uses] };
  return [
    { role: 'user', content: question },
    answer,
    ...(calls.length > 0 ? [{ role: 'user', content: results }] : []),
  ];
}

/** One turn for each run of one role. */
function joined(turns: readonly Turn[]): readonly Turn[] {
  return turns.reduce<readonly Turn[]>((runs, turn) => {
    const last = runs.at(-1);
    if (last?.role !== turn.role) return [...runs, turn];
    return [...runs.slice(0, -1), { role: turn.role, content: [...last.content, ...turn.content] }];
  }, []);
}

const usage = fc.record({
  input_tokens: fc.nat(1_000),
  output_tokens: fc.nat(1_000),
  cache_read_input_tokens: fc.nat(1_000),
  cache_creation_input_tokens: fc.nat(1_000),
});

/** Answers of the Messages API. */
export const message: fc.Arbitrary<Fields> = fc
  .record({ exchange, usage, stop: fc.constantFrom('end_turn', 'max_tokens', 'stop_sequence', 'refusal') })
  .map(({ exchange: { thinking: thoughts, text: said, calls }, usage: used, stop }) => ({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [
      ...thoughts,
      ...said.map((block): Fields => ({ type: 'text', text: block['text'] })),
      ...calls.map(({ name, input }, at): Fields => ({ type: 'tool_use', id: `toolu_${at}`, name, input })),
    ],
    stop_reason: calls.length > 0 ? 'tool_use' : stop,
    stop_sequence: null,
    ...(stop === 'refusal' ? { stop_details: { explanation: 'no' } } : {}),
    usage: used,
  }));

/** Answers of chat completions. */
export const completion: fc.Arbitrary<Fields> = fc
  .record({
    content: fc.oneof(word, fc.constant(null)),
    reasoning: fc.oneof(word, fc.constant(undefined)),
    refusal: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: word }),
    calls: fc.array(fc.record({ name: toolName, input: jsonObject }), { maxLength: 3 }),
    stop: fc.constantFrom('stop', 'length', 'content_filter'),
    prompt: fc.nat(1_000),
    cached: fc.nat(100),
  })
  .map(({ content, reasoning, refusal, calls, stop, prompt, cached }) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-5',
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content,
          refusal,
          ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
          ...(calls.length === 0
            ? {}
            : {
                tool_calls: calls.map(({ name, input }, at) => ({
                  id: `call_${at}`,
                  type: 'function',
                  function: { name, arguments: JSON.stringify(input) },
                })),
              }),
        },
        finish_reason: calls.length > 0 ? 'tool_calls' : stop,
      },
    ],
    usage: { prompt_tokens: prompt + cached, completion_tokens: 3, prompt_tokens_details: { cached_tokens: cached } },
  }));
