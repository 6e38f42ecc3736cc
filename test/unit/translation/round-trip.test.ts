import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createAnthropicToOpenAiStream,
  createOpenAiToAnthropicStream,
  toAnthropicAnswer,
  toAnthropicRequest,
  toOpenAiAnswer,
  toOpenAiRequest,
} from '../../../src/translation/index.ts';
import type { OpenAiRequestOptions, Translation } from '../../../src/translation/index.ts';
import { messageEvents, messagesProblems } from '../../support/translation/anthropic-wire.ts';
import { completion, message, messagesRequest } from '../../support/translation/arbitraries.ts';
import { completionFrom, dataOf, messageFrom, stepsOf } from '../../support/translation/assembled.ts';
import { completionChunks, completionProblems } from '../../support/translation/openai-wire.ts';

type Fields = Record<string, unknown>;

const toOpenAi: OpenAiRequestOptions = {
  model: 'gpt-5',
  unsupportedFields: 'refuse',
  dialect: 'extended',
  limitName: 'max_tokens',
  reasoning: 'accepted',
};
const toAnthropic = { model: 'claude-sonnet-4-5', unsupportedFields: 'refuse' } as const;

function translated<Notes>(translation: Translation<Notes>): { body: Fields; notes: Notes } {
  if (translation.kind !== 'translated') throw new Error(JSON.stringify(translation));
  return { body: { ...translation.body }, notes: translation.notes };
}

const namesOf = (tools: unknown): unknown =>
  (tools as Fields[]).map(({ function: called }) => (called as Fields)['name']);

it('a conversation keeps its meaning from Anthropic to OpenAI and back', () => {
  fc.assert(
    fc.property(messagesRequest, (request) => {
      const { body, notes } = translated(toOpenAiRequest(request, toOpenAi));
      const back = translated(toAnthropicRequest(body, toAnthropic)).body;
      const renamed = JSON.parse(JSON.stringify(request), (key, value: unknown) =>
        key === 'name' && typeof value === 'string' ? notes.toolNames.sent(value) : value,
      ) as Fields;
      expect(back).toEqual({ ...renamed, model: 'claude-sonnet-4-5', messages: unified(renamed['messages']) });
    }),
    { numRuns: 300 },
  );
});

/** A result of one plain text is a text; both mean the same. */
function unified(messages: unknown): unknown {
  return (messages as { content: Fields[] }[]).map(({ content, ...turn }) => ({
    ...turn,
    content: content.map((block) => {
      const parts = block['content'] as Fields[] | undefined;
      const [first] = parts ?? [];
      const isPlain = parts?.length === 1 && first?.['type'] === 'text' && !('cache_control' in first);
      return isPlain ? { ...block, content: first['text'] } : block;
    }),
  }));
}

it('a conversation keeps its meaning from OpenAI to Anthropic and back', () => {
  fc.assert(
    fc.property(messagesRequest, (request) => {
      const first = translated(toOpenAiRequest(request, toOpenAi)).body;
      const anthropic = translated(toAnthropicRequest(first, toAnthropic)).body;
      const back = translated(toOpenAiRequest(anthropic, toOpenAi)).body;
      expect(back['messages']).toEqual(first['messages']);
      expect(namesOf(back['tools'])).toEqual(namesOf(first['tools']));
    }),
    { numRuns: 300 },
  );
});

