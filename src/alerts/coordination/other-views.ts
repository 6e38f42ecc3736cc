import { z } from 'zod';
import { parseJson } from '../../health/index.ts';
import { alertKinds } from '../../ports/index.ts';
import { LONGEST_LABEL, MOST_CONDITIONS } from '../incidents/index.ts';
import type { AlertBook, AlertObservation, Condition, Inactive } from '../incidents/index.ts';

/** What a pod sees of its own configuration, for a sender with another one. */
interface View {
  readonly active: readonly Condition[];
  /** State of each condition of the book that it has and that is not active. */
  readonly inactive: readonly (readonly [key: string, state: Exclude<Inactive, 'gone'>])[];
}

// Other clients can write to Redis, so nothing is taken from there unchecked.
const label = z.string().max(LONGEST_LABEL);
const key = z.string().max(1_000);
const view: z.ZodType<View> = z.object({
  active: z
    .array(
      z.object({
        key,
        kind: z.enum(alertKinds),
        place: label,
        label,
        since: z.number().int().nonnegative().nullable(),
        why: label,
      }),
    )
    .max(MOST_CONDITIONS),
  inactive: z.array(z.tuple([key, z.enum(['clear', 'quiet', 'unknown'])])).max(2 * MOST_CONDITIONS),
});

/** The report of this pod; empty if it sees nothing that alerts are about. */
export function reportOf(observation: AlertObservation, book: AlertBook): string {
  const active = observation.active.slice(0, MOST_CONDITIONS);
  const seen = new Set(active.map((one) => one.key));
  const known = new Set([...book.incidents.flatMap(({ members }) => members), ...book.pending].map((one) => one.key));
  const inactive = [...known].slice(0, 2 * MOST_CONDITIONS).flatMap((one) => {
    const state = seen.has(one) ? 'gone' : observation.inactive(one);
    return state === 'gone' ? [] : [[one, state] as const];
  });
  return active.length + inactive.length === 0 ? '' : JSON.stringify({ active, inactive } satisfies View);
}

/**
 * The fleet as all configurations see it. A condition is active if it is in one of them: users of its pods get no answer. One
 * that this pod's configuration does not have is as another one says.
 */
export function withOtherViews(own: AlertObservation, reports: readonly string[]): AlertObservation {
  const views = reports.flatMap((text) => view.safeParse(parseJson(text)).data ?? []);
  if (views.length === 0) return own;
  const active = new Map(own.active.map((one) => [one.key, one]));
  const inactive = new Map<string, Inactive>();
  for (const other of views) {
    for (const one of other.active) if (!active.has(one.key)) active.set(one.key, one);
    for (const [one, state] of other.inactive) {
      // A group may have no verdict in one configuration only.
      if (inactive.get(one) !== 'unknown') inactive.set(one, state);
    }
  }
  return {
    ...own,
    active: [...active.values()],
    inactive: (one) => {
      const state = own.inactive(one);
      const said = inactive.get(one);
      if (said === undefined) return state;
      return state === 'gone' || (state === 'clear' && said === 'unknown' && one.startsWith('group:')) ? said : state;
    },
  };
}
