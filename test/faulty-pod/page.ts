import { series } from './faults.ts';
import type { Outcome } from './run.ts';
import type { WrongVerdict } from './watch.ts';

export const PAGE = 'docs/explanation/one-faulty-pod.md';

/** Pods of each fleet, the faulty one included. */
export const SIZES: readonly number[] = [5, 2];

/** One line of the table. */
export interface Row {
  readonly fault: string;
  readonly pods: number;
  /** Verdicts of other pods that were not the true one; `none`. */
  readonly verdicts: string;
  /** Working models that had a cooldown at any time. */
  readonly cooled: number;
  /** Longest time for which the failing model had no cooldown, s. */
  readonly notCooled: number;
}

export function rowOf({ fault, pods, seen }: Outcome): Row {
  return {
    fault: fault.what,
    pods,
    verdicts: verdictsText(seen.wrongVerdicts),
    cooled: seen.wrongCooldowns.length,
    notCooled: Math.round(seen.notCooledMs / 100) / 10,
  };
}

/** For example `6 models: degraded`, or `text-1: suspect, up`. */
function verdictsText(wrong: readonly WrongVerdict[]): string {
  const models = [...new Set(wrong.map(({ model }) => model))];
  const states = [...new Set(wrong.map(({ state }) => state))].toSorted().join(', ');
  if (models.length === 0) return 'none';
  return `${models.length === 1 ? models[0] : `${models.length} models`}: ${states}`;
}

/** The rows in a page. */
export function rowsOn(page: string): readonly Row[] {
  const cells = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  return cells.flatMap(([, fault = '', pods, verdicts = '', cooled, notCooled]): Row[] => {
    const row = { fault, pods: Number(pods), verdicts, cooled: Number(cooled), notCooled: Number(notCooled) };
    return Number.isInteger(row.pods) && row.pods > 0 ? [row] : [];
  });
}

/** The whole page; undefined if a row is missing. */
export function pageOf(rows: readonly Row[]): string | undefined {
  const faults = series.flatMap((one) => one.faults.map(({ what }) => what));
  const lines = faults.flatMap((what) =>
    SIZES.map((pods) => lineOf(rows.find((row) => row.fault === what && row.pods === pods))),
  );
  if (lines.includes(undefined)) return undefined;
  return `${INTRODUCTION}
| one pod of the fleet: | pods | verdicts of other pods that changed | working models cooled down | failing model without cooldown, s |
|---|--:|---|--:|--:|
${lines.join('\n')}

${DISCUSSION}`;
}

function lineOf(row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  const { fault, pods, verdicts, cooled, notCooled } = row;
  return `| ${fault} | ${pods} | ${verdicts} | ${cooled} | ${notCooled} |`;
}

const INTRODUCTION = `# Is it dangerous to share health?

The usual objection: if pods share their circuit breakers, one pod with a broken network cuts all pods off from upstreams that work. In allswell,
pods share *results*, not breakers. A failure takes a target from other pods only if a second pod host [saw it, too](protocol.md#witnesses).

This experiment gives one pod a fault. It runs real pods, a real Redis and mock upstreams with six models on three hosts, one of which fails for all pods
(\`text-1\`). The pod with the fault has the [bridge's](../how-to/stop-litellm-probing.md) lease when the fault begins, so it writes LiteLLM's cooldowns;
if it still has the lease at the end, another pod gets it for three seconds more. During the fault, for 6 to 34 s with a probe every two seconds (every four in the last
five cases), the test reads \`/health\` of all other pods twenty times a second, every change of a verdict in their logs, and every change of a key
\`deployment:<id>:cooldown\` that Redis reports.

Written by \`ALLSWELL_WRITE_PAGE=1 npm run test:faulty-pod\`; the same run is part of every build, and fails if a working model
is cooled down or if a verdict changes that is not explained below.
`;

const DISCUSSION = `\`none\` and 0 mean: not once, however short. The last column is the longest time for which the failing model had no cooldown: until another pod took over the bridge's
lease, or, if the pod's probes pass, until the failure was confirmed again. Meanwhile LiteLLM acts as without allswell, on its own failures.

## Why

- **A failure takes two pod hosts**, whatever its class. A single 401 or 404 makes a target \`suspect\` in the pod that saw it, and a confirmation by another pod is due at
  once. That probe passes, so the failure was local.
- **A pod that fails alone stops probing for the fleet.** If it fails at half of its upstream hosts or more, it is \`impaired\` and gives the lease back. Before that, it
  writes the fleet's verdicts, not its own.
- **A cooldown takes more than a verdict.** It is never set on what one host alone saw while another pod could confirm it; a \`429\` with \`Retry-After\` and an
  \`unconfirmed\` failure are such cases. It never takes the last routable deployment of a group and its
  fallbacks, and ends by itself within 3 s.
- **The clock of a machine does not count.** Records contain Redis' time only; a pod measures durations with its monotonic clock.
- **A pod without Redis decides for itself only.** If it had the bridge's lease, that ends after 8 s.

## What one pod can do

- **Its rate limits are visible.** A 429 makes a target \`degraded\` in all pods until the next good answer. That counts as healthy, and is no reason for a cooldown until a
  second host received it.
- **Its hanging probe is visible.** If a pod disappears during a probe, the target can be \`degraded\`, \`slow\`, in all pods until the lease of that probe ends, 10 s at most. That counts as
  healthy, and is no reason for a cooldown.
- **Its good results count, also if they are wrong.** The newest result decides, so a pod whose probes pass while the upstream fails (a proxy that answers from
  its cache) ends the outage in all pods until the next probe of another pod. With five pods the verdict can then go up and down. With two, the outage is
  never confirmed: without sharing, the other pod would have found it. Requests then go where they went without allswell; LiteLLM's own cooldowns still apply.
- **With two pods, the second witness can be missing.** A pod that answers 429 for all of its probes cannot confirm the failures of the other. If a pod dies and the interval is
  below 4 s, what both found down is \`suspect\` until the dead pod's membership ends, 10 s at most.
- **A fleet of one has no second witness.** Its own fault is its verdict. The bridge then publishes nothing and sets no cooldown if all upstream hosts seem to fail, or half
  of three or more. A fault in front of one host is not recognised, unless [LiteLLM's traffic](../how-to/stop-litellm-probing.md#feed-allswell-with-litellms-traffic) contradicts it: run two
  bridge pods.
- **Half of the pods or more** with one fault are [beyond the promise](protocol.md#limits): a shared proxy, NAT or node. Give pods
  [failure domains](../reference/configuration.md#environment).

Out of scope: a client that writes false data into the keys of the fleet or of LiteLLM. Any client with the password can do that to LiteLLM alone, too. Give pods
[a Redis user](../how-to/run-on-redis.md#a-user-with-minimal-rights) of their own; [a bridge needs more rights](../how-to/stop-litellm-probing.md#a-redis-user-of-its-own). A client that can
write \`deployment:*:cooldown\` can take models out of LiteLLM's routing.
`;
