/**
 * Finds out from the access time of the published results whether other clients read them. The time has whole seconds, and
 * this pod's own writes and reads set it, too: a read in the same second as one of these is not seen.
 *
 *   0.0 s published, idle 0 · 1.2 s idle 1 · 2.4 s idle 2 · 2.5 s LiteLLM reads · 2.6 s idle 0: a read
 */
export class ReadSigns {
  #idleMs = 0;
  #attempts: number | undefined;

  /** This pod used the results itself. */
  used(): void {
    this.#attempts = undefined;
  }

  /** True if another client read the results since the last call. `attempts`: this pod's writes, which are no sign. */
  isRead(idleMs: number, attempts: number): boolean {
    const isRead = attempts === this.#attempts && idleMs < this.#idleMs;
    this.#attempts = attempts;
    this.#idleMs = idleMs;
    return isRead;
  }
}
