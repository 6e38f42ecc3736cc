/** An action of a person on the fleet, by a key or a script. */
export type Order =
  /** Kills the pod that probed last. */
  | { readonly kind: 'kill-prober' }
  | { readonly kind: 'fail'; readonly model: string }
  | { readonly kind: 'slow'; readonly model: string; readonly seconds: number }
  /** Cuts one pod's connections to every upstream: a pod by number, or the one whose probes go to the most hosts. */
  | { readonly kind: 'cut-network'; readonly pod: number | 'busiest' }
  | { readonly kind: 'stop-redis' }
  | { readonly kind: 'hang-redis' }
  /** Operators' decisions: no traffic for a model, no probes at all, and the end of both. */
  | { readonly kind: 'drain' | 'undrain'; readonly model: string }
  | { readonly kind: 'pause' | 'resume' }
  | { readonly kind: 'bring-back'; readonly what: Broken };

/** Things that can be restored. */
export type Broken =
  | { readonly kind: 'everything' | 'pods' | 'network' | 'redis' }
  | { readonly kind: 'model'; readonly model: string };

/** Default delay of a slowed model. It is longer than the deadline of the embedding model. */
export const SLOW_SECONDS = 4;
