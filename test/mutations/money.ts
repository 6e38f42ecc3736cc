import { fleetSuite, type Mutation } from './mutation.ts';

const limits = 'src/fleet/budget/budget-limits.ts';
const keeper = 'src/fleet/budget/state-keeper.ts';
const counts = fleetSuite('budget/known-counts');
const kept = fleetSuite('budget/state-keeper');

/** Bugs in what a pod knows of budgets, and in what it keeps of that. */
export const moneyMutations: readonly Mutation[] = [
  {
    bug: 'counts are not restored in a store that lost its data',
    file: 'src/fleet/reactions/store-changes.ts',
    from: '    void restoreLostCounts(this.#parts, replica.epoch);\n',
    to: '',
    suite: counts,
  },
  {
    bug: 'a new pod spends at once although nothing is counted yet',
    file: 'src/fleet/probing/planner.ts',
    from: '    budgets.countsFrom(target, syncedAt),\n',
    to: '',
    suite: counts,
  },
  {
    bug: 'the counts do not record a loss of data',
    file: limits,
    from: 'for (const [owner, use] of this.#counted) this.#count(owner, use, null);',
    to: '',
    suite: counts,
  },
  {
    bug: 'a pod does not count the claims of other pods',
    file: limits,
    from: 'probes: probes + 1, nanoUsd: nanoUsd + paid.worstNanoUsd }, known.epoch)',
    to: 'probes, nanoUsd }, known.epoch)',
    suite: counts,
  },
  {
    bug: 'a pod counts probes of other pods that are under no budget',
    file: limits,
    from: 'paid === undefined || !this.#isCounted(target)) return;',
    to: 'paid === undefined) return;',
    suite: counts,
  },
  {
    bug: 'what other pods may have spent without the store is not counted',
    file: 'src/fleet/budget/budget-use.ts',
    from: ': Math.max(mine, shareOfAll(limit - spent));',
    to: ': mine;',
    suite: counts,
  },
  {
    bug: 'without the store a pod spends the share of all pods',
    file: limits,
    from: 'Math.floor(shareOfAll(left) / pods)',
    to: 'shareOfAll(left)',
    suite: fleetSuite('budget/budget'),
  },
  {
    bug: 'a pod that never read the remaining budget spends a share of it',
    file: limits,
    from: 'if (known === undefined || this.#shareTaken) return',
    to: 'if (this.#shareTaken) return',
    suite: kept,
  },
  {
    bug: 'a pod continues to spend a share that another process has taken over',
    file: limits,
    from: 'if (known === undefined || this.#shareTaken) return',
    to: 'if (known === undefined) return',
    suite: kept,
  },
  {
    bug: 'a restarted pod ignores what it spent without the store',
    file: limits,
    from: 'if (alone !== null) this.#spentInFallback.set(owner, alone);',
    to: '',
    suite: kept,
  },
  {
    bug: 'saved counts of an hour far in the future are accepted',
    file: limits,
    from: '!mine || counted.hour > latest || (alone?.hour ?? 0) > latest',
    to: '!mine',
    suite: kept,
  },
  {
    bug: 'the highest number of pods in the last two hours is not kept',
    file: keeper,
    from: 'membership.known ? Math.max(this.#peak.pods, this.#peak.before) : 0',
    to: '0',
    suite: kept,
  },
  {
    bug: 'the state file is written only when the pod stops',
    file: keeper,
    from: '    if (this.#timer !== undefined || this.#writing) return;\n    const everyMs',
    to: '    if (this.#running) return;\n    const everyMs',
    suite: kept,
  },
  {
    bug: 'saved counts of targets that are no longer configured are restored',
    file: keeper,
    from: 'if (index.has(probe.target)) fallbackHistory.restore',
    to: 'fallbackHistory.restore',
    suite: kept,
  },
];
