import type { Command } from 'commander';

/** A word where a command is expected, and no command has that name. */
export interface UnknownCommand {
  readonly word: string;
  /** Names that it may have: those of the innermost command that was found. */
  readonly names: readonly string[];
  /** The words before it. */
  readonly after: string;
}

/**
 * Finds a word that is no command, before options are read: else it would count as an argument of the default command, and the
 * first option after it as unknown.
 *
 * @example
 * unknownCommand(new Command('allswell').addCommand(new Command('status')), ['statsu']) // { word: 'statsu', … }
 */
export function unknownCommand(program: Command, words: readonly string[]): UnknownCommand | undefined {
  let [command, after] = [program, program.name()];
  for (const word of words) {
    if (word.startsWith('-') || command.commands.length === 0) return undefined;
    const inner = command.commands.find((one) => one.name() === word);
    if (inner === undefined) {
      const names = [...command.commands.map((one) => one.name()), 'help'];
      return word === 'help' ? undefined : { word, names, after };
    }
    [command, after] = [inner, `${after} ${word}`];
  }
  return undefined;
}

/** One line that says so, with the nearest name. */
export async function unknownCommandLine({ word, names, after }: UnknownCommand): Promise<string> {
  // Loaded only now: no other command line needs it.
  const { nearest } = await import('../config/index.ts');
  const meant = nearest(word, names);
  const hint = meant === undefined ? `${after} --help lists all` : `Did you mean ${meant}?`;
  return `error: unknown command '${word}'. ${hint}\n`;
}
