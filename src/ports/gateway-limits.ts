/** What one pod takes from clients, and how long it waits for them and for upstreams. */
export interface GatewayLimits {
  /** Bytes of a request's body. A larger one is answered 413. */
  readonly maxBodyBytes: number;
  /** Requests that are routed at once. Beyond them: 503 with `Retry-After`. */
  readonly maxInFlight: number;
  /** `worker`: each worker process may route so many. */
  readonly maxInFlightOf: 'pod' | 'worker';
  /** Bytes of the bodies of all requests that are held at once. Beyond them: 503 with `Retry-After`. */
  readonly maxBufferedBytes: number;
  /** Open connections of clients. */
  readonly maxConnections: number;
  /** For a client to send the head of a request. */
  readonly headerTimeoutMs: number;
  /** For a client to send the body of a request, from the end of its head. */
  readonly bodyTimeoutMs: number;
  /** Longest silence of an upstream within the body of its answer. */
  readonly idleTimeoutMs: number;
  /** Until the first byte of an upstream's answer; null: the deadline of the attempt. */
  readonly firstByteTimeoutMs: number | null;
}
