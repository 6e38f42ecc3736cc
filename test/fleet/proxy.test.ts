import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import {
  allJudged,
  allMet,
  modelNames,
  observe,
  openOwnPath,
  rowsOf,
  sharedFleet,
  startSampler,
} from './harness/index.ts';
import type { OwnPath, Sample, TestPod } from './harness/index.ts';

const INTERVAL_MS = 2_000;
const models = modelNames(12).map((model) => ({ model, port: 0 }));

describe('one of three pods with a proxy in its way that answers 401', () => {
  let way: OwnPath | undefined;
  const fleet = sharedFleet({ pods: 2, models }, async (started) => {
    way = await openOwnPath(started.upstream);
    await started.addPod(way.shape);
    await allMet(started, 3);
    await allJudged(started);
    await observe(INTERVAL_MS);
  });
  const others = (): TestPod[] => [fleet().pod(0), fleet().pod(1)];
  const behind = (): TestPod => fleet().pod(2);

  it('takes no target from the others, and says of its own that only it fails', async () => {
    const wrong: string[] = [];
    const look = ({ pod, body }: Sample): void => {
      for (const { model, state } of rowsOf(body)) if (state !== 'up') wrong.push(`${pod.name}: ${model} is ${state}`);
    };
    const sampler = startSampler({ pods: others(), everyMs: 10, look });
    await way?.deny();
    const alone = async (): Promise<boolean> => {
      const { unhealthy_endpoints: rows } = await behind().health();
      return rows.some(({ error }) => String(error).includes('only this pod fails, other pods reach it: auth'));
    };
    await until(alone, { withinMs: 4 * INTERVAL_MS, what: 'the pod to find that only it fails', everyMs: 20 });
    await observe(3 * INTERVAL_MS);
    await sampler.stop();
    expect(wrong).toEqual([]);
    expect(behind().lines(/ is down /)).toEqual([]);
  });
});
