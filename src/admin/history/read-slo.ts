import { setImmediate } from 'node:timers/promises';
import type { GroupObjective } from '../../config/index.ts';
import { errorBudgetOf, knownRatio, uptimeRatio } from '../../history/index.ts';
import type { ErrorBudget, TimeWindow } from '../../history/index.ts';
import type { Clock, GroupBudget } from '../../ports/index.ts';
import type { AdminConfig } from '../admin-options.ts';
import { findGroup } from './find-group.ts';
import { pastOf } from './read-past.ts';
import type { PastSource } from './read-past.ts';

/** Time for which one reading serves the metrics, ms: a scrape reads the history of all groups with an objective. */
const KEPT_MS = 10_000;

/** A model group's objective, and its error budget. */
export interface GroupSlo {
  readonly objective: GroupObjective;
  readonly window: TimeWindow;
  readonly budget: ErrorBudget;
}

/** The error budgets, or the reason why the store could not be read. */
export type SloOutcome =
  | { readonly kind: 'read'; readonly groups: readonly GroupSlo[] }
  | { readonly kind: 'store-lost'; readonly why: string };

export interface SloSource extends PastSource {
  readonly config: PastSource['config'] & Pick<AdminConfig, 'objectives' | 'unprobed' | 'routing'>;
}

/** Reads the error budgets of these objectives. Each group is calculated in a turn of its own, so that requests are answered in between. */
export async function readSlo(source: SloSource, objectives: readonly GroupObjective[]): Promise<SloOutcome> {
  const { fleet, config } = source;
  const asked = objectives.map((objective) => {
    const group = findGroup(config, objective.group) ?? { targets: [], hasUnprobed: false };
    return { objective, group };
  });
  const found = await fleet.history([...new Set(asked.flatMap(({ group }) => group.targets))]);
  if (found.kind === 'store-lost') return found;
  const groups: GroupSlo[] = [];
  for (const { objective, group } of asked) {
    const { window, spans } = pastOf(source, found.histories, { group, range: objective.windowMs });
    groups.push({ objective, window, budget: errorBudgetOf(spans, objective.availability, window) });
    // oxlint-disable-next-line no-await-in-loop -- other work runs in between
    await setImmediate();
  }
  return { kind: 'read', groups };
}

/** Error budgets for the metrics, read once for all scrapes within {@link KEPT_MS}; none while the store cannot be read. */
export function createBudgetReader(source: SloSource, clock: Clock): () => Promise<readonly GroupBudget[]> {
  const { objectives } = source.config;
  let kept: { readonly atMs: number; readonly budgets: Promise<readonly GroupBudget[]> } | undefined;
  const read = async (): Promise<readonly GroupBudget[]> => {
    const outcome = await readSlo(source, objectives);
    if (outcome.kind === 'read') return outcome.groups.map(budgetOf);
    kept = undefined;
    return [];
  };
  return async () => {
    if (objectives.length === 0) return [];
    const nowMs = clock.monotonicMs();
    if (kept === undefined || nowMs - kept.atMs >= KEPT_MS) kept = { atMs: nowMs, budgets: read() };
    return await kept.budgets;
  };
}

function budgetOf({ objective: { group }, budget }: GroupSlo): GroupBudget {
  const { leftRatio, burnRates } = budget;
  return { group, leftRatio, burnRates, uptime: uptimeRatio(budget), known: knownRatio(budget) };
}
