import type { MemberInfo } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';

/** Number of pods named in one line. */
const MOST_NAMED = 3;

/** Logs once that pods have another policy hash, and once that all hashes are equal again. */
export class PolicyMismatchLog {
  readonly #options: FleetOptions;
  readonly #logged = new Set<string>();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Compares the live members. A hash that no member has any more is forgotten, and is logged again if it returns. */
  check(members: readonly MemberInfo[]): void {
    const { policyHash: own, logger } = this.#options;
    const shown = new Map<string, string[]>();
    for (const { pod, policyHash } of members) {
      if (policyHash === own) continue;
      const pods = shown.get(policyHash) ?? [];
      shown.set(policyHash, pods);
      pods.push(pod);
    }
    const differed = this.#logged.size > 0;
    for (const hash of Array.from(this.#logged)) if (!shown.has(hash)) this.#logged.delete(hash);
    for (const [hash, pods] of shown) {
      if (this.#logged.has(hash)) continue;
      this.#logged.add(hash);
      logger.warn(
        `Pods have different health policies: ${named(pods)} have policy ${hash}, this pod has ${own}; their verdicts may differ. To fix: finish the deploy, or give all pods the same health settings`,
      );
    }
    if (differed && this.#logged.size === 0) logger.info('All pods have the same health policy again');
  }
}

function named(pods: readonly string[]): string {
  const more = pods.length - MOST_NAMED;
  return `${pods.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
