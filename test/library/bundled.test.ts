import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';
import { childEnv } from '../../src/testing/index.ts';

const PROGRAM = `
import { http, joinFleet } from 'allswell';
await using fleet = await joinFleet({ targets: { tools: [http({ url: 'http://127.0.0.1:1/mcp' })] } });
console.log(fleet.pick('tools').url, fleet.state('tools').state);
`;

it('works in a bundle, without the files of the package beside it', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-bundle-'));
  test.onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'program.js'), PROGRAM);
  const bundle = await rolldown({
    input: join(folder, 'program.js'),
    platform: 'node',
    logLevel: 'silent',
    resolve: { alias: { allswell: new URL('../../src/library/index.ts', import.meta.url).pathname } },
  });
  const { output } = await bundle.write({ dir: join(folder, 'out'), format: 'es', entryFileNames: '[name].mjs' });
  await bundle.close();
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'out', 'program.mjs')], {
    env: childEnv(),
    encoding: 'utf8',
  });
  expect([status, stdout, stderr]).toEqual([0, 'http://127.0.0.1:1/mcp unknown\n', '']);
  // What sends probes and speaks to Redis is loaded only where it is used.
  const first = output.find((one) => one.type === 'chunk' && one.isEntry);
  expect(first?.type === 'chunk' && first.moduleIds.some((id) => /ioredis|src\/(?:probe|upstream)\//.test(id))).toBe(
    false,
  );
});
