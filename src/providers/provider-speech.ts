import { speechTable } from './provider-speech.generated.ts';

/** How a provider takes requests: in OpenAI's format, in one of its own that allswell does not have, or unknown. */
export type Speech =
  | { readonly kind: 'openai'; readonly baseEndsWith?: string }
  | { readonly kind: 'silent' | 'unknown' };

let read: ReadonlyMap<string, Speech> | undefined;

/** How a provider without a row in the table of vendors is spoken to. */
export function speechOf(provider: string): Speech {
  read ??= readTable(speechTable);
  return read.get(provider) ?? { kind: 'unknown' };
}

function readTable(text: string): ReadonlyMap<string, Speech> {
  const speech = new Map<string, Speech>();
  for (const line of text.trimEnd().split('\n')) {
    const [group = '', names = ''] = line.split(': ');
    const [what, baseEndsWith] = group.split(' ');
    const spoken: Speech =
      what === 'silent' ? { kind: 'silent' } : { kind: 'openai', ...(baseEndsWith !== undefined && { baseEndsWith }) };
    for (const name of names.split(' ')) speech.set(name, spoken);
  }
  return speech;
}
