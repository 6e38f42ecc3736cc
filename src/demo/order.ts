/** Something that a person does to the fleet, by a key or a script. */
export type Order =
  /** Ends the pod that probed last. */
  | { readonly kind: 'kill-prober' }
  | { readonly kind: 'fail'; readonly model: string }
  | { readonly kind: 'slow'; readonly model: string; readonly seconds: number }
  /** Takes the way to every upstream from one pod: by its number, else the one whose probes go to the most hosts. */
  | { readonly kind: 'cut-network'; readonly pod: number | 'busiest' }
  | { readonly kind: 'stop-redis' }
  | { readonly kind: 'hang-redis' }
  /** What operators decide: no traffic for a model, no probes at all, and the end of that. */
  | { readonly kind: 'drain' | 'undrain'; readonly model: string }
  | { readonly kind: 'pause' | 'resume' }
  | { readonly kind: 'bring-back'; readonly what: Broken };

/** What can be brought back. */
export type Broken =
  | { readonly kind: 'everything' | 'pods' | 'network' | 'redis' }
  | { readonly kind: 'model'; readonly model: string };

/** How long a slowed model takes unless somebody says. Longer than the deadline of the embedding model. */
export const SLOW_SECONDS = 4;
