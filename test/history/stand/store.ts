import type { RedisServer } from '../../../src/testing/index.ts';
import type { FaultEdge, FaultKind } from '../entry.ts';

/** A server that holds the fleet's keys, or could. */
export interface DataServer {
  readonly name: string;
  readonly server: RedisServer;
}

/** An address that pods use, and the port behind it. */
export interface Address {
  /** The address in the configuration, a sentinel or a cluster's node. */
  readonly announced: number;
  readonly real: number;
}

/** One thing that can be done to a store, and undone. */
export interface StoreFault {
  readonly fault: FaultKind;
  /** Causes the fault and returns its description. It may take some time, such as a failover. */
  begin(draw: Draw): Promise<Pick<FaultEdge, 'on' | 'aheadMs' | 'how'>>;
  /** Ends the fault; resolves when the store is complete again. */
  end(): Promise<void>;
}

/** The randomness that a fault may need. */
export interface Draw {
  between(low: number, high: number): number;
  pick<T>(from: readonly T[]): T;
}

/** A real store for a fleet: one server, or several with Sentinel or Cluster. */
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
