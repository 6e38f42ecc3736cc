import type { Recorded } from './recorder.ts';

/** One thing in which two probes of one deployment differ; undefined on the side that lacks it. */
export interface Difference {
  readonly id: string;
  /** `method`, `url`, `header <name>` or `body <key>`; `body` where one of them is no JSON object. */
  readonly field: string;
  readonly theirs: string | undefined;
  readonly ours: string | undefined;
}

/** Everything in which the two requests differ, values as text. */
export function differencesOf(id: string, theirs: Recorded, ours: Recorded): readonly Difference[] {
  const [left, right] = [fieldsOf(theirs), fieldsOf(ours)];
  const fields = [...new Set([...left.keys(), ...right.keys()])].toSorted();
  return fields
    .map((field) => ({ id, field, theirs: left.get(field), ours: right.get(field) }))
    .filter((difference) => difference.theirs !== difference.ours);
}

function fieldsOf({ method, url, headers, body }: Recorded): ReadonlyMap<string, string> {
  const named = Object.entries(headers).map(([name, value]) => [`header ${name}`, value] as const);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  const keys = isObject
    ? Object.entries(body).map(([key, value]) => [`body ${key}`, JSON.stringify(value)] as const)
    : [];
  const whole =
    isObject || body === undefined ? [] : [['body', typeof body === 'string' ? body : JSON.stringify(body)] as const];
  return new Map([['method', method], ['url', url], ...named, ...keys, ...whole]);
}
