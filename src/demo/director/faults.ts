import type { StagePod } from '../stage/stage-pod.ts';

/** Faults that the demo has caused and not yet removed. */
export class Faults {
  readonly #models = new Map<string, { readonly kind: 'failing' | 'slow'; readonly sinceMs: number }>();
  readonly #cut = new Set<StagePod>();
  readonly #backAt = new Map<StagePod, number>();

  ofModel(model: string): 'none' | 'failing' | 'slow' {
    return this.#models.get(model)?.kind ?? 'none';
  }

  /** Wall clock ms; undefined without a fault. */
  sinceMs(model: string): number | undefined {
    return this.#models.get(model)?.sinceMs;
  }

  setModel(model: string, kind: 'none' | 'failing' | 'slow'): void {
    if (kind === 'none') this.#models.delete(model);
    else this.#models.set(model, { kind, sinceMs: Date.now() });
  }

  /** Faulty models, the oldest fault first. */
  models(): readonly string[] {
    return [...this.#models.keys()];
  }

  isCut(pod: StagePod): boolean {
    return this.#cut.has(pod);
  }

  cut(pod: StagePod): void {
    this.#cut.add(pod);
  }

  /** Returns the pods without network, and forgets them. */
  takeCut(): readonly StagePod[] {
    const pods = [...this.#cut];
    this.#cut.clear();
    return pods;
  }

  /** Restart time of a pod that is down, wall clock ms. */
  backAtMs(pod: StagePod): number | undefined {
    return this.#backAt.get(pod);
  }

  setBackAt(pod: StagePod, atMs: number): void {
    this.#backAt.set(pod, atMs);
  }

  clearBackAt(pod: StagePod): void {
    this.#backAt.delete(pod);
  }
}
