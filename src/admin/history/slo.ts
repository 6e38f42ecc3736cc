import { sloCsv } from '../../api/index.ts';
import type { FleetSloBody, GroupSloBody } from '../../api/index.ts';
import type { GroupObjective } from '../../config/index.ts';
import { bind, detailAnswer, jsonAnswer } from '../../http/index.ts';
import type { BoundRoute } from '../../http/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { isoOf } from '../times.ts';
import { csvAnswer } from './csv-answer.ts';
import { fleetSlo } from './fleet-history-routes.ts';
import { findGroup } from './find-group.ts';
import { uptimeBody } from './past-body.ts';
import { readSlo } from './read-slo.ts';
import type { GroupSlo } from './read-slo.ts';

type SloParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact'>;

/** `GET /fleet/slo`. Waits for the store, within the deadline of a history. */
export function sloEndpoint(admin: SloParts): BoundRoute {
  return bind(fleetSlo, async ({ query: { group, format } }) => {
    const asked = group === undefined ? admin.config.objectives : objectiveOf(admin, group);
    if (asked instanceof Response) return asked;
    const read = await readSlo(admin, asked);
    if (read.kind === 'store-lost') {
      return detailAnswer(503, { error: `The history could not be read: ${admin.redact(read.why)}` });
    }
    const body: FleetSloBody = { now: isoOf(admin.fleet.status().now), groups: read.groups.map(groupBody) };
    return format === 'csv' ? csvAnswer(sloCsv(body)) : jsonAnswer<FleetSloBody>(body);
  });
}

function objectiveOf({ config }: SloParts, word: string): readonly GroupObjective[] | Response {
  const found = findGroup(config, word);
  if (found === undefined) return detailAnswer(404, { error: 'No model group has this name' });
  const objective = config.objectives.find(({ group }) => group === found.name);
  return objective === undefined ? detailAnswer(404, { error: 'The model group has no objective' }) : [objective];
}

function groupBody({ objective, window, budget }: GroupSlo): GroupSloBody {
  const { totalUs, usedUs, leftUs, leftRatio, state, burnRates, exhaustedInUs } = budget;
  return {
    group: objective.group,
    objective: Math.round(objective.availability * 1e6) / 1e8,
    from: isoOf(window.from),
    until: isoOf(window.until),
    ...uptimeBody(budget),
    budget: { total_s: totalUs / 1e6, used_s: usedUs / 1e6, left_s: leftUs / 1e6, left: leftRatio },
    budget_state: state,
    burn_rates: burnRates,
    exhausted_in_s: exhaustedInUs === null ? null : exhaustedInUs / 1e6,
  };
}
