// Runs an installed allswell as deploy/kubernetes/bridge.yaml does: another user than root without a home, no capability,
// nothing to write to. Then asks it as `kubectl exec` would: `allswell status`, without an option.
//
//   node .ci/confined-bridge.mjs <folder with node_modules/allswell>
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';

const folder = resolve(process.argv[2] ?? '.');
const main = join(folder, 'node_modules/allswell/dist/cli/main.js');
const file = join(folder, 'confined', 'proxy_config.yaml');
const NOBODY = '65532';

const { startRedisServer } = await import(join(folder, 'node_modules/allswell/dist/testing/exports.js'));
const redis = await startRedisServer();
const port = await freePort();
mkdirSync(join(folder, 'confined'), { recursive: true });
writeFileSync(
  file,
  `model_list: [{ model_name: a, litellm_params: { model: openai/a, api_base: http://127.0.0.1:9/v1, api_key: os.environ/KEY } }]
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY, background_health_checks: true, use_shared_health_check: true }
litellm_settings: { cache: true, cache_params: { type: redis, host: 127.0.0.1, port: ${redis.port} } }
`,
);
chmodSync(folder, 0o755);

// In the manifest these come from the Secret; ALLSWELL_URL only because a container has port 4000 to itself.
const env = {
  PATH: '/usr/bin:/bin',
  KEY: 'sk-upstream',
  LITELLM_MASTER_KEY: 'sk-0f3b9c71d25ae81c40b7',
  ALLSWELL_URL: `http://127.0.0.1:${port}`,
};
const [program, ...args] = confined(['bridge', '--config', file, '--port', String(port)]);
const bridge = spawn(program, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
let log = '';
for (const output of [bridge.stdout, bridge.stderr]) output.on('data', (chunk) => (log += chunk));
try {
  for (const probe of ['liveliness', 'readiness']) await answers(`http://127.0.0.1:${port}/health/${probe}`);
  const [asker, ...words] = confined(['status']);
  const { status, stdout, stderr } = spawnSync(asker, words, { env, cwd: '/', encoding: 'utf8' });
  console.log(stdout.split('\n')[0]);
  if (status !== 0 || !stdout.includes('shared'))
    throw new Error(`allswell status ended with ${status}: ${stdout}${stderr}`);
  if (/EROFS|EACCES|ENOENT/.test(log)) throw new Error('the bridge wanted to write');
} catch (error) {
  console.error(log);
  throw error;
} finally {
  bridge.kill();
  if (bridge.exitCode === null && bridge.signalCode === null) await once(bridge, 'exit');
  await redis.stop();
}

/** Only root can become another user, and make / read-only. */
function confined(words) {
  const command = [process.execPath, main, ...words];
  const user = [
    'setpriv',
    `--reuid=${NOBODY}`,
    `--regid=${NOBODY}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
  ];
  const readOnly = ['unshare', '-m', 'sh', '-c', 'mount -o remount,bind,ro / && exec "$@"', 'sh'];
  const can = (wrapper) =>
    spawnSync(wrapper[0], [...wrapper.slice(1), process.execPath, main, '--version']).status === 0;
  const wrapper = [[...readOnly, ...user], user].find(can) ?? [];
  console.log(`confined by: ${wrapper.slice(0, 2).join(' ') || 'nothing, this user cannot do it here'}`);
  return [...wrapper, ...command];
}

async function answers(url) {
  for (let tries = 0; ; tries += 1) {
    if (bridge.exitCode !== null) throw new Error(`the bridge ended with ${bridge.exitCode}`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return;
    if (tries === 200) throw new Error(`no 200 from ${url}`);
    await pass(100);
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: free } = server.address();
  server.close();
  return free;
}
