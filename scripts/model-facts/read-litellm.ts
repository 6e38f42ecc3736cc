import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { FoundFacts } from './facts-module.ts';

/** Asks an installed LiteLLM for its facts. `python` is one that LiteLLM is installed for. Takes most of a minute. */
export function readLitellm(python: string): FoundFacts {
  const script = fileURLToPath(new URL('read_litellm.py', import.meta.url));
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  const run = spawnSync(python, [script], { encoding: 'utf8', env, maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`${script} ended with status ${run.status}: ${run.stderr.slice(-2_000)}`);
  return JSON.parse(run.stdout) as FoundFacts;
}
