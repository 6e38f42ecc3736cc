import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleDeclarations } from '../../scripts/bundle-declarations.ts';

const CONSUMER = `
import { http, joinFleet, openai, triedOf } from 'allswell';
import type { FleetMember, GroupState, Level, PickedDeployment } from 'allswell';
import { fleetProvider } from 'allswell/ai';
import { connect } from 'allswell/client';
import { fakeFleet, scriptedFetch, startMockUpstream, startRedisServer } from 'allswell/testing';

const fleet: FleetMember<'chat'> = await joinFleet({ targets: { chat: [openai({ model: 'gpt-4o' }), http({ url: 'http://h/mcp' })] } });
const picked: PickedDeployment | undefined = fleet.pick('chat');
const state: GroupState = fleet.state('chat');
export const level: Level = 'models';
export const used = [picked, state, triedOf, fleetProvider, connect, fakeFleet, scriptedFetch, startMockUpstream, startRedisServer];
`;

const WRONG = `
import { joinFleet } from 'allswell';
const fleet = await joinFleet({ targets: { chat: [] } });
fleet.pick('embeddings');
`;

describe('the types of the package', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'allswell-package-types-'));
    const installed = join(folder, 'node_modules/allswell');
    mkdirSync(installed, { recursive: true });
    cpSync('package.json', join(installed, 'package.json'));
    await bundleDeclarations(join(installed, 'dist'));
    for (const name of ['@types', 'undici-types']) {
      symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name));
    }
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    writeFileSync(join(folder, 'wrong.ts'), WRONG);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // All declarations are checked, too: an application may not skip those of its libraries.
  const compiled = (file: string, moduleResolution: string): [number | null, string] => {
    const module = moduleResolution === 'bundler' ? 'esnext' : 'nodenext';
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2024',
      '--lib',
      'es2024,esnext.disposable',
      '--types',
      'node',
      '--skipLibCheck',
      'false',
    ];
    const args = [...options, '--module', module, '--moduleResolution', moduleResolution, file];
    const { status, stdout } = spawnSync(resolve('node_modules/.bin/tsc'), args, { cwd: folder, encoding: 'utf8' });
    return [status, stdout];
  };

  it.for(['nodenext', 'bundler'])('are found and are whole with moduleResolution %s', (moduleResolution) => {
    expect(compiled('consumer.ts', moduleResolution)).toEqual([0, '']);
    const [status, problems] = compiled('wrong.ts', moduleResolution);
    expect(status).not.toBe(0);
    expect(problems).toMatch(/wrong\.ts\(4,12\): error TS2345/);
  });
});
