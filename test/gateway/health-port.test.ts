import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { freePort } from '../../src/testing/redis-server/index.ts';
import { MASTER_KEY, openCliStage } from '../support/cli.ts';
import type { CliStage } from '../support/cli.ts';

const stages: CliStage[] = [];
afterEach(async () => void (await Promise.all(stages.splice(0).map(async (stage) => await stage.close()))));

const config = `general_settings: { master_key: ${MASTER_KEY} }
model_list: [{ model_name: m, litellm_params: { model: openai/m, api_base: 'http://127.0.0.1:9/v1', api_key: k } }]
`;
const headers = { authorization: `Bearer ${MASTER_KEY}`, 'content-type': 'application/json' };

it.each([[[]], [['--num_workers', '2']]])(
  'SEPARATE_HEALTH_APP: the health endpoints have a port of their own, which takes no request to a model, with flags %j',
  async (flags) => {
    const stage = openCliStage();
    stages.push(stage);
    const port = await freePort();
    const url = await stage.pod(config, { SEPARATE_HEALTH_APP: '1', SEPARATE_HEALTH_PORT: String(port) }, flags);
    const health = `http://127.0.0.1:${port}`;
    expect(await (await fetch(`${health}/health/liveliness`)).json()).toBe("I'm alive!");
    expect((await fetch(`${health}/health/readiness`)).status).toBe(200);
    expect((await fetch(`${health}/health`)).status).toBe(401);
    expect((await fetch(`${health}/health`, { headers })).status).toBe(200);
    const body = JSON.stringify({ model: 'm', messages: [] });
    for (const path of ['/v1/chat/completions', '/v1/models']) {
      const init = path === '/v1/models' ? { headers } : { method: 'POST', headers, body };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect([path, (await fetch(health + path, init)).status]).toEqual([path, 404]);
    }
    expect((await fetch(`${url}/health/liveliness`)).status).toBe(200);
  },
);

it('SEPARATE_HEALTH_APP: a port in use ends the start', async (test) => {
  const stage = openCliStage();
  stages.push(stage);
  const taken = new URL(await stage.pod(config)).port;
  const folder = mkdtempSync(join(tmpdir(), 'allswell-health-port-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'proxy_config.yaml'), config);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['src/cli/main.ts', 'serve', '--config', join(folder, 'proxy_config.yaml'), '--port', '0', '--host', '127.0.0.1'],
    {
      env: { ...process.env, SEPARATE_HEALTH_APP: '1', SEPARATE_HEALTH_PORT: taken },
      encoding: 'utf8',
      timeout: 20_000,
    },
  );
  expect([status, stderr]).toEqual([3, expect.stringContaining('ALLSWELL_ERR_PORT_IN_USE')]);
});
