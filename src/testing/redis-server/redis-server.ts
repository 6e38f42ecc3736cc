import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireRedis } from './ensure-redis.ts';
import type { RedisProgram } from './ensure-redis.ts';
import { freePort } from './free-port.ts';
import { endWithThisProcess } from '../end-with-this-process.ts';
import { connect } from 'node:net';

/** Whether something that speaks like a Redis answered in time. */
type PingAnswer = { kind: 'answers' } | { kind: 'silent'; reason: string };

/** How a private server is started. */
export interface RedisServerOptions {
  /** Default: what {@link requireRedis} finds. */
  program?: RedisProgram;
  /** Default: a free one. */
  port?: number;
  /** More settings, as on the command line: `['--maxmemory', '2mb']`. They win over the defaults; logging must stay as it is. */
  args?: readonly string[];
  password?: string;
  /** Limit for becoming ready, ms. Default 10 000. */
  readyWithinMs?: number;
}

/** A server of one's own on the loopback address, empty at each start and gone with the process that started it. */
export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly url: string;
  /** Of the running server; undefined while there is none. */
  readonly pid: number | undefined;
  /** What the server printed since it was created, for messages of failed tests. */
  readonly log: string;
  /** Hangs the server: its sockets stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Ends it without a goodbye; its data is lost. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. A running one is killed before. */
  restart(): Promise<void>;
  /** Ends it for good and removes its folder. A second call does nothing. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const STOP_LIMIT_MS = 3_000;
const PORT_TRIES = 5;

/**
 * Starts a private server, without persistence, and waits until it answers.
 *
 * @throws when there is no server program, or it does not become ready in time; the message holds its last lines.
 *
 * @example
 * const server = await startRedisServer({ args: ['--maxmemory', '2mb'] });
 * // … connect to server.url …
 * await server.stop();
 */
export async function startRedisServer(options: RedisServerOptions = {}): Promise<RedisServer> {
  const program = options.program ?? (await requireRedis());
  const tries = options.port === undefined ? PORT_TRIES : 1;
  for (let attempt = 1; ; attempt++) {
    const server = new PrivateRedisServer(program, options.port ?? (await freePort()), options);
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.stop();
      // Between finding a port free and the server binding it, another process may have taken it.
      if (attempt === tries || !server.log.includes('Address already in use')) throw error;
    }
  }
}

class PrivateRedisServer implements RedisServer {
  readonly host = HOST;
  readonly port: number;
  readonly url: string;
  readonly #program: RedisProgram;
  readonly #options: RedisServerOptions;
  readonly #folder = mkdtempSync(join(tmpdir(), 'allswell-redis-'));
  #child: ChildProcess | undefined;
  #log = '';

  constructor(program: RedisProgram, port: number, options: RedisServerOptions) {
    this.port = port;
    this.#program = program;
    this.#options = options;
    const credentials = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
    this.url = `redis://${credentials}${HOST}:${port}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get log(): string {
    return this.#log;
  }

  async start(): Promise<void> {
    const logStart = this.#log.length;
    const child = spawn(this.#program.bin, this.#arguments(), {
      cwd: this.#folder,
      env: { ...process.env, ...this.#program.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    const keep = (chunk: Buffer): void => {
      this.#log += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    endWithThisProcess(child);
    let spawnError: Error | undefined;
    child.once('error', (error) => (spawnError = error));
    child.once('close', () => {
      if (this.#child === child) this.#child = undefined;
    });

    const deadline = Date.now() + (this.#options.readyWithinMs ?? 10_000);
    for (let lastSeen = 'nothing yet'; ; await sleep(10)) {
      // Another server on this port would answer as well: only while ours lives does an answer count.
      if (spawnError !== undefined || this.#child !== child) {
        throw new Error(
          `redis-server ended while starting on port ${this.port}: ${spawnError?.message ?? tail(this.#log)}`,
        );
      }
      if (Date.now() > deadline) {
        throw new Error(
          `redis-server on port ${this.port} was not ready in time; last seen: ${lastSeen}\n${tail(this.#log)}`,
        );
      }
      const answer = await ping(this, 500);
      if (answer.kind === 'answers' && this.#log.includes('eady to accept connections', logStart)) return;
      lastSeen = answer.kind === 'silent' ? answer.reason : 'another server on this port';
    }
  }

  pause(): void {
    this.#child?.kill('SIGSTOP');
  }

  resume(): void {
    this.#child?.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#end('SIGTERM');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.pid === undefined) return;
    const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
    child.kill(signal);
    // A paused server notices SIGTERM only once it runs again.
    child.kill('SIGCONT');
    const patience = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await closed;
    clearTimeout(patience);
  }

  #arguments(): string[] {
    const { password, args } = this.#options;
    const own = [
      '--bind',
      HOST,
      '--port',
      String(this.port),
      '--dir',
      this.#folder,
      '--save',
      '',
      '--appendonly',
      'no',
    ];
    const secret = password === undefined ? [] : ['--requirepass', password];
    return [...own, ...secret, ...(args ?? [])];
  }
}

function tail(log: string): string {
  return log.trim().split('\n').slice(-5).join('\n');
}

/**
 * Asks a Redis for a sign of life, in its own wire protocol. A server that wants a password is alive as well; one
 * that is still loading its data is not.
 */
export function ping(address: { host: string; port: number }, withinMs: number): Promise<PingAnswer> {
  return new Promise((resolve) => {
    const socket = connect(address);
    const settle = (answer: PingAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    let reply = '';
    socket.setTimeout(withinMs, () => settle({ kind: 'silent', reason: `no answer within ${withinMs} ms` }));
    socket.on('connect', () => socket.write('*1\r\n$4\r\nPING\r\n'));
    socket.on('data', (chunk) => {
      reply += chunk.toString();
      if (!reply.includes('\r\n')) return;
      const alive = reply.startsWith('+PONG') || reply.startsWith('-NOAUTH');
      settle(alive ? { kind: 'answers' } : { kind: 'silent', reason: reply.trim() });
    });
    socket.on('error', (error) => settle({ kind: 'silent', reason: error.message }));
    socket.on('close', () => settle({ kind: 'silent', reason: 'connection closed' }));
  });
}
