import { programPath } from '../../package-files.ts';
import { spawnNode } from './child.ts';
import type { Child } from './child.ts';
import type { StagePod } from './stage-pod.ts';

const START_LIMIT_MS = 30_000;

export interface ProcessPodOptions {
  readonly name: string;
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ports in the upstreams' URLs, and the port that this pod's connections to them are redirected to. */
  readonly sharedPorts: readonly number[];
  readonly ownPort: number;
}

/** `allswell serve` in its own process, as in production. */
export class ProcessPod implements StagePod {
  readonly name: string;
  readonly ownPort: number;
  readonly #options: ProcessPodOptions;
  #child: Child | undefined;
  #url: string | undefined;
  #id = '';

  constructor(options: ProcessPodOptions) {
    this.name = options.name;
    this.ownPort = options.ownPort;
    this.#options = options;
  }

  get life(): StagePod['life'] {
    if (this.#child === undefined) return 'down';
    return this.#url === undefined ? 'starting' : 'running';
  }

  get url(): string | undefined {
    return this.#url;
  }

  get id(): string {
    return this.#id;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get killEffect(): string {
    return `process ${this.pid ?? '?'} gets SIGKILL`;
  }

  async start(): Promise<void> {
    if (this.#child !== undefined) return;
    const { configFile, env, sharedPorts, ownPort } = this.#options;
    const route = `${sharedPorts.join(',')}>${ownPort}`;
    const preload = ['--import', programPath('demo/stage/pod-route')];
    const command = [programPath('cli/main'), 'serve', '--config', configFile];
    const address = ['--host', '127.0.0.1', '--port', '0'];
    const child = spawnNode([...preload, ...command, ...address], { ...env, ALLSWELL_DEMO_ROUTE: route });
    this.#child = child;
    void child.ended.then(() => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#url = undefined;
    });
    try {
      const [, url, id = ''] = await child.line(/ listens on (http:\/\/\S+) as (\S+)/, START_LIMIT_MS);
      this.#url = url;
      this.#id = id;
    } catch (error) {
      await child.kill();
      throw new Error(`${this.name} ${error instanceof Error ? error.message : 'did not start'}`, { cause: error });
    }
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }
}
