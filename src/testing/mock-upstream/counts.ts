/** Requests of one kind for one model. Times are epoch milliseconds with fractions. */
export interface CallStats {
  readonly count: number;
  readonly inFlight: number;
  readonly maxInFlight: number;
  readonly starts: readonly number[];
  /** When each finished, in the order of finishing: answered, reset or given up by the caller. */
  readonly ends: readonly number[];
  /** Number of calls by the port they came in on. */
  readonly ports: Readonly<Record<string, number>>;
}

/** One request as it was received. */
export interface SeenRequest {
  readonly method: string;
  /** Path with the query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** What was counted of one model, probes apart from traffic. */
export interface ModelStats {
  readonly probes: CallStats;
  readonly traffic: CallStats;
  /** The newest request of either kind. */
  readonly last: SeenRequest | null;
}

/** Everything the mock counted since its start or the last reset. */
export interface UpstreamStats {
  readonly models: Readonly<Record<string, ModelStats>>;
  /** Calls for the list of models. */
  readonly listings: ModelStats;
  /** Connections accepted on any port but the one for control. */
  readonly connections: number;
}

/** Counts requests by model, probes and traffic separately. */
export class Counts {
  #models = new Map<string, Tally>();
  #listings = new Tally();
  #connections = 0;

  /** @returns to be called when the request is over */
  begin(model: string, request: SeenRequest, port: number): () => void {
    return this.#tally(model).begin(request, port);
  }

  beginListing(request: SeenRequest, port: number): () => void {
    return this.#listings.begin(request, port);
  }

  connected(): void {
    this.#connections += 1;
  }

  of(model: string): ModelStats {
    return (this.#models.get(model) ?? new Tally()).stats();
  }

  all(): UpstreamStats {
    const models = Object.fromEntries([...this.#models].map(([model, tally]) => [model, tally.stats()]));
    return { models, listings: this.#listings.stats(), connections: this.#connections };
  }

  /** Clears all counts; a request in flight is still counted in the old ones, which are no longer readable. */
  reset(): void {
    this.#models = new Map();
    this.#listings = new Tally();
    this.#connections = 0;
  }

  #tally(model: string): Tally {
    const tally = this.#models.get(model) ?? new Tally();
    this.#models.set(model, tally);
    return tally;
  }
}

interface Calls {
  count: number;
  inFlight: number;
  maxInFlight: number;
  starts: number[];
  ends: number[];
  ports: Record<string, number>;
}

class Tally {
  #probes = noCalls();
  #traffic = noCalls();
  #last: SeenRequest | null = null;

  begin(request: SeenRequest, port: number): () => void {
    const calls = isProbe(request) ? this.#probes : this.#traffic;
    this.#last = request;
    calls.count += 1;
    calls.inFlight += 1;
    calls.maxInFlight = Math.max(calls.maxInFlight, calls.inFlight);
    calls.starts.push(epochMs());
    calls.ports[port] = (calls.ports[port] ?? 0) + 1;
    return () => {
      calls.inFlight -= 1;
      calls.ends.push(epochMs());
    };
  }

  stats(): ModelStats {
    return { probes: structuredClone(this.#probes), traffic: structuredClone(this.#traffic), last: this.#last };
  }
}

function noCalls(): Calls {
  return { count: 0, inFlight: 0, maxInFlight: 0, starts: [], ends: [], ports: {} };
}

function isProbe({ headers }: SeenRequest): boolean {
  return /^allswell\/\S+ \(health probe\)$/.test(headers['user-agent'] ?? '');
}

// Finer than Date.now(), so that close events keep their order.
function epochMs(): number {
  return performance.timeOrigin + performance.now();
}
