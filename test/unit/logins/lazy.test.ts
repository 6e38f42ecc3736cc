import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

// Which packages a process has loaded is seen by a hook, in a process of its own.

const CODE = `
import { registerHooks } from 'node:module';
const seen = new Set();
registerHooks({ resolve: (name, context, next) => (seen.add(name), next(name, context)) });
const loaded = () => ['aws4fetch', 'jose', 'undici', 'undici/lib/dispatcher/client.js', 'commander'].filter((name) => seen.has(name));
await import('./src/cli/program.ts');
await import('./src/server/index.ts');
const { awsSignature } = await import('./src/logins/aws-signature.ts');
const before = loaded();
const url = new URL('http://h/');
const clock = { wallMs: () => 0 };
await awsSignature({ method: 'GET', url }, { accessKeyId: 'a', secretAccessKey: 'b' }, { region: 'r', service: 's', clock });
console.log(JSON.stringify([before, loaded()]));
`;

it('a pod loads the signer with the first request that needs it, at its start no library of a cloud, and never all of undici', () => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', CODE], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([
    ['undici/lib/dispatcher/client.js', 'commander'],
    ['aws4fetch', 'undici/lib/dispatcher/client.js', 'commander'],
  ]);
});
