import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../program.ts';
import { bashScript } from './bash.ts';
import { wordsOf } from './command-words.ts';
import { fishScript } from './fish.ts';
import { zshScript } from './zsh.ts';

// Every case runs the real shell; one that is not on this machine is skipped, and its name says so.

const commands = wordsOf(createProgram());
const everyCommand: readonly (readonly string[])[] = commands.map(({ path }) => ['allswell', ...path, '']);

let folder = '';
/** Where no file is offered by chance. */
let empty = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'allswell-completion-'));
  empty = join(folder, 'empty');
  mkdirSync(empty);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('knows every command, and the flags of serve without its name', () => {
  const paths = commands.map(({ path }) => path.join(' '));
  expect(paths).toEqual(
    expect.arrayContaining(['', 'serve', 'demo', 'check', 'status', 'config validate', 'completion']),
  );
  expect(commands[0]?.flags.map(({ long }) => long)).toEqual(
    expect.arrayContaining(['--version', '--config', '--port']),
  );
});

describe.skipIf(missing('bash'))(`in bash${absence('bash')}`, () => {
  it('offers all that a command knows, for each command', () => {
    expect(inBash(everyCommand)).toEqual(
      commands.map(({ commands: inner, choices, flags }) =>
        [...inner.map(({ word }) => word), ...choices, ...flags.map(({ long }) => long)].toSorted(),
      ),
    );
  });

  it('offers what begins like the word, values where values belong, and files where files do', () => {
    writeFileSync(join(folder, 'my config.yaml'), '');
    const answers = inBash([
      ['allswell', 'st'],
      ['allswell', 'status', '--w'],
      ['allswell', 'completion', 'z'],
      ['allswell', 'status', '--timeout', ''],
      ['allswell', 'check', '--config', join(folder, 'my')],
    ]);
    expect(answers).toEqual([['status'], ['--watch', '--why'], ['zsh'], [], [join(folder, 'my config.yaml')]]);
  });
});

describe.skipIf(missing('zsh'))(`in zsh${absence('zsh')}`, () => {
  it('hands all that a command knows to the completion of zsh, for each command', () => {
    const script = join(folder, '_allswell');
    writeFileSync(script, zshScript(commands));
    // In the place of zsh's own helpers, which answer to keys on a terminal only, two that print what they get.
    const helpers = 'compdef() { : }; _describe() { print -rl -- $commands }; _arguments() { print -rl -- "$@" }';
    const calls = commands.map(
      ({ path }) => `words=(allswell ${path.join(' ')} ''); CURRENT=$#words; _allswell; print -r -- '=='`,
    );
    const lines = [helpers, `source ${script}`, ...calls];
    const { stdout, stderr, status } = play('zsh', ['-f', '-c', lines.join('\n')]);
    expect([status, stderr]).toEqual([0, '']);
    const answers = stdout.split('==\n').slice(0, -1);
    for (const [at, { commands: inner, choices, flags }] of commands.entries()) {
      const offered = (answers[at] ?? '').split('\n');
      const words = offered.map((line) => /^\*?(.[^:[]*)[:[]/.exec(line)?.[1] ?? line);
      const known = [...inner.map(({ word }) => word), ...flags.map(({ long }) => long)];
      const values = choices.length === 0 ? [] : [`(${choices.join(' ')})`];
      expect(words.map((word) => word.replace('*:word:', ''))).toEqual(expect.arrayContaining(known));
      expect(
        (answers[at] ?? '')
          .split('*:word:')
          .slice(1)
          .map((rest) => rest.trimEnd()),
      ).toEqual(values);
    }
  });
});

describe.skipIf(missing('fish'))(`in fish${absence('fish')}`, () => {
  it('offers all that a command knows, for each command', () => {
    const script = join(folder, 'allswell.fish');
    writeFileSync(script, fishScript(commands));
    for (const { path, commands: inner, choices, flags } of commands) {
      const offered = (last: string): string[] => {
        const line = ['allswell', ...path, last].join(' ');
        const run = `source ${script}; complete -C '${line}'`;
        const { stdout } = play('fish', ['--no-config', '-c', run]);
        return stdout
          .trimEnd()
          .split('\n')
          .map((answer) => answer.split('\t', 1)[0] ?? '');
      };
      expect(offered('')).toEqual(expect.arrayContaining([...inner.map(({ word }) => word), ...choices]));
      expect(offered('--')).toEqual(expect.arrayContaining(flags.map(({ long }) => long)));
    }
  });
});

/** What bash offers for the last word of each line. */
function inBash(asked: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const script = join(folder, 'allswell.bash');
  writeFileSync(script, bashScript(commands));
  const quoted = (word: string): string => `'${word}'`;
  const calls = asked.map(
    (words) => `COMP_WORDS=(${words.map(quoted).join(' ')}); COMP_CWORD=${words.length - 1}; _allswell
printf '%s\\n' "\${COMPREPLY[@]}" | LC_ALL=C sort; echo ==`,
  );
  const { stdout, stderr, status } = play('bash', ['--norc', '-c', `source ${script}\n${calls.join('\n')}`]);
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .split('==\n')
    .slice(0, -1)
    .map((answer) => answer.split('\n').filter((line) => line !== ''));
}

/** Runs a shell where no file is offered by chance. */
function play(shell: string, args: readonly string[]): { stdout: string; stderr: string; status: number | null } {
  return spawnSync(shell, args, { encoding: 'utf8', cwd: empty });
}

function missing(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status !== 0;
}

function absence(shell: string): string {
  return missing(shell) ? ` (skipped: there is no ${shell} on this machine)` : '';
}
