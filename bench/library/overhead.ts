import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { joinFleet, openai } from '../../src/library/index.ts';

// Processor time of one call through fleet.fetch, and of one without it, in turn: `node bench/library/overhead.ts [--check]`. First over a
// fetch that answers from memory, which shows the library's own time, then over the global fetch and a server in another thread.

const PROMISED_US = 5;
const ROUNDS = 20;
const CALLS = 2_000;
/** Calls of each way before the first round: V8 has compiled what runs often by then, as in a service that runs for hours. */
const WARM_UP_CALLS = 40_000;
const AT_ONCE = 16;
const body = JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'A question of a user' }] });

const ANSWER = JSON.stringify({ id: '1', object: 'chat.completion', choices: [{ message: { content: 'An answer' } }] });
const JSON_TYPE = { headers: { 'content-type': 'application/json' } };

interface Served {
  readonly url: string;
}

if (isMainThread) await main();
else serve();

function serve(): void {
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, JSON_TYPE.headers).end(ANSWER));
  });
  server.listen(0, '127.0.0.1', () => {
    parentPort?.postMessage({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` } satisfies Served);
  });
}

async function main(): Promise<void> {
  const added = await compare(
    'answer from memory',
    async () => new Response(ANSWER, JSON_TYPE),
    'https://api.openai.com/v1',
  );
  const server = new Worker(new URL(import.meta.url));
  const { url } = await new Promise<Served>((resolve) => server.once('message', resolve));
  await compare('server', fetch, url);
  await server.terminate();
  if (process.argv.includes('--check') && added > PROMISED_US) process.exitCode = 1;
}

async function compare(name: string, bare: typeof fetch, url: string): Promise<number> {
  const targets = { chat: ['k', 'l'].map((apiKey) => openai({ id: apiKey, baseUrl: url, apiKey })) };
  const fleet = await joinFleet({ fetch: bare, targets });
  const ways: Readonly<Record<string, typeof fetch>> = { bare, fleet: fleet.fetch('chat') };
  const times: Record<string, number[]> = { bare: [], fleet: [] };
  for (const send of Object.values(ways)) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await measure(send, url, WARM_UP_CALLS);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [way, send] of round % 2 === 0 ? Object.entries(ways) : Object.entries(ways).toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      const us = await measure(send, url, CALLS);
      times[way]?.push(us);
    }
  }
  await fleet.leave();
  const [without, through] = [median(times['bare'] ?? []), median(times['fleet'] ?? [])];
  const added = through - without;
  console.log(
    `${name}: ${without.toFixed(1)} µs of processor time per call, through fleet.fetch ${through.toFixed(1)}: ${added.toFixed(1)} µs more (× ${(through / without).toFixed(2)})`,
  );
  return added;
}

async function measure(send: typeof fetch, url: string, calls: number): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
  let left = calls;
  const before = process.threadCpuUsage();
  const caller = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      const response = await send(`${url}/chat/completions`, { method: 'POST', headers, body });
      // oxlint-disable-next-line no-await-in-loop
      await response.json();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / calls;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
