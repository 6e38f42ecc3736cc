import type { PodShot, Snapshot } from './snapshot.ts';

/** Pods that change their mode within this time are reported in one sentence. */
const PATIENCE_MS = 2_000;

/** Reports when pods begin to share or fall back, in one sentence if they do it together. */
export class ModeNews {
  readonly #reported = new Map<string, string>();
  #waitingSinceMs: number | undefined;

  next(shot: Snapshot): readonly string[] {
    const speaking = shot.pods.filter(({ life, self }) => life === 'running' && self !== null);
    const changed = speaking.filter((pod) => modeOf(pod) !== (this.#reported.get(pod.name) ?? 'shared'));
    // A pod that ended is forgotten, and starts in the default mode.
    for (const { name, life } of shot.pods) if (life !== 'running') this.#reported.delete(name);
    if (changed.length === 0) {
      this.#waitingSinceMs = undefined;
      return [];
    }
    this.#waitingSinceMs ??= shot.atMs;
    const isOver = shot.atMs - this.#waitingSinceMs >= PATIENCE_MS;
    if (changed.length < speaking.length && !isOver) return [];
    this.#waitingSinceMs = undefined;
    for (const pod of changed) this.#reported.set(pod.name, modeOf(pod));
    const modes = [...new Set(changed.map(modeOf))];
    return modes.map((mode) =>
      sentence(
        mode,
        changed.filter((pod) => modeOf(pod) === mode),
        shot.pods.length,
      ),
    );
  }
}

function modeOf({ self }: PodShot): string {
  return self?.mode ?? 'shared';
}

function sentence(mode: string, pods: readonly PodShot[], all: number): string {
  const who = pods.length === all && all > 1 ? `all ${all} pods` : namesOf(pods);
  const one = pods.length === 1;
  if (mode !== 'fallback') return `${who} share${one ? 's' : ''} health again`;
  const problem = pods[0]?.self?.storeProblem ?? 'Redis is lost';
  return `${who} fall${one ? 's' : ''} back to local checks without Redis: ${problem}`;
}

/** `pods 1, 2, 3`: only the numbers after the first word. */
function namesOf(pods: readonly PodShot[]): string {
  if (pods.length === 1) return pods[0]?.name ?? '';
  return `pods ${pods.map(({ name }) => name.replace('pod ', '')).join(', ')}`;
}
