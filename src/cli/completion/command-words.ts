import type { Command, Option } from 'commander';

/** What may be typed after one command. */
export interface CommandWords {
  /** The words that lead to it: `[]`, `['config']`, `['config', 'validate']`. */
  readonly path: readonly string[];
  readonly commands: readonly Word[];
  readonly flags: readonly Flag[];
  /** Choices of its first argument; empty where any word would do. */
  readonly choices: readonly string[];
  /** Whether files are likely. */
  readonly takes: 'files' | 'words';
}

export interface Word {
  readonly word: string;
  readonly about: string;
}

export interface Flag {
  readonly long: string;
  readonly short: string | undefined;
  readonly about: string;
  readonly value: 'none' | 'file' | 'text';
}

/** The commands of a tree, each with what may follow it. The default command's flags belong to the root, too. */
export function wordsOf(root: Command): readonly CommandWords[] {
  const own = collect(root, []);
  const [first, ...others] = own;
  const byDefault = own.find(({ path }) => path.length === 1 && path[0] === 'serve');
  if (first === undefined || byDefault === undefined) return own;
  const known = new Set(first.flags.map(({ long }) => long));
  return [{ ...first, flags: [...first.flags, ...byDefault.flags.filter(({ long }) => !known.has(long))] }, ...others];
}

function collect(command: Command, path: readonly string[]): CommandWords[] {
  const help = command.createHelp();
  const [argument] = command.registeredArguments;
  const visible = help.visibleCommands(command);
  const words: CommandWords = {
    path,
    commands: visible.map((inner) => ({ word: inner.name(), about: firstLine(inner.description()) })),
    flags: help.visibleOptions(command).flatMap(flagOf),
    choices: argument?.argChoices ?? [],
    takes: argument?.name() === 'file' ? 'files' : 'words',
  };
  return [words, ...command.commands.flatMap((inner) => collect(inner, [...path, inner.name()]))];
}

function flagOf({ long, short, description, flags, required, optional }: Option): Flag[] {
  if (long === undefined) return [];
  const value = !required && !optional ? 'none' : /<file>/.test(flags) ? 'file' : 'text';
  return [{ long, short, about: firstLine(description), value }];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
