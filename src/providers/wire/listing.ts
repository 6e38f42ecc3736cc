import { isObject, parseJson, textOf } from './json.ts';

export type Listing =
  | { readonly kind: 'models'; readonly ids: readonly string[]; readonly extent: 'whole' | 'part' }
  | { readonly kind: 'malformed'; readonly why: string };

/**
 * Reads the answer to a question for all models: OpenAI's and Anthropic's `data`, a bare list (Together), or Cohere's
 * `models` with names. A list that says there is more, or that is empty, is only a part.
 */
export function readListing(text: string): Listing {
  const body = parseJson(text);
  const fields = isObject(body) ? body : {};
  const list = Array.isArray(body) ? body : (fields['data'] ?? fields['models']);
  if (!Array.isArray(list)) return { kind: 'malformed', why: 'answer without a list of models' };
  const names = list.map(namesOf);
  const more = fields['has_more'] === true || textOf(fields['next_page_token']) !== undefined;
  const part = more || names.length === 0 || names.some((one) => one.length === 0);
  return { kind: 'models', ids: names.flat(), extent: part ? 'part' : 'whole' };
}

/** A model's own name and, where the vendor tells them (Mistral, xAI), the others that it answers to. */
function namesOf(model: unknown): readonly string[] {
  if (!isObject(model)) return [];
  const name = textOf(model['id']) ?? textOf(model['name']);
  if (name === undefined) return [];
  const aliases = Array.isArray(model['aliases']) ? model['aliases'].map(textOf) : [];
  return [name, ...aliases.filter((alias) => alias !== undefined)];
}
