/** A moment on this machine's two clocks. */
export interface Moment {
  readonly steadyMs: number;
  readonly wallMs: number;
}

/** The present. */
export function moment(): Moment {
  return { steadyMs: performance.now(), wallMs: Date.now() };
}

/** Time since, ms: never too small, though one clock stops while a machine sleeps and the other may be set back. */
export function elapsedMs({ steadyMs, wallMs }: Moment): number {
  return Math.max(performance.now() - steadyMs, Date.now() - wallMs);
}
