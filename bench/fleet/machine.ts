import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pass } from 'node:timers/promises';
import { endWithThisProcess, startRedisServer } from '../../src/testing/index.ts';

/** How fast this machine is without us. */
export interface Machine {
  /** From the start of a process to a server that listens and does nothing, ms; median. */
  readonly bareStartMs: number;
  /** From a bare PUBLISH to each process that has subscribed, ms. */
  readonly bareNewsP50: number;
  readonly bareNewsP99: number;
}

const STARTS = 5;
/** As many changes at once, and as many readers, as the fleet is measured with. */
const BURST = 10;
const ROUNDS = 30;

const SERVER = "require('node:http').createServer().listen(0, '127.0.0.1', () => console.log('listens'))";
/** Subscribes, and tells in the end how old each message was when it came. */
const READER = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1', () => socket.write('SUBSCRIBE news\\r\\n'));
const ages = [];
socket.on('data', (chunk) => {
  const now = performance.timeOrigin + performance.now();
  for (const [sent] of String(chunk).matchAll(/\\d{13}\\.\\d+/g)) ages.push(now - Number(sent));
  if (String(chunk).includes('subscribe')) console.log('subscribed');
  if (String(chunk).includes('the end')) { console.log(JSON.stringify(ages)); process.exit(); }
});`;

/**
 * Measures the same steps without a product in them: shared machines are slow at times, and what a bare process takes ten
 * times as long for as usual no product can promise in milliseconds.
 */
export async function measureMachine(readers: number): Promise<Machine> {
  const starts: number[] = [];
  // oxlint-disable-next-line no-await-in-loop -- one after the other, as the first pod starts
  while (starts.length < STARTS) starts.push(await bareStart());
  const news = await bareNews(readers);
  return { bareStartMs: at(starts, 0.5), bareNewsP50: at(news, 0.5), bareNewsP99: at(news, 0.99) };
}

async function bareStart(): Promise<number> {
  const startedMs = performance.now();
  const server = run(['-e', SERVER]);
  await lineOf(server);
  const tookMs = performance.now() - startedMs;
  server.kill('SIGKILL');
  await once(server, 'close');
  return tookMs;
}

async function bareNews(count: number): Promise<readonly number[]> {
  const redis = await startRedisServer();
  const readers = Array.from({ length: count }, () => run(['-e', READER, String(redis.port)]));
  try {
    await Promise.all(readers.map(lineOf));
    const committer = connect(redis.port, '127.0.0.1');
    committer.resume();
    await once(committer, 'connect');
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let message = 0; message < BURST; message += 1) {
        committer.write(`PUBLISH news ${performance.timeOrigin + performance.now()}\r\n`);
      }
      // oxlint-disable-next-line no-await-in-loop -- so that the next burst finds everybody idle
      await pass(50);
    }
    const ages = readers.map(lineOf);
    committer.end('PUBLISH news "the end"\r\n');
    return (await Promise.all(ages)).flatMap((line) => JSON.parse(line) as number[]);
  } finally {
    for (const reader of readers) reader.kill('SIGKILL');
    await redis.stop();
  }
}

function run(args: readonly string[]): ChildProcess {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  endWithThisProcess(child);
  return child;
}

/** Its next line, or several that come at once; fails where it ends without one. */
async function lineOf(child: ChildProcess): Promise<string> {
  let text = '';
  return await new Promise((resolve, reject) => {
    const ended = (): void => reject(new Error(`a bare process ended at ${JSON.stringify(text)}`));
    child.once('close', ended);
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      if (!text.endsWith('\n')) return;
      child.stdout?.off('data', take);
      child.off('close', ended);
      resolve(text.trim());
    };
    child.stdout?.on('data', take);
  });
}

function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}
