import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

function run(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/cli/main.ts', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  return { status, stdout, stderr };
}

describe('the command line', { timeout: 60_000 }, () => {
  it.each([
    [['statsu'], "error: unknown command 'statsu'. Did you mean status?\n"],
    [['drian', 'x', '--reason', 'y'], "error: unknown command 'drian'. Did you mean drain?\n"],
    [['probing', 'pasue', '--reason', 'y'], "error: unknown command 'pasue'. Did you mean pause?\n"],
    [['bridge', 'cooldown', 'off'], "error: unknown command 'cooldown'. Did you mean cooldowns?\n"],
    [['xyzzy'], "error: unknown command 'xyzzy'. allswell --help lists all\n"],
  ])('names the nearest command of %j on standard error, with status 2', (words, stderr) => {
    expect(run(...words)).toEqual({ status: 2, stdout: '', stderr });
  });

  it.each([[['--bogus']], [['status', 'x']], [['drain', 'x']], [['explain']]])(
    'writes the error of %j to standard error, with status 2',
    (words) => {
      expect(run(...words)).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(/^error: /) });
    },
  );

  it.each([[['--help']], [['help']], [['help', 'status']], [['probing', '--help']], [['probing', 'help', 'pause']]])(
    'writes the help that %j asks for to standard output',
    (words) => {
      expect(run(...words)).toEqual({ status: 0, stdout: expect.stringMatching(/^Usage: allswell/), stderr: '' });
    },
  );

  it.each(['probing', 'config'])('shows the usage of %s without a verb on standard output, with status 2', (word) => {
    const { status, stdout, stderr } = run(word);
    expect([status, stderr]).toEqual([2, '']);
    expect(stdout).toMatch(new RegExp(`^Usage: allswell ${word} \\[options\\] \\[command\\]`));
  });
});
