import type { SnapshotEvent, TargetBody } from '../api/index.ts';
import { elapsedMs, moment } from './elapsed.ts';
import type { Moment } from './elapsed.ts';
import type { ClientState, ClientTarget, HealthState, StateChange } from './types.ts';

/** What was read of the fleet, in memory. */
export interface ClientView {
  /** Takes the whole list of targets. Those that changed after it was asked for stay as they are. */
  replace(page: Pick<SnapshotEvent, 'targets'>, asked?: Moment): void;
  /** Takes one target. */
  update(body: TargetBody): void;
  state(name: string): ClientState | undefined;
  targets(): readonly ClientTarget[];
  /** How a report names a target: by its id or a deployment's; undefined where a model group has several targets. */
  reported(name: string): { readonly target: string } | { readonly deployment: string } | undefined;
}

interface Known {
  readonly body: TargetBody;
  /** When the body was read. */
  readonly readAt: Moment;
}

/** The best state first: requests to a group go to its best target. */
const ORDER: readonly HealthState[] = ['up', 'degraded', 'unknown', 'suspect', 'down'];
const TARGET_ID = /^[0-9a-f]{24}$/;

/** Begins without any target. */
export function createView(isCurrent: () => boolean, changed: (change: StateChange) => void): ClientView {
  let known = new Map<string, Known>();
  let byName: ReadonlyMap<string, readonly string[]> = new Map();

  const shown = ({ body, readAt }: Known): ClientState => ({
    state: body.effective,
    since: body.since === null ? null : Date.parse(body.since),
    ageMs: body.age_seconds === null ? null : Math.round(body.age_seconds * 1_000 + elapsedMs(readAt)),
    why: body.hold === null ? body.why : `${body.hold.kind} by ${body.hold.by}: ${body.hold.reason}`,
    stale: body.stale || !isCurrent(),
  });

  const compare = (target: string, before: Known | undefined): void => {
    const was = before?.body.effective ?? null;
    const state = known.get(target)?.body.effective ?? null;
    if (was !== state) changed({ target, state, before: was });
  };

  const of = (name: string): readonly Known[] => {
    const one = known.get(name);
    if (one !== undefined) return [one];
    return (byName.get(name) ?? []).flatMap((id) => known.get(id) ?? []);
  };

  return {
    replace: ({ targets }, asked) => {
      const before = known;
      // Before the pod computed the ages: none may be shown too small.
      const readAt = asked ?? moment();
      const isNewer = (one: Known): boolean => asked !== undefined && one.readAt.steadyMs > asked.steadyMs;
      known = new Map(targets.map((body) => [body.target, { body, readAt }]));
      for (const [target, one] of before) if (isNewer(one)) known.set(target, one);
      byName = namesOf(known.values());
      for (const target of new Set([...before.keys(), ...known.keys()])) compare(target, before.get(target));
    },
    update: (body) => {
      const before = known.get(body.target);
      known.set(body.target, { body, readAt: moment() });
      if (before === undefined) byName = namesOf(known.values());
      compare(body.target, before);
    },
    state: (name) => {
      const [best] = of(name).toSorted((a, b) => ORDER.indexOf(a.body.effective) - ORDER.indexOf(b.body.effective));
      return best === undefined ? undefined : shown(best);
    },
    targets: () =>
      [...known.values()].map((one) => ({
        ...shown(one),
        target: one.body.target,
        model: one.body.model,
        deployments: one.body.deployments.map((it) => ({ modelName: it.model_name, modelId: it.model_id })),
      })),
    reported: (name) => {
      const found = of(name);
      const [one] = found;
      if (one === undefined) return TARGET_ID.test(name) ? { target: name } : { deployment: name };
      return found.length === 1 ? { target: one.body.target } : undefined;
    },
  };
}

function namesOf(all: Iterable<Known>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { body } of all) {
    const own = body.deployments.flatMap((one) => [one.model_name, one.model_id]);
    for (const name of new Set(own)) names.set(name, [...(names.get(name) ?? []), body.target]);
  }
  return names;
}