it('a translated request keeps the rules of its API', () => {
  fc.assert(
    fc.property(messagesRequest, (request) => {
      expect(messagesProblems(request)).toEqual([]);
      const plain = translated(toOpenAiRequest(request, { ...toOpenAi, dialect: 'openai' })).body;
      expect(completionProblems(plain)).toEqual([]);
      expect(messagesProblems(translated(toAnthropicRequest(plain, toAnthropic)).body)).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

const { notes: anthropicNotes } = translated(
  toAnthropicRequest(
    { messages: [{ role: 'user', content: 'x' }], stream_options: { include_usage: true } },
    toAnthropic,
  ),
);
const { notes: openAiNotes } = translated(toOpenAiRequest({ max_tokens: 1, messages: [] }, toOpenAi));
const openAiIdentity = { id: 'chatcmpl-1', model: 'group', createdS: 1 };
const anthropicIdentity = { id: 'msg_1', model: 'group' };
const lengths = fc.integer({ min: 1, max: 7 });

it('a stream of Anthropic gives what its answer gives', () => {
  fc.assert(
    fc.property(message, lengths, (body, length) => {
      const steps = stepsOf(createAnthropicToOpenAiStream(openAiIdentity, anthropicNotes), messageEvents(body, length));
      const answer = toOpenAiAnswer(body, openAiIdentity, anthropicNotes);
      if (answer.kind !== 'translated') throw new Error(answer.why);
      const [{ message: whole, finish_reason: finish } = {} as Fields] = answer.body['choices'] as Fields[];
      const assembled = completionFrom(dataOf(steps));
      const reasoning = (whole as Fields)['reasoning_content'] === '' ? { reasoning_content: '' } : {};
      expect({ ...assembled, message: { ...(assembled['message'] as Fields), ...reasoning } }).toEqual({
        message: whole,
        finish_reason: finish,
        usage: answer.body['usage'],
      });
      expect(steps.at(-1)).toMatchObject({ kind: 'ended', usage: answer.usage });
    }),
    { numRuns: 300 },
  );
});

it('a stream of OpenAI gives what its answer gives', () => {
  fc.assert(
    fc.property(completion, lengths, (body, length) => {
      const chunks = [...completionChunks(body, length), '[DONE]'];
      const steps = stepsOf(createOpenAiToAnthropicStream(anthropicIdentity, openAiNotes), chunks);
      const answer = toAnthropicAnswer(body, anthropicIdentity, openAiNotes);
      if (answer.kind !== 'translated') throw new Error(answer.why);
      const expected = { ...answer.body, content: joinedTexts(answer.body['content']) };
      expect(messageFrom(dataOf(steps))).toEqual(expected);
      expect(steps.at(-1)).toMatchObject({ kind: 'ended', usage: answer.usage });
    }),
    { numRuns: 300 },
  );
});

/** In a stream a refusal goes on in the block of the text before it. */
function joinedTexts(content: unknown): readonly Fields[] {
  return (content as Fields[]).reduce<readonly Fields[]>((blocks, block) => {
    const last = blocks.at(-1);
    if (block['type'] !== 'text' || last?.['type'] !== 'text') return [...blocks, block];
    return [...blocks.slice(0, -1), { ...last, text: `${String(last['text'])}${String(block['text'])}` }];
  }, []);
}

it('a stream that breaks off anywhere is no success, and ends without a finish reason', () => {
  fc.assert(
    fc.property(message, completion, lengths, fc.nat(), (body, other, length, cut) => {
      const events = messageEvents(body, length);
      const translator = createAnthropicToOpenAiStream(openAiIdentity, anthropicNotes);
      const steps = stepsOf(translator, events.slice(0, cut % events.length));
      expect(steps.at(-1)).toMatchObject({ kind: 'failed', failure: { reason: 'truncated' } });
      expect(completionFrom(dataOf(steps))['finish_reason']).toBeFalsy();

      // The last two chunks are the finish reason and usage.
      const chunks = completionChunks(other, length);
      const before = chunks.slice(0, cut % (chunks.length - 1));
      const broken = stepsOf(createOpenAiToAnthropicStream(anthropicIdentity, openAiNotes), before);
      expect(broken.at(-1)).toMatchObject({ kind: 'failed', failure: { reason: 'truncated' } });
      expect(dataOf(broken).some(({ type }) => type === 'message_stop')).toBe(false);
    }),
    { numRuns: 300 },
  );
});

const FIELDS = [
  ...'messages system tools tool_choice stop stop_sequences response_format thinking reasoning_effort role content type'.split(
    ' ',
  ),
  ...'text image_url url file file_data source function name arguments tool_calls id input tool_use_id choices message'.split(
    ' ',
  ),
  ...'delta index usage content_block stop_reason finish_reason json_schema schema properties constructor __proto__'.split(
    ' ',
  ),
];
const WORDS = [
  ...'user assistant tool system text image document file tool_use tool_result thinking json_schema object'.split(' '),
  ...'message_start content_block_start content_block_delta content_block_stop message_delta message_stop error'.split(
    ' ',
  ),
  ...'data:image/png;base64,AA text_delta input_json_delta required auto none constructor enabled adaptive'.split(' '),
];

it('any JSON is translated or refused: nothing throws', () => {
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(fc.constantFrom(...WORDS), fc.constantFrom(null, true, false, 0, -1, 1.5, 1e300, '')),
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      tie('leaf'),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...FIELDS), tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const body = fc.dictionary(fc.constantFrom(...FIELDS), tree, { maxKeys: 6 });
  fc.assert(
    fc.property(body, fc.constantFrom('drop', 'refuse'), (json, mode) => {
      const fields = json as Fields;
      expect(toAnthropicRequest(fields, { ...toAnthropic, unsupportedFields: mode }).kind).toBeTypeOf('string');
      expect(toOpenAiRequest(fields, { ...toOpenAi, unsupportedFields: mode }).kind).toBeTypeOf('string');
      expect(toOpenAiAnswer(json, openAiIdentity, anthropicNotes).kind).toBeTypeOf('string');
      expect(toAnthropicAnswer(json, anthropicIdentity, openAiNotes).kind).toBeTypeOf('string');
      stepsOf(createAnthropicToOpenAiStream(openAiIdentity, anthropicNotes), [
        messageEvents(START, 1)[0]!,
        fields,
        fields,
      ]);
      stepsOf(createOpenAiToAnthropicStream(anthropicIdentity, openAiNotes), [fields, fields]);
    }),
    { numRuns: 2_000 },
  );
});

const START = { content: [], usage: { input_tokens: 1, output_tokens: 1 } };
