import type { StagePod } from '../stage/stage-pod.ts';

/** What the demo has broken and not yet brought back. */
export class Faults {
  readonly #models = new Map<string, 'failing' | 'slow'>();
  readonly #cut = new Set<StagePod>();
  readonly #backAt = new Map<StagePod, number>();

  ofModel(model: string): 'none' | 'failing' | 'slow' {
    return this.#models.get(model) ?? 'none';
  }

  setModel(model: string, trouble: 'none' | 'failing' | 'slow'): void {
    if (trouble === 'none') this.#models.delete(model);
    else this.#models.set(model, trouble);
  }

  /** Models in trouble, the oldest first. */
  models(): readonly string[] {
    return [...this.#models.keys()];
  }

  isCut(pod: StagePod): boolean {
    return this.#cut.has(pod);
  }

  cut(pod: StagePod): void {
    this.#cut.add(pod);
  }

  /** Pods without a network, and forgets them. */
  takeCut(): readonly StagePod[] {
    const pods = [...this.#cut];
    this.#cut.clear();
    return pods;
  }

  /** When a pod that is down will be started, wall clock ms. */
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
