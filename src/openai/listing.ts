import { isObject, parseJson, textOf } from './json.ts';

export type Listing =
  | { readonly kind: 'models'; readonly ids: readonly string[]; readonly extent: 'whole' | 'part' }
  | { readonly kind: 'malformed'; readonly why: string };

/** Reads the answer to `GET /models`. A list that says there is more, or that is empty, is only a part. */
export function readListing(text: string): Listing {
  const body = parseJson(text);
  if (!isObject(body) || !Array.isArray(body['data'])) {
    return { kind: 'malformed', why: 'answer without a list of models' };
  }
  const ids = body['data'].map((model: unknown) => (isObject(model) ? textOf(model['id']) : undefined));
  const known = ids.filter((id) => id !== undefined);
  const more = body['has_more'] === true || textOf(body['next_page_token']) !== undefined || known.length < ids.length;
  return { kind: 'models', ids: known, extent: more || known.length === 0 ? 'part' : 'whole' };
}
