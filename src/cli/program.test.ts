import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { exitStatus, exitStatuses } from './exit-status.ts';
import { createProgram } from './program.ts';

const commands = all(createProgram());
const options = commands.flatMap(({ name, command }) =>
  command.options.map((option) => ({ name: `${name} ${option.long ?? ''}`, option })),
);

describe('the help of every command', () => {
  it.each(commands)('$name says in one line what it does', ({ command }) => {
    expect(command.description()).toMatch(/^[A-Z][^\n]{10,}[^.]$/);
  });

  it.each(options)('$name says what it is when it is not given', ({ name, option }) => {
    const { defaultValue, envVar, mandatory } = option;
    const said =
      defaultValue !== undefined || envVar !== undefined || mandatory || /\(default: /.test(option.description);
    // `--version` does one thing and ends; `--no-…` is named for its default.
    expect(said || option.long === '--version' || option.negate, name).toBe(true);
  });

  it.each(options.filter(({ option }) => /<seconds>|\[seconds\]/.test(option.flags)))('$name names its unit', (one) => {
    expect(one.option.description).toMatch(/second| s\b|long/);
  });

  it.each(options)('$name does not ask for a key on the command line, where everybody reads it', ({ option }) => {
    expect(option.flags).not.toMatch(/--(api[-_]?|master[-_]?)?key\b(?!-file)|--(token|password|secret)\b/);
  });
});

it('every exit status is in the one table', () => {
  const listed = exitStatuses.flatMap(({ status }) => status.split(', ').map(Number));
  expect(listed).toEqual(expect.arrayContaining(Object.values(exitStatus)));
  expect(new Set(listed).size).toBe(listed.length);
});

function all(command: Command, path: readonly string[] = []): { readonly name: string; readonly command: Command }[] {
  const here = [...path, command.name()];
  return [{ name: here.join(' '), command }, ...command.commands.flatMap((inner) => all(inner, here))];
}
