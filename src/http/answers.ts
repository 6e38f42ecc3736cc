import type { DetailBody, ErrorBody } from '../api/index.ts';

/**
 * Compact JSON with the media type that LiteLLM's clients see: no charset. The caller names the body's type from
 * `src/api`; without a type argument the call does not compile.
 */
export function jsonAnswer<Body = never>(body: NoInfer<Body>, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** A failure as an HTTP exception of LiteLLM's shape. */
export function detailAnswer(status: number, detail: unknown, hint?: string): Response {
  return jsonAnswer<DetailBody>(hint === undefined ? { detail } : { detail, hint }, status);
}

/** A failure in the envelope that OpenAI's clients understand. */
export function errorAnswer(
  status: number,
  { message, type, param }: { message: string; type: string; param: string | null },
): Response {
  return jsonAnswer<ErrorBody>({ error: { message, type, param, code: String(status) } }, status);
}

/** What a caller gets whose key is missing, wrong or not enough. */
export function authError(message: string, status: 401 | 403 = 401): Response {
  return errorAnswer(status, { message: `Authentication Error, ${message}`, type: 'auth_error', param: 'None' });
}

/** 404 for a path without a route; names the feature if LiteLLM has one at this path. */
export function notFound(path = ''): Response {
  const missing = missingHere.find(({ paths }) => paths.test(path))?.what;
  const hint = 'GET /openapi.json lists all routes';
  return detailAnswer(404, 'Not Found', missing === undefined ? hint : `${missing}; ${hint}`);
}

const missingHere: readonly { readonly paths: RegExp; readonly what: string }[] = [
  {
    paths: /^\/(key|user|team|organization|customer|budget|sso|spend|global)(\/|$)/,
    what: 'allswell does not support virtual keys',
  },
  { paths: /^\/cache(\/|$)/, what: 'allswell does not cache responses' },
  { paths: /^\/(login|get_image)(\/|$)/, what: "allswell does not have LiteLLM's admin UI; its dashboard is at /ui" },
];

/** @param allow the methods that would do, comma-separated */
export function methodNotAllowed(allow: string): Response {
  const answer = detailAnswer(405, 'Method Not Allowed', `use ${allow}`);
  answer.headers.set('allow', allow);
  return answer;
}
