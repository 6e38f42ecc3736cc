import type { Behaviour, PortFault } from './behaviour.ts';
import type { ModelStats, SeenRequest, UpstreamStats } from './counts.ts';
import type { TlsFiles } from './listener.ts';

/** A real HTTP server that speaks OpenAI's wire and Anthropic's, counts what it is asked and misbehaves on request. */
export interface MockUpstream {
  /** Origin of the first port, such as `http://127.0.0.1:4010`. */
  readonly url: string;
  /** Value for `api_base`: the first port's origin with `/v1`. */
  readonly apiBase: string;
  /** Origin for `POST /_control` and `GET /_stats`; no fault reaches it. */
  readonly controlUrl: string;
  /** All ports for callers, the first one first. */
  readonly ports: readonly number[];
  /** Switches one model, `*` for all without a behaviour of their own, `@listing` for the list of models. */
  set(model: string, behaviour: Behaviour): void;
  /** Lets one port misbehave, or all of them. */
  setFault(port: number | 'all', fault: PortFault): Promise<void>;
  /** Names that the list of models shows. Every other model is answered just as well. */
  setListed(models: readonly string[]): void;
  /** Opens one more port, 0 for any free one, and answers it. */
  openPort(port: number): Promise<number>;
  /** Number of probes of a model so far; the user agent tells them from traffic. */
  probes(model: string): number;
  traffic(model: string): number;
  model(model: string): ModelStats;
  stats(): UpstreamStats;
  resetCounts(): void;
  close(): Promise<void>;
}

/** How a mock is started; everything else is set while it runs. */
export interface MockUpstreamOptions {
  /** First port; 0 or absent takes a free one. */
  readonly port?: number;
  readonly controlPort?: number;
  /** Further ports, one per caller that shall be able to lose its way alone. */
  readonly extraPorts?: readonly number[];
  readonly listed?: readonly string[];
  /** Speaks HTTPS on the ports for callers. */
  readonly tls?: TlsFiles;
  /** Sees each request for a model as it arrives. */
  readonly onRequest?: (model: string, request: SeenRequest, call: SeenCall) => void;
}

/** A request while it runs. */
export interface SeenCall {
  /** The port that it came in on. */
  readonly port: number;
  /** Resolves when it is over: answered, reset or given up by the caller. */
  readonly over: Promise<void>;
}
