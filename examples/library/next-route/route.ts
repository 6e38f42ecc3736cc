// app/api/ask/route.ts of a Next.js application: the answer streams through. Next.js calls POST with a standard Request.
import { joinFleet } from 'allswell';
import { upstreams } from '../upstreams.ts';

// One fleet per server process, also where the development server loads this file again.
const kept = globalThis as { fleet?: ReturnType<typeof join> };
const join = async () => await joinFleet({ redis: process.env['REDIS_URL'], targets: { chat: upstreams } });

export async function POST(request: Request): Promise<Response> {
  const fleet = await (kept.fleet ??= join());
  const { question } = (await request.json()) as { question: string };
  const body = JSON.stringify({ model: 'chat', stream: true, messages: [{ role: 'user', content: question }] });
  const headers = { 'content-type': 'application/json' };
  const answer = await fleet.fetch('chat')('/chat/completions', {
    method: 'POST',
    headers,
    body,
    signal: request.signal,
  });
  return new Response(answer.body, { status: answer.status, headers: { 'content-type': 'text/event-stream' } });
}
