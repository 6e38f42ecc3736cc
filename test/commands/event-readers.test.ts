import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/index.ts';
import { MASTER_KEY, openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';

let stage: CliStage;
beforeEach(() => (stage = openCliStage()));
afterEach(async () => await stage.close());

describe('idle readers of the event stream', { timeout: 90_000 }, () => {
  it('take all places, and a new reader gets one within the time that it is told', async () => {
    const url = await stage.pod('model_list: []\n', { LITELLM_MASTER_KEY: MASTER_KEY });
    const open = async (): Promise<Response> =>
      await fetch(`${url}/fleet/events`, { headers: { authorization: `Bearer ${MASTER_KEY}` } });
    const idle = await Promise.all(Array.from({ length: 100 }, open));
    expect(new Set(idle.map(({ status }) => status))).toEqual(new Set([200]));
    const refused = await open();
    expect(refused.status).toBe(503);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(30);
    const admitted = await until(
      async () => {
        const answer = await open();
        if (answer.status === 200) return answer;
        await answer.body?.cancel();
        return undefined;
      },
      { withinMs: wait * 1_000 + 5_000, what: 'a place for a new reader' },
    );
    const given = await admitted.body?.getReader().read();
    expect(new TextDecoder().decode(given?.value)).toContain('event: snapshot');
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(200);
  });
});
