import type { AllswellConfig } from '../../config/index.ts';
import type { FleetStore, Logger } from '../../ports/index.ts';
import { startServer } from '../../server/index.ts';
import type { RunningServer } from '../../server/index.ts';
import type { StagePod } from './stage-pod.ts';

const DRAIN_MS = 500;

const silent: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** A pod in the demo's own process, with a store in memory that all such pods share: for machines without a Redis. */
export class InProcessPod implements StagePod {
  readonly name: string;
  readonly pid: undefined = undefined;
  readonly ownPort: undefined = undefined;
  readonly killEffect = 'process runs all pods of this demo, so only this pod is stopped';
  readonly #config: AllswellConfig;
  readonly #openStore: () => FleetStore;
  #server: RunningServer | undefined;
  #life: StagePod['life'] = 'down';
  #id = '';

  constructor(options: { name: string; config: AllswellConfig; openStore: () => FleetStore }) {
    this.name = options.name;
    this.#config = options.config;
    this.#openStore = options.openStore;
  }

  get life(): StagePod['life'] {
    return this.#life;
  }

  get url(): string | undefined {
    return this.#life === 'running' ? `http://127.0.0.1:${this.#server?.port}` : undefined;
  }

  get id(): string {
    return this.#id;
  }

  async start(): Promise<void> {
    if (this.#life !== 'down') return;
    this.#life = 'starting';
    try {
      this.#server = await startServer(this.#config, {
        host: '127.0.0.1',
        port: 0,
        createLogger: () => silent,
        store: this.#openStore(),
        drainMs: DRAIN_MS,
      });
      this.#id = this.#server.pod;
      this.#life = 'running';
    } catch (error) {
      this.#life = 'down';
      throw error;
    }
  }

  async kill(): Promise<void> {
    this.#life = 'down';
    await this.#server?.stop();
  }

  async stop(): Promise<void> {
    await this.kill();
  }
}
