import type { Level } from '../../health/index.ts';
import type { ProbeResult } from '../../ports/index.ts';

/**
 * True if an unbilled check failed because of the model list, and must be repeated by a connection alone. A key may be
 * allowed to call a model and not to list it, and many servers have no list. A spent budget must not mark such a target
 * as down.
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
