import { Argument, Command } from 'commander';
import { bashScript } from './completion/bash.ts';
import { wordsOf } from './completion/command-words.ts';
import type { CommandWords } from './completion/command-words.ts';
import { fishScript } from './completion/fish.ts';
import { zshScript } from './completion/zsh.ts';

const scripts: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `allswell completion`: what a shell offers is made of the commands themselves, so it never lags behind them. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('Print a shell completion script for commands and flags')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(Object.keys(scripts)))
    .allowExcessArguments(false)
    .addHelpText('after', howTo)
    .action((shell: string, _flags: unknown, command: Command) => {
      const { parent } = command;
      if (parent !== null) process.stdout.write(scripts[shell]?.(wordsOf(parent)) ?? '');
    });
}

const howTo = `
To install:
  bash  allswell completion bash > ~/.local/share/bash-completion/completions/allswell
  zsh   allswell completion zsh > "\${fpath[1]}/_allswell"
  fish  allswell completion fish > ~/.config/fish/completions/allswell.fish
`;
