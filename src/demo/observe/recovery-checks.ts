import { counted } from '../../health/index.ts';
import type { Snapshot } from './snapshot.ts';

interface Watched {
  /** The sentence once the check is fulfilled; undefined before. */
  look(shot: Snapshot): string | undefined;
}

/** Checks after a fault that the fleet goes on probing, and reports it with figures. */
export class RecoveryChecks {
  readonly #watched = new Set<Watched>();
  #redisGone: Snapshot | undefined;

  /** Sentences of the checks that the newest snapshot fulfils. */
  next(before: Snapshot, after: Snapshot): readonly string[] {
    for (const pod of after.pods) {
      const was = before.pods.find(({ name }) => name === pod.name)?.life;
      if (was === 'running' && pod.life === 'down') this.#watched.add(probedWithout(pod.name, before));
    }
    const proved = [...this.#watched].flatMap((watched) => {
      const sentence = watched.look(after);
      if (sentence !== undefined) this.#watched.delete(watched);
      return sentence ?? [];
    });
    return [...proved, ...this.#redisNews(before, after)];
  }

  #redisNews(before: Snapshot, after: Snapshot): readonly string[] {
    if (before.redis === 'up' && after.redis !== 'up') this.#redisGone = before;
    if (before.redis === 'up' || after.redis !== 'up' || this.#redisGone === undefined) return [];
    const gone = this.#redisGone;
    this.#redisGone = undefined;
    const intervals = (after.atMs - gone.atMs) / after.intervalMs;
    if (intervals < 2) return [];
    const probes = after.probes.counted - gone.probes.counted;
    const rate = probes / after.targets.length / intervals;
    const seconds = Math.round((after.atMs - gone.atMs) / 1000);
    const what = `${counted(probes, 'probe')} of ${counted(after.targets.length, 'target')}`;
    return [`Redis was unavailable for ${seconds} s: ${what} meanwhile, ${rate.toFixed(2)} per target and interval`];
  }
}

/** Fulfilled when every target has newer evidence than at the loss of the pod. */
function probedWithout(lost: string, before: Snapshot): Watched {
  const evidence = new Map(before.targets.map(({ name, checkedAtMs }) => [name, checkedAtMs ?? 0]));
  let longest = { name: '', ms: 0 };
  return {
    look({ targets }) {
      for (const { name, checkedAtMs } of targets) {
        const known = evidence.get(name);
        if (known === undefined || checkedAtMs === null || checkedAtMs <= known) continue;
        const ms = checkedAtMs - known;
        if (ms > longest.ms) longest = { name, ms };
        evidence.delete(name);
      }
      if (evidence.size > 0) return undefined;
      const gap = `${(longest.ms / 1000).toFixed(1)} s (${longest.name})`;
      return `Every target was probed since ${lost} was lost; the longest gap was ${gap}`;
    },
  };
}
