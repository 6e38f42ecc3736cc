import type { HealthBody } from '../api/index.ts';
import { loadConfig, readConfigFile } from '../config/index.ts';
import { askPod, healthForm, readAddress } from './ask/index.ts';
import type { CliProcess } from './cli-process.ts';
import { exitStatus } from './exit-status.ts';
import type { ServeFlags } from './serve/serve-flags.ts';

/** A pod without background checks probes before it answers. */
const TIMEOUT_S = 120;

/**
 * LiteLLM's `--health`: asks a running pod for `/health` and prints what it says. Unlike there, with the master key of
 * the environment or of the file; and it ends with 0 only if there are models and all of them are healthy.
 */
export async function runHealth(flags: ServeFlags, process: CliProcess): Promise<void> {
  const host = flags.host === '0.0.0.0' || flags.host === '::' ? '127.0.0.1' : flags.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${flags.port}`;
  const read = readAddress({ url, timeout: TIMEOUT_S }, process.env);
  if (read.kind === 'refused') {
    process.stderr.write(`${read.why}\n`);
    process.exitCode = exitStatus.usage;
    return;
  }
  const key = read.address.key ?? keyInFile(flags.config, process.env);
  process.stdout.write('\nLiteLLM: Health Testing models in config\n');
  const answer = await askPod<HealthBody>({ ...read.address, key }, '/health', { form: healthForm });
  if (answer.kind !== 'answered') {
    process.stderr.write(`${answer.why}\n`);
    process.exitCode = exitStatus.unreachable;
    return;
  }
  process.stdout.write(`${JSON.stringify(answer.body, null, 4)}\n`);
  const { healthy_count: healthy, unhealthy_count: unhealthy, unknown_count: unknown } = answer.body;
  process.exitCode = healthy > 0 && unhealthy + unknown === 0 ? exitStatus.ok : exitStatus.unhealthy;
}

function keyInFile(file: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (file === undefined) return undefined;
  const loaded = loadConfig({ file, profile: 'serve', env, readFile: readConfigFile });
  return loaded.kind === 'loaded' ? (loaded.config.masterKey ?? undefined) : undefined;
}
