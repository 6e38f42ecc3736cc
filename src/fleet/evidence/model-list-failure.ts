import type { Level } from '../../health/index.ts';
import type { ProbeResult } from '../../ports/index.ts';

/**
 * Whether a free look has to be made once more, by a connection alone. A list of models that is refused says something
 * of the list: a key may call a model and not list it, and many servers have no list. A budget that is spent must not
 * take a target down that way.
 */
export function isModelListFailure(level: Level, { outcome }: ProbeResult): boolean {
  if (level !== 'models' || outcome.kind !== 'failed') return false;
  switch (outcome.failure.class) {
    case 'network':
    case 'timeout':
    case 'server':
      return false;
    case 'overloaded':
    case 'quota':
    case 'auth':
    case 'not-found':
    case 'bad-probe':
      return true;
  }
}
