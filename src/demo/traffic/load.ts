import type { StagePod } from '../stage/stage-pod.ts';

/** Requests that the demo's clients send per second, to all pods together. */
export const REQUESTS_PER_SECOND = 6;

/** Model groups in the order of the requests. Each has a second deployment or a fallback in the demo's file. */
const GROUPS = ['gpt-4o', 'cheap', 'gpt-4o', 'llama', 'gpt-4o', 'cheap'] as const;

const ANSWER_LIMIT_MS = 30_000;

/** What became of the clients' requests. */
export interface LoadCounts {
  readonly answered: number;
  /** Answered after the first deployment had failed. */
  readonly failedOver: number;
  /** Errors that clients got from a pod in order. */
  readonly failed: number;
  /** Lost with a pod that was killed, or failed at a pod without network. */
  readonly lostWithPod: number;
}

export interface LoadOptions {
  readonly pods: readonly StagePod[];
  readonly masterKey: string;
  /** True if the demo has cut this pod's network. */
  readonly isCut: (pod: StagePod) => boolean;
}

/** Clients of the fleet: chat requests at a steady rate, to one running pod after the other. They do not retry. */
export class Load {
  readonly #options: LoadOptions;
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #sent = 0;
  #counts = { answered: 0, failedOver: 0, failed: 0, lostWithPod: 0 };

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  get counts(): LoadCounts {
    return { ...this.#counts };
  }

  /** Safe to repeat. */
  start(): void {
    this.#timer ??= setInterval(() => void this.#send(), 1_000 / REQUESTS_PER_SECOND);
  }

  /** Ends the requests in flight; they are not counted. */
  stop(): void {
    clearInterval(this.#timer);
    this.#end.abort();
  }

  async #send(): Promise<void> {
    const running = this.#options.pods.filter(({ url }) => url !== undefined);
    if (running.length === 0) return;
    const turn = this.#sent++;
    const model = GROUPS[turn % GROUPS.length] ?? 'gpt-4o';
    // A pod that was killed a moment ago refuses the connection, and a load balancer then takes the next.
    for (let tries = 0; tries < running.length; tries++) {
      const pod = running[(turn + tries) % running.length];
      // oxlint-disable-next-line no-await-in-loop -- one pod after the other
      if (pod === undefined || (await this.#ask(pod, model)) === 'answered') return;
    }
  }

  async #ask(pod: StagePod, model: string): Promise<'answered' | 'not-sent'> {
    try {
      const answer = await fetch(`${pod.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#options.masterKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 }),
        signal: AbortSignal.any([this.#end.signal, AbortSignal.timeout(ANSWER_LIMIT_MS)]),
      });
      await answer.arrayBuffer();
      if (answer.ok) this.#answered(Number(answer.headers.get('x-allswell-attempts') ?? 1));
      else this.#failed(pod);
    } catch (error) {
      if (isRefused(error)) return 'not-sent';
      if (this.#end.signal.aborted) return 'answered';
      if (isTimeout(error)) this.#failed(pod);
      // A pod in order ends no connection before its answer.
      else this.#counts.lostWithPod += 1;
    }
    return 'answered';
  }

  #answered(attempts: number): void {
    this.#counts.answered += 1;
    if (attempts > 1) this.#counts.failedOver += 1;
  }

  #failed(pod: StagePod): void {
    if (this.#options.isCut(pod)) this.#counts.lostWithPod += 1;
    else this.#counts.failed += 1;
  }
}

function isRefused(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
