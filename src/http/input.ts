import { parseJson } from '../health/index.ts';
import type { z } from 'zod';
import type { FaultsBody, InputFault } from '../api/index.ts';
import { errorAnswer, jsonAnswer } from './answers.ts';
import { jsonExcess } from './json-limits.ts';
import { MAX_BODY_BYTES } from './raw-request.ts';
import type { RawRequest } from './raw-request.ts';
import type { Route } from './route.ts';

/** What a request brought, checked by its route; or the refusal to send. */
export type Input =
  | { readonly kind: 'good'; readonly query: unknown; readonly body: unknown }
  | { readonly kind: 'refused'; readonly answer: Response };

/** Reads query and body by the schemas of a route. Parameters that the route does not know are ignored, as in LiteLLM. */
export async function readInput(raw: RawRequest, { query, body }: Route): Promise<Input> {
  // Of a parameter that is given twice the last one counts.
  const queryAt = raw.path.indexOf('?');
  const given = Object.fromEntries(new URLSearchParams(queryAt === -1 ? '' : raw.path.slice(queryAt)));
  const asked = query?.safeParse(given);
  if (asked?.success === false) return refused(wrongInput('query', asked.error));
  if (body === undefined) return { kind: 'good', query: asked?.data, body: undefined };
  const text = await limitedText(raw);
  if (text === undefined) return refused(bodyTooLarge());
  const excess = jsonExcess(text);
  if (excess !== undefined) return refused(beyondLimits(excess));
  const json = parseJson(text);
  if (json === undefined) return refused(notJson(text));
  const sent = body.safeParse(json);
  if (!sent.success) return refused(wrongInput('body', sent.error));
  return { kind: 'good', query: asked?.data, body: sent.data };
}

/** Undefined where it is too long; '' where it cannot be read to its end. */
async function limitedText(raw: RawRequest): Promise<string | undefined> {
  const body = await raw.bytes();
  if (body.kind === 'too-large') return undefined;
  return body.kind === 'whole' ? body.bytes.toString('utf8') : '';
}

function bodyTooLarge(): Response {
  const message = `The request body is larger than ${MAX_BODY_BYTES} bytes.`;
  return errorAnswer(413, { message, type: 'invalid_request_error', param: 'request_body' });
}

function beyondLimits(excess: string): Response {
  const message = `The request body ${excess}.`;
  return errorAnswer(400, { message, type: 'invalid_request_error', param: 'request_body' });
}

function refused(answer: Response): Input {
  return { kind: 'refused', answer };
}

function notJson(text: string): Response {
  const message = text.trim() === '' ? 'A JSON body is required.' : 'Invalid JSON payload.';
  return errorAnswer(400, { message, type: 'invalid_request_error', param: 'request_body' });
}

/** One entry per fault, each with a code, a place and a sentence. Never what was sent: it may be a secret. */
function wrongInput(where: 'query' | 'body', error: z.ZodError): Response {
  const detail = error.issues.map((issue): InputFault => {
    const { type, msg } = faultOf(issue);
    return { type, loc: [where, ...issue.path.map(String)], msg };
  });
  return jsonAnswer<FaultsBody>({ detail }, 422);
}

/** LiteLLM's codes and words where it has some. */
function faultOf(issue: z.core.$ZodIssue): Omit<InputFault, 'loc'> {
  if (issue.code === 'too_small' && issue.origin !== 'string') {
    return { type: 'greater_than_equal', msg: `Input should be greater than or equal to ${issue.minimum}` };
  }
  if (issue.code === 'too_big' && issue.origin !== 'string') {
    return { type: 'less_than_equal', msg: `Input should be less than or equal to ${issue.maximum}` };
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return { type: 'missing', msg: 'Field required' };
  }
  return { type: 'value_error', msg: `Input should be ${expectedOf(issue)}` };
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_type') return `a valid ${issue.expected}`;
  return 'valid';
}
