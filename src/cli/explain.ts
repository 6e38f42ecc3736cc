import { Command } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';
import { paintFor } from '../terminal/index.ts';

/** `allswell explain`: why a target is judged as it is. */
export function explainCommand(): Command {
  const command = new Command('explain')
    .description('Explain the verdict on a target: evidence, what would change it, and the next probe')
    .argument('<target>', 'target id, model_id, name, or name@host; a name explains all targets that have it')
    .allowExcessArguments(false)
    .addOption(urlOption())
    .option('--json', 'print one JSON document per target (default: text)');
  return withKeyOptions(command, 5)
    .addHelpText(
      'after',
      exitHelp({ ok: 'explained', usage: 'the command line is invalid, or no target has that name' }, 'unreachable'),
    )
    .action(explain);
}

async function explain(word: string, { json, ...flags }: AddressFlags & { readonly json?: true }): Promise<void> {
  const end = (status: number, why: string): void => {
    process.stderr.write(`${why}\n`);
    process.exitCode = status;
  };
  const read = readAddress(flags, process.env);
  if (read.kind === 'refused') return end(exitStatus.usage, read.why);
  // Loaded only now: help and version need nothing of it.
  const { readExplanations } = await import('./explain/read-explanations.ts');
  const { explainLines } = await import('./explain/explain-lines.ts');
  const found = await readExplanations(read.address, word);
  if (found.kind === 'none') return end(exitStatus.usage, found.why);
  if (found.kind === 'unreachable') return end(exitStatus.unreachable, found.why);
  const paint = paintFor(process.stdout);
  const texts = found.pages.map((page) =>
    json === true ? JSON.stringify(page) : explainLines(page, paint).join('\n'),
  );
  process.stdout.write(`${texts.join(json === true ? '\n' : '\n\n')}\n`);
}
