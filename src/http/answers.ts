/** Compact JSON with the media type that LiteLLM's clients see: no charset. */
export function jsonAnswer(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** A failure as an HTTP exception of LiteLLM's shape. */
export function detailAnswer(status: number, detail: unknown): Response {
  return jsonAnswer({ detail }, status);
}

export function notFound(): Response {
  return detailAnswer(404, 'Not Found');
}

/** @param allow the methods that would do, comma-separated */
export function methodNotAllowed(allow: string): Response {
  const answer = detailAnswer(405, 'Method Not Allowed');
  answer.headers.set('allow', allow);
  return answer;
}

/** What a caller without a valid key gets, in the envelope that OpenAI's clients understand. */
export function authError(message: string): Response {
  return jsonAnswer({ error: { message, type: 'auth_error', param: 'None', code: '401' } }, 401);
}
