import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Worker, isMainThread, parentPort } from 'node:worker_threads';
import { joinFleet, openai } from '../../src/library/index.ts';

// Processor time of one call through fleet.fetch, and of one through the global fetch, in turn: `node bench/library/overhead.ts [--check]`.
// The server runs in another thread, whose time is measured and subtracted.

const PROMISED_US = 5;
const ROUNDS = 12;
const CALLS = 2_000;
const AT_ONCE = 16;
const body = JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'A question of a user' }] });

interface Served {
  readonly url: string;
}

if (isMainThread) await main();
else serve();

function serve(): void {
  const answer = JSON.stringify({
    id: '1',
    object: 'chat.completion',
    choices: [{ message: { content: 'An answer' } }],
  });
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer));
  });
  server.listen(0, '127.0.0.1', () => {
    parentPort?.postMessage({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` } satisfies Served);
  });
}

async function main(): Promise<void> {
  const server = new Worker(new URL(import.meta.url));
  const { url } = await new Promise<Served>((resolve) => server.once('message', resolve));
  const targets = {
    chat: [openai({ id: 'a', baseUrl: url, apiKey: 'k' }), openai({ id: 'b', baseUrl: url, apiKey: 'l' })],
  };
  const fleet = await joinFleet({ targets });
  const ways: Readonly<Record<string, typeof fetch>> = { bare: fetch, fleet: fleet.fetch('chat') };
  const times: Record<string, number[]> = { bare: [], fleet: [] };
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const [name, send] of round % 2 === 0 ? Object.entries(ways) : Object.entries(ways).toReversed()) {
      // oxlint-disable-next-line no-await-in-loop -- one round after the other
      const us = await measure(send, url);
      if (round >= 0) times[name]?.push(us);
    }
  }
  const [bare, through] = [median(times['bare'] ?? []), median(times['fleet'] ?? [])];
  console.log(`fetch                  ${bare.toFixed(1)} µs of processor time per call`);
  console.log(`fleet.fetch            ${through.toFixed(1)} µs`);
  console.log(
    `added by fleet.fetch   ${(through - bare).toFixed(1)} µs (promised: ${PROMISED_US}); × ${(through / bare).toFixed(3)}`,
  );
  await fleet.leave();
  await server.terminate();
  if (process.argv.includes('--check') && through - bare > PROMISED_US) process.exitCode = 1;
}

async function measure(send: typeof fetch, url: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer k' };
  let left = CALLS;
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
  return (user + system) / CALLS;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
