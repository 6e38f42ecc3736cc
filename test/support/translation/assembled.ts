import type { StreamStep, StreamTranslator } from '../../../src/translation/index.ts';

type Fields = Record<string, unknown>;

/** Feeds events until the stream ends; the last step is that of the end. */
export function stepsOf(translator: StreamTranslator, events: readonly (Fields | string)[]): readonly StreamStep[] {
  const steps = events.map((event) =>
    translator.event({ data: typeof event === 'string' ? event : JSON.stringify(event) }),
  );
  return [...steps, translator.end()];
}

/** Data of the events that a client gets. */
export function dataOf(steps: readonly StreamStep[]): readonly Fields[] {
  return steps
    .flatMap((step) => (step.kind === 'failed' ? [] : step.texts))
    .map((text) => /^data: (.*)$/m.exec(text)?.[1] ?? '')
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as Fields);
}

/** The message of a chat completion from its chunks, its finish reason and its usage. */
export function completionFrom(chunks: readonly Fields[]): Fields {
  const message: Fields = { role: 'assistant', content: null, refusal: null };
  const calls: { id: unknown; type: unknown; function: { name: string; arguments: string } }[] = [];
  const thinking: Fields[] = [];
  let finish: unknown;
  for (const { choices } of chunks) {
    const [choice] = choices as { delta: Fields; finish_reason: unknown }[];
    finish = choice?.finish_reason ?? finish;
    const {
      content,
      refusal,
      reasoning_content: reasoning,
      tool_calls: pieces,
      thinking_blocks: thoughts,
    } = choice?.delta ?? {};
    append(message, 'content', content === '' ? undefined : content);
    append(message, 'refusal', refusal);
    append(message, 'reasoning_content', reasoning);
    for (const { index, ...piece } of (pieces ?? []) as ((typeof calls)[number] & { index: number })[]) {
      const known = calls[index];
      if (known === undefined) calls[index] = { ...piece, function: { ...piece.function } };
      else known.function.arguments += piece.function.arguments;
    }
    for (const { index, ...piece } of (thoughts ?? []) as Fields[]) {
      const known = thinking[index as number];
      if (known === undefined) thinking[index as number] = { ...piece };
      else Object.assign(known, piece, { thinking: textOf(known['thinking']) + textOf(piece['thinking']) });
    }
  }
  if (calls.length > 0) message['tool_calls'] = calls;
  if (thinking.length > 0) message['thinking_blocks'] = thinking;
  return { message, finish_reason: finish, usage: chunks.find(({ usage }) => usage !== undefined)?.['usage'] };
}

function append(message: Fields, field: string, text: unknown): void {
  if (typeof text === 'string') Object.assign(message, { [field]: textOf(message[field]) + text });
}

/** The message of Anthropic's format from its events. */
export function messageFrom(events: readonly Fields[]): Fields {
  const content: Fields[] = [];
  let message: Fields = {};
  for (const event of events) {
    const { type, index, content_block: block, delta, usage } = event as Record<string, Fields> & { index: number };
    if (type === ('message_start' as unknown)) message = { ...(event['message'] as Fields) };
    if (block !== undefined) content[index] = { ...block };
    if (type === ('content_block_delta' as unknown)) addDelta(content[index] ?? {}, delta ?? {});
    if (type === ('message_delta' as unknown)) message = { ...message, ...delta, usage };
  }
  const parsed = content.map(({ json, ...block }) =>
    json === undefined ? block : { ...block, input: JSON.parse(textOf(json)) as unknown },
  );
  return { ...message, content: parsed };
}

function addDelta(block: Fields, { type: _type, ...delta }: Fields): void {
  for (const [field, piece] of Object.entries(delta)) {
    const name = field === 'partial_json' ? 'json' : field;
    Object.assign(block, { [name]: textOf(block[name]) + textOf(piece) });
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
