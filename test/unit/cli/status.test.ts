import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../../support/cli.ts';
import type { CliStage } from '../../support/cli.ts';
import { until } from '../../../src/testing/index.ts';

let stage: CliStage;
beforeEach(() => (stage = openCliStage()));
afterEach(async () => await stage.close());

const billed = `general_settings: { master_key: ${MASTER_KEY}, background_health_checks: true }
model_list:
  - model_name: m
    litellm_params: { model: openai/gpt-4o-mini, api_base: 'http://127.0.0.1:1', api_key: k }
`;

describe('allswell status', { timeout: 60_000 }, () => {
  it('shows a pod again and again with --watch, until Ctrl-C ends it in good order', async () => {
    const url = await stage.pod(billed);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    const watching = stage.spawn(['status', '--watch', '0.1'], env);
    const looks = (): number => watching.stdout().split('fleet default · independent').length - 1;
    await until(() => looks() >= 3, { withinMs: 20_000, what: 'the third look' });
    watching.signal('SIGINT');
    const { status, stdout } = await watching.ended;
    expect(status).toBe(0);
    expect(stdout).not.toContain('\u001B');
    // Every look has the money in it.
    expect(stdout.match(/^COST of \d{4}-\d\d-\d\d \(UTC\), at list prices, /gm)?.length).toBeGreaterThanOrEqual(3);
    // Colours are for terminals, unless somebody wants them.
    expect((await stage.run(['status'], { ...env, FORCE_COLOR: '1' })).stdout).toContain('\u001B[');
  });

  it('says that no pod answers, with status 6, and that a watched time is none, with status 2', async () => {
    const { status, stdout } = await stage.run(['status', '--url', 'http://127.0.0.1:1']);
    expect([status, stdout]).toEqual([6, expect.stringMatching(/^no pod answers at http:\/\/127\.0\.0\.1:1: /)]);
    expect((await stage.run(['status', '--watch', 'often'])).status).toBe(2);
  });
});
