import { Command } from 'commander';
import { alertsCommand } from './alerts.ts';
import { bridgeCommand } from './bridge.ts';
import { checkCommand } from './check.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { demoCommand } from './demo.ts';
import { diagnoseCommand } from './diagnose.ts';
import { endingAtOnce } from './end-on-signals.ts';
import { explainCommand } from './explain.ts';
import { historyCommand } from './history.ts';
import { drainCommand, holdUpCommand, probingCommand, undrainCommand } from './hold.ts';
import { serveCommand } from './serve/serve.ts';
import { sloCommand } from './slo.ts';
import { statusCommand } from './status.ts';
import { packageVersion } from '../package-files.ts';

/** The whole command line. Errors of usage are thrown, whatever command they are about. */
export function createProgram(): Command {
  const serve = serveCommand();
  const program = new Command('allswell')
    .description('LLM gateway whose pods share health: one probe per upstream and fleet')
    .version(packageVersion())
    .addCommand(serve, { isDefault: true })
    .addCommand(demoCommand())
    .addCommand(bridgeCommand())
    .addCommand(endingAtOnce(checkCommand()))
    .addCommand(statusCommand())
    .addCommand(endingAtOnce(explainCommand()))
    .addCommand(endingAtOnce(historyCommand()))
    .addCommand(endingAtOnce(sloCommand()))
    .addCommand(endingAtOnce(alertsCommand()))
    .addCommand(endingAtOnce(diagnoseCommand()))
    .addCommand(endingAtOnce(drainCommand()))
    .addCommand(endingAtOnce(undrainCommand()))
    .addCommand(endingAtOnce(holdUpCommand()))
    .addCommand(showingUsage(endingAtOnce(probingCommand())))
    .addCommand(showingUsage(configCommand()))
    .addCommand(completionCommand())
    .addHelpText('after', () => `\nallswell serve (the default command):\n\n${serve.helpInformation()}`);
  return throwing(program);
}

/** A command of which only a part was given, such as `allswell probing`, shows its usage as if it had been asked for. */
function showingUsage(command: Command): Command {
  return command.configureOutput({
    writeErr: (text) => void (text.startsWith('Usage: ') ? process.stdout : process.stderr).write(text),
  });
}

function throwing(command: Command): Command {
  for (const inner of command.commands) throwing(inner);
  return command.exitOverride();
}
