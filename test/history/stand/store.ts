import type { RedisServer } from '../../../src/testing/index.ts';
import type { FaultEdge, FaultKind } from '../entry.ts';

/** A server that holds the fleet's keys, or could. */
export interface DataServer {
  readonly name: string;
  readonly server: RedisServer;
}

/** An address that pods are told of, and the port that is behind it. */
export interface Address {
  /** As the configuration, a sentinel or a cluster's node names it. */
  readonly announced: number;
  readonly real: number;
}

/** One thing that can be done to a store, and undone. */
export interface StoreFault {
  readonly fault: FaultKind;
  /** Does it, and says what it was. It may take a while, such as a failover. */
  begin(draw: Draw): Promise<Pick<FaultEdge, 'on' | 'aheadMs' | 'how'>>;
  /** Undoes it; resolves when the store is whole again. */
  end(): Promise<void>;
}

/** The randomness that a fault may need. */
export interface Draw {
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
}

/** A real store for a fleet: one server, or several with what holds them together. */
export interface TestStore {
  /** `litellm_settings.cache_params`. */
  readonly cacheParams: Readonly<Record<string, unknown>>;
  readonly addresses: readonly Address[];
  readonly servers: readonly DataServer[];
  /** A shard's channel is subscribed to with another command. */
  readonly channel: 'plain' | 'sharded';
  readonly faults: readonly StoreFault[];
  stop(): Promise<void>;
}
