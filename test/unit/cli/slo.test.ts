import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MASTER_KEY, openCliStage } from '../../support/cli.ts';
import type { CliStage } from '../../support/cli.ts';
import { startMockUpstream, until } from '../../../src/testing/index.ts';
import type { MockUpstream } from '../../../src/testing/index.ts';

let [stage, upstream]: [CliStage, MockUpstream] = [] as never;
beforeEach(async () => {
  stage = openCliStage();
  upstream = await startMockUpstream();
});
afterEach(async () => {
  await stage.close();
  await upstream.close();
});

const entry = (group: string): string =>
  `- { model_name: ${group}, litellm_params: { model: openai/${group}, api_base: '${upstream.apiBase}', api_key: k } }`;
const settings = `general_settings: { master_key: ${MASTER_KEY}, background_health_checks: true, health_check_interval: 1 }`;

describe('allswell slo', { timeout: 60_000 }, () => {
  it('shows what is left of error budgets, as lines, JSON and CSV, and ends with 1 where one is spent', async () => {
    upstream.set('bad', { kind: 'status', status: 500 });
    const url = await stage.pod(`
${settings}
fleet_health: { slo: { availability: 99.9, groups: { bad: { window_days: 7 } } } }
model_list:
  ${entry('good')}
  ${entry('bad')}
`);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    const shown = await until(
      async () => {
        const ended = await stage.run(['slo'], env);
        return ended.status === 1 && /good .* left|^good +99\.9 %.*100 %/m.test(ended.stdout) ? ended : undefined;
      },
      { withinMs: 20_000, what: 'a result of each target', everyMs: 200 },
    );
    expect(shown.stdout).toMatch(/^group +objective +window +up +known +budget +used +left +burn 1h +6h +spent in$/m);
    expect(shown.stdout).toMatch(/^good +99\.9 % +30 d +100 % .* \d+\.\d s +100 % +0\.00 +0\.00 +–$/m);
    expect(shown.stdout).toMatch(/^bad +99\.9 % +7 d +0 % .* -\d+\.\d (?:s|min) +-\d+ % +1000 +1000 +spent$/m);
    const one = await stage.run(['slo', 'bad', '--json'], env);
    expect([one.status, JSON.parse(one.stdout)]).toMatchObject([
      1,
      {
        groups: [{ group: 'bad', objective: 0.999, budget_state: 'spent', burn_rates: { '6h': expect.closeTo(1000) } }],
      },
    ]);
    expect((await stage.run(['slo', 'good'], env)).status).toBe(0);
    const table = (await stage.run(['slo', '--csv'], env)).stdout.split('\r\n');
    expect(table[0]).toMatch(/^group,objective,from,until,up_s,.*,exhausted_in_s$/);
    expect(table.slice(1, 3)).toEqual([
      expect.stringMatching(/^"good",0\.999,.*,left,0,0,0,0,$/),
      expect.stringMatching(/^"bad",0\.999,.*,spent,/),
    ]);
  });

  it('says unknown where nothing is known, and ends with 0', async () => {
    const url = await stage.pod(`
general_settings: { master_key: ${MASTER_KEY} }
fleet_health: { slo: { availability: 99.9 } }
model_list:
  ${entry('unprobed')}
`);
    const shown = await stage.run(['slo'], { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY });
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/^unprobed +99\.9 % +30 d +unknown +0 % .* unknown +unknown +unknown$/m);
  });

  it('tells a group without an objective from an unknown one, and from a pod that does not answer', async () => {
    const url = await stage.pod(`${settings}\nmodel_list:\n  ${entry('a')}\n`);
    const env = { ALLSWELL_URL: url, ALLSWELL_MASTER_KEY: MASTER_KEY };
    expect(await stage.run(['slo'], env)).toMatchObject({
      status: 0,
      stdout: 'No model group has an objective: set fleet_health.slo\n',
    });
    expect(await stage.run(['slo', 'a'], env)).toMatchObject({
      status: 2,
      stderr: 'No objective for a: set fleet_health.slo\n',
    });
    expect(await stage.run(['slo', 'x'], env)).toMatchObject({
      status: 2,
      stderr: 'Unknown model group: x; allswell status lists the groups\n',
    });
    expect((await stage.run(['slo', '--csv', '--json'], env)).status).toBe(2);
    expect((await stage.run(['slo', '--url', 'http://127.0.0.1:1'], env)).status).toBe(6);
  });
});
