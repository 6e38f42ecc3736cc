/** The answer with a table as CSV. */
export function csvAnswer(text: string): Response {
  return new Response(text, { headers: { 'content-type': 'text/csv; charset=utf-8; header=present' } });
}
