import { until } from '../../src/testing/index.ts';
import { epochMs } from '../../test/fleet/harness/index.ts';
import { openProbePath, startTraffic, watchVerdicts } from '../../test/bridge/harness/index.ts';
import { lastBeforeSilence } from './figures.ts';
import { HIT, HIT_PORT, startVariant } from './variants.ts';

/** From a verdict to the last request of all pods at the deployment, and from the verdict up to the first one; s, sorted. */
export interface VerdictSeries {
  readonly avoidedS: readonly number[];
  readonly backS: readonly number[];
  readonly failedCalls: number;
}

const INTERVAL_S = 2;
/** After a verdict, requests are watched for so long. */
const WATCHED_MS = 4_000;
const WITHIN_MS = 60_000;

/**
 * Times verdicts alone: only the bridge's probes fail, users' requests never do, so LiteLLM cools nothing by itself and has
 * no other reason to avoid a deployment.
 */
export async function measureVerdicts({
  count,
  pods,
  say,
}: {
  count: number;
  pods: number;
  say: (line: string) => void;
}): Promise<VerdictSeries> {
  let path: Awaited<ReturnType<typeof openProbePath>> | undefined;
  const fleet = await startVariant('bridge', {
    pods,
    events: false,
    bridge: async ({ upstream }) => {
      path = await openProbePath(upstream, HIT_PORT);
      return { env: path.env, fleetHealth: { interval: INTERVAL_S } };
    },
  });
  const { stand, bridge } = fleet;
  if (path === undefined || bridge === undefined) throw new Error('the variant has no bridge');
  const traffic = startTraffic({ pods: stand.litellm, perSecond: 40, kinds: [{ group: 'pair' }, { group: 'chain' }] });
  const verdicts = await watchVerdicts(bridge);
  const [avoidedS, backS]: [number[], number[]] = [[], []];
  const reached = (model: string, from: number): readonly number[] =>
    stand.requests.times('user', { model, span: { from, to: Infinity } });
  const change = async (to: 'down' | 'up', since: number): Promise<Map<string, number>> => {
    const at = async (model: string): Promise<[string, number]> => {
      const seen = await until(() => verdicts.first(model, to, since), { withinMs: WITHIN_MS, what: `${model} ${to}` });
      return [model, seen.at];
    };
    return new Map(await Promise.all(HIT.map(at)));
  };
  try {
    while (avoidedS.length < count) {
      /* oxlint-disable no-await-in-loop -- one verdict after the other */
      const failedAt = epochMs();
      await path.fail();
      const downs = await change('down', failedAt);
      await until(() => epochMs() > Math.max(...downs.values()) + WATCHED_MS, {
        withinMs: WITHIN_MS,
        what: 'the watch',
      });
      for (const [model, at] of downs) {
        const last = lastBeforeSilence(reached(model, at), { from: at, to: epochMs() });
        avoidedS.push(((last ?? Infinity) - at) / 1_000);
      }
      const repairedAt = epochMs();
      await path.repair();
      for (const [model, at] of await change('up', repairedAt)) {
        const first = await until(() => reached(model, at)[0], { withinMs: WITHIN_MS, what: `a request at ${model}` });
        backS.push((first - at) / 1_000);
      }
      say(
        `${avoidedS.length} of ${count}: avoided after ${avoidedS.slice(-2).join(', ')} s, back after ${backS.slice(-2).join(', ')} s`,
      );
      /* oxlint-enable no-await-in-loop */
    }
    await traffic.stop();
    const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
    const failedCalls = traffic.calls().filter(({ status }) => status !== 200).length;
    return { avoidedS: sorted(avoidedS), backS: sorted(backS), failedCalls };
  } finally {
    verdicts.stop();
    await traffic.stop();
    await stand.stop();
  }
}
