#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import { serveCommand } from './serve.ts';
import { packageVersion } from '../package-version.ts';

const USAGE_STATUS = 2;

const serve = serveCommand();
const program = new Command('allswell')
  .description('An OpenAI-compatible LLM gateway whose pods share what they know about upstream health')
  .version(packageVersion())
  .addCommand(serve, { isDefault: true })
  .addCommand(demoCommand())
  .addCommand(configCommand())
  .addHelpText('after', () => `\nallswell serve, also when no command is given:\n\n${serve.helpInformation()}`)
  .exitOverride();
for (const command of program.commands.flatMap((one) => [one, ...one.commands])) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : USAGE_STATUS;
}
