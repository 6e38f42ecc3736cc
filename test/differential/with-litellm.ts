import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Deployment } from './deployment.ts';

/** What LiteLLM said of its own probes. */
export interface LitellmRun {
  readonly version: string;
  /** By the id of the deployment; null where the probe passed. */
  readonly errors: ReadonlyMap<string, string | null>;
}

/** Has LiteLLM probe the deployments, one after the other. `python` is one that LiteLLM is installed for. */
export async function probeWithLitellm(
  python: string,
  recorderUrl: string,
  deployments: readonly Deployment[],
): Promise<LitellmRun> {
  const script = fileURLToPath(new URL('probe_with_litellm.py', import.meta.url));
  // Nothing of this machine's own keys, and no way out: all requests go to the recorder.
  const env = {
    PATH: process.env['PATH'],
    HOME: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
    HTTPS_PROXY: 'http://127.0.0.1:9',
  };
  const child = spawn(python, [script, recorderUrl], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (out += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => void (err = (err + chunk).slice(-4_000)));
  child.stdin.end(JSON.stringify(deployments));
  const status = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const lines = out.split('\n').filter((line) => line.startsWith('{'));
  const [first, ...rest] = lines.map(
    (line) => JSON.parse(line) as { version: string; id: string; error: string | null },
  );
  if (status !== 0 || first === undefined) throw new Error(`LiteLLM's probes ended with status ${status}: ${err}`);
  return { version: first.version, errors: new Map(rest.map(({ id, error }) => [id, error])) };
}
