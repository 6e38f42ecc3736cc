import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../../../src/cli/program.ts';

const unit = readFileSync('deploy/systemd/allswell.service', 'utf8');
const missing = spawnSync('systemd-analyze', ['--version']).error !== undefined;

describe('allswell.service', () => {
  it('has a command line that allswell takes', () => {
    const [, name = '', rest = ''] = /^ExecStart=\/usr\/local\/bin\/allswell (\w+) (.*)$/m.exec(unit) ?? [];
    const command = createProgram().commands.find((one) => one.name() === name);
    expect(command?.parseOptions(rest.split(' '))).toEqual({ operands: [], unknown: [] });
  });

  it('does not start again with a configuration that was refused, and waits for the end of requests', () => {
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(unit) ?? [];
    // Twice the default of GRACEFUL_SHUTDOWN_TIMEOUT: probes, then requests.
    expect(Number(seconds)).toBeGreaterThan(20);
  });
});

describe.skipIf(missing)(missing ? 'systemd-analyze is not there' : 'checked by systemd-analyze', () => {
  let folder = '';
  let path = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'allswell-unit-'));
    path = join(folder, 'allswell.service');
    // The check wants a program at the path; allswell is not installed here.
    writeFileSync(path, unit.replace('/usr/local/bin/allswell', '/bin/true'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has no word that systemd does not know', async () => {
    expect(await analyzed('verify', '--man=no', path)).toBe('');
  });

  it('would be told of one', async () => {
    const wrong = join(folder, 'wrong.service');
    writeFileSync(wrong, unit.replace('ProtectHome=yes', 'ProtectHouse=yes'));
    expect(await analyzed('verify', '--man=no', wrong)).toContain('ProtectHouse');
  });

  it('is exposed by 1.5 of 10 at most', async () => {
    const printed = await analyzed('security', '--offline=true', '--no-pager', path);
    const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(printed) ?? [];
    expect(Number(exposure)).toBeLessThanOrEqual(1.5);
  });
});

async function analyzed(...args: readonly string[]): Promise<string> {
  const answer = await promisify(execFile)('systemd-analyze', args).catch(
    (error: unknown) => error as { stdout: string; stderr: string },
  );
  return answer.stdout + answer.stderr;
}
