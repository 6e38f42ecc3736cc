import { describe, expect, it } from 'vitest';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { pages } from './markdown.ts';
import type { Page } from './markdown.ts';

// Every command line that a page shows is parsed by the real command line, with nothing behind its commands.

interface Shown {
  readonly path: string;
  readonly line: string;
  /** A `span` in a sentence may leave out what has to be given. */
  readonly as: 'block' | 'span';
}

// What the commands print of themselves is compared elsewhere.
const shown = pages()
  .filter(({ path }) => path !== 'docs/reference/cli.md')
  .flatMap((page) => [...inBlocks(page), ...inSpans(page)]);

describe('a command line in the documentation', () => {
  it('is found in blocks and in sentences', () => {
    expect(shown.filter(({ as }) => as === 'block').length).toBeGreaterThan(10);
    expect(shown.filter(({ as }) => as === 'span').length).toBeGreaterThan(10);
  });

  it.each(shown)('is one that allswell takes, in $path: $line', async ({ line, as }) => {
    expect(await refusal(wordsOf(line), as)).toBeUndefined();
  });

  it.each([
    ['serve --confg x.yaml', "error: unknown option '--confg'"],
    ['statsu', 'error: '],
    ['check --timeout soon', 'error: '],
    ['explain', "error: missing required argument 'target'"],
    ['config validat x', "error: unknown command 'validat'"],
  ])('would be found out: %s', async (line, message) => {
    expect(await refusal(wordsOf(`allswell ${line}`), 'block')).toContain(message);
  });
});

function inBlocks({ path, blocks }: Page): Shown[] {
  const lines = blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ text }) => text.replaceAll('\\\n', ' ').split('\n'));
  const command = /^\s*(?:\w+=\S* )*(?:npx )?(?:allswell|node dist\/cli\/main\.js)(?= |$)/;
  return lines.filter((line) => command.test(line)).map((line) => ({ path, line: line.trim(), as: 'block' }));
}

function inSpans({ path, text }: Page): Shown[] {
  const outside = text.replaceAll(/^```.*?^```$/gms, '');
  // A name after it, and not a template of an error or of a log line.
  const spans = outside.matchAll(/`((?:npx )?allswell (?!<)[^`]*)`/g);
  return [...spans]
    .map(([, line = '']): Shown => ({ path, line, as: 'span' }))
    .filter(({ line }) => !/^allswell …|listens on/.test(line));
}

/** As a shell splits it; ends where another command begins. */
function wordsOf(line: string): readonly string[] {
  const [command = ''] = line.split(/ (?:\||#|>|&|2>)/);
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|\S+/g)].map(
    ([word, double, single]) => double ?? single ?? word,
  );
  const at = words.findIndex((word) => word === 'allswell' || word === 'dist/cli/main.js');
  // Variables and places for a reader's own word stand for any value.
  return words.slice(at + 1).map((word) => word.replace(/\$\w+|…/g, '1'));
}

async function refusal(words: readonly string[], as: Shown['as']): Promise<string | undefined> {
  const program = silenced(createProgram());
  try {
    await program.parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (answers.includes(code ?? '')) return undefined;
    const left = code === 'commander.missingArgument' || code === 'commander.missingMandatoryOptionValue';
    return as === 'span' && left ? undefined : message;
  }
}

/** Help and version are answers; `allswell probing` alone shows its help. */
const answers = ['commander.helpDisplayed', 'commander.help', 'commander.version'];

function silenced(command: Command): Command {
  for (const inner of command.commands) silenced(inner);
  command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
  // Of the commands with commands of their own, only this one does something by itself.
  const isGroup = command.commands.length > 0 && command.name() !== 'bridge';
  return isGroup ? command : command.action(() => {});
}
