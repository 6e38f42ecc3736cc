import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Behaviour, PortFault } from './behaviour.ts';
import { openControl } from './control.ts';
import { Counts } from './counts.ts';
import type { ModelStats, UpstreamStats } from './counts.ts';
import { MockListener } from './listener.ts';
import type { TlsFiles } from './listener.ts';
import type { MockUpstream, MockUpstreamOptions } from './mock-upstream.ts';
import { play, send } from './play.ts';
import type { Played } from './play.ts';
import { receive } from './receive.ts';
import { askedFor, emptyAnswer, errorAnswer, goodAnswer, listingAnswer, rejectedAnswer } from './wire.ts';
import type { Asked } from './wire.ts';

/** Starts a mock upstream on loopback. */
export async function startMockUpstream(options: MockUpstreamOptions = {}): Promise<MockUpstream> {
  const upstream = new Upstream(options);
  for (const port of [options.port ?? 0, ...(options.extraPorts ?? [])]) await upstream.openPort(port);
  const control = await openControl(options.controlPort ?? 0, upstream);
  return Object.assign(upstream, {
    controlUrl: `http://127.0.0.1:${control.port}`,
    close: async () => {
      await Promise.all([upstream.closePorts(), control.close()]);
    },
  });
}

class Upstream implements Omit<MockUpstream, 'controlUrl' | 'close'> {
  readonly #counts = new Counts();
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #held = new Set<() => void>();
  readonly #listeners: MockListener[] = [];
  readonly #tls: TlsFiles | undefined;
  readonly #onRequest: MockUpstreamOptions['onRequest'];
  #listed: readonly string[];

  constructor(options: MockUpstreamOptions) {
    this.#tls = options.tls;
    this.#onRequest = options.onRequest;
    this.#listed = options.listed ?? ['gpt-4o-mini', 'text-embedding-3-small'];
  }

  get url(): string {
    return `${this.#tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.ports[0]}`;
  }

  get apiBase(): string {
    return `${this.url}/v1`;
  }

  get ports(): readonly number[] {
    return this.#listeners.map(({ port }) => port);
  }

  set(model: string, behaviour: Behaviour): void {
    this.#behaviours.set(model, behaviour);
    const held = [...this.#held];
    this.#held.clear();
    for (const playAgain of held) playAgain();
  }

  async setFault(port: number | 'all', fault: PortFault): Promise<void> {
    const meant = this.#listeners.filter((one) => port === 'all' || one.port === port);
    if (meant.length === 0) throw new Error(`the mock upstream has no port ${port}`);
    await Promise.all(meant.map((one) => one.setFault(fault)));
  }

  setListed(models: readonly string[]): void {
    this.#listed = models;
  }

  async openPort(port: number): Promise<number> {
    const listener = await MockListener.open({
      port,
      tls: this.#tls,
      onRequest: (request, response) => void this.#answer(request, response).catch(() => response.destroy()),
      onConnection: () => this.#counts.connected(),
    });
    this.#listeners.push(listener);
    return listener.port;
  }

  probes(model: string): number {
    return this.model(model).probes.count;
  }

  traffic(model: string): number {
    return this.model(model).traffic.count;
  }

  model(model: string): ModelStats {
    return this.#counts.of(model);
  }

  stats(): UpstreamStats {
    return this.#counts.all();
  }

  resetCounts(): void {
    this.#counts.reset();
  }

  async closePorts(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const seen = await receive(request);
    const asked = askedFor(seen.method, seen.path, seen.body);
    if (asked.kind === 'unknown') return send(response, { status: 404, body: errorAnswer(404) });
    const port = request.socket.localPort ?? 0;
    if (asked.kind !== 'listing') this.#onRequest?.(asked.model, seen, { port, over: endOf(response) });
    const end =
      asked.kind === 'listing' ? this.#counts.beginListing(seen, port) : this.#counts.begin(asked.model, seen, port);
    // The caller may have hung up while its body was read: then `close` has been and gone.
    if (response.destroyed) return end();
    response.once('close', end);
    return this.#play(response, asked, seen.body);
  }

  #play(response: ServerResponse, asked: Known, body: unknown): void {
    const behaviour = this.#behaviourFor(asked);
    if (behaviour.kind !== 'hold') return play(response, played(behaviour, body), this.#bodiesFor(asked));
    const again = (): void => this.#play(response, asked, body);
    this.#held.add(again);
    response.once('close', () => this.#held.delete(again));
  }

  #behaviourFor(asked: Known): Behaviour {
    if (asked.kind === 'listing') return this.#behaviours.get('@listing') ?? { kind: 'ok' };
    return this.#behaviours.get(asked.model) ?? this.#behaviours.get('*') ?? { kind: 'ok' };
  }

  #bodiesFor(asked: Known): Parameters<typeof play>[2] {
    if (asked.kind === 'listing') return { good: listingAnswer(this.#listed), empty: {}, error: errorAnswer };
    const { api, model } = asked;
    const error = (status: number): unknown => errorAnswer(status, api);
    return { good: goodAnswer(api, model), empty: emptyAnswer(api, model), error };
  }
}

function endOf(response: ServerResponse): Promise<void> {
  if (response.destroyed) return Promise.resolve();
  return new Promise((resolve) => response.once('close', resolve));
}

type Known = Exclude<Asked, { kind: 'unknown' }>;

/** A rejection depends on what was sent. */
function played(behaviour: Exclude<Behaviour, { kind: 'hold' }>, body: unknown): Played {
  if (behaviour.kind !== 'reject') return behaviour;
  const { parameter } = behaviour;
  const sent = typeof body === 'object' && body !== null && Object.hasOwn(body, parameter);
  return sent ? { kind: 'status', status: 400, body: rejectedAnswer(parameter) } : { kind: 'ok' };
}
