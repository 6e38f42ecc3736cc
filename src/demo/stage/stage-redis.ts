import { startRedisServer } from '../../testing/index.ts';
import type { RedisProgram, RedisServer } from '../../testing/index.ts';

/** The demo's Redis and its present state. */
export interface StageRedis {
  readonly port: number;
  readonly pid: number | undefined;
  readonly state: 'up' | 'stopped' | 'hung';
  /** SIGKILL: its data is lost. */
  stopHard(): Promise<void>;
  /** SIGSTOP: connections stay open and nothing answers. */
  hang(): void;
  bringBack(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a private Redis on a free port. */
export async function startStageRedis(program: RedisProgram): Promise<StageRedis> {
  return new PrivateStageRedis(await startRedisServer({ program }));
}

class PrivateStageRedis implements StageRedis {
  readonly port: number;
  readonly #server: RedisServer;
  #isHung = false;

  constructor(server: RedisServer) {
    this.#server = server;
    this.port = server.port;
  }

  get pid(): number | undefined {
    return this.#server.pid;
  }

  get state(): StageRedis['state'] {
    if (this.#server.pid === undefined) return 'stopped';
    return this.#isHung ? 'hung' : 'up';
  }

  async stopHard(): Promise<void> {
    this.#isHung = false;
    await this.#server.kill();
  }

  hang(): void {
    this.#isHung = true;
    this.#server.pause();
  }

  async bringBack(): Promise<void> {
    if (this.state === 'stopped') await this.#server.restart();
    else this.#server.resume();
    this.#isHung = false;
  }

  async close(): Promise<void> {
    await this.#server.stop();
  }
}
