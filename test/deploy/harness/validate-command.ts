import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../../../src/testing/index.ts';

/** What `allswell config validate` prints of a file, after an exit status of 0. */
export async function validated(text: string, env: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-config-'));
  try {
    const file = join(folder, 'proxy_config.yaml');
    writeFileSync(file, text);
    const args = ['src/cli/main.ts', 'config', 'validate', file];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: { ...childEnv(), ...env } });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
