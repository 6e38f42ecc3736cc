import { Command } from 'commander';
import { readAddress, urlOption, withKeyOptions } from './ask/index.ts';
import type { AddressFlags, PodAddress } from './ask/index.ts';
import { exitHelp, exitStatus } from './exit-status.ts';

interface AlertFlags extends AddressFlags {
  readonly json?: true;
}

interface TestFlags extends AlertFlags {
  readonly receiver?: string;
}

/** A test message has 5 s at each receiver, and PagerDuty gets two. */
const TEST_SECONDS = 15;

/** `allswell alerts`: receivers of alerts and open incidents; `alerts test` sends a test message. */
export function alertsCommand(): Command {
  const command = new Command('alerts')
    .description('Show receivers of alerts and open incidents, or send a test message')
    .allowExcessArguments(false)
    // `test` has some of these options, too.
    .enablePositionalOptions()
    .addOption(urlOption())
    .option('--json', "print the pod's answer as one JSON document (default: text)");
  return withKeyOptions(command, 5)
    .addHelpText('after', exitHelp({ ok: 'shown', usage: 'the command line is invalid' }, 'unreachable'))
    .addCommand(testCommand())
    .action(async ({ json, ...flags }: AlertFlags) => {
      const address = addressOf(flags);
      if (address === undefined) return;
      // Loaded only now: help and version need nothing of it.
      const { showAlerts } = await import('./alerts/run-alerts.ts');
      await showAlerts(address, json === true ? 'json' : 'lines', process);
    });
}

function testCommand(): Command {
  const command = new Command('test')
    .description('Send a test message to receivers of alerts, from the pod that answers')
    .allowExcessArguments(false)
    .option('--receiver <name>', 'only this receiver (default: all)')
    .addOption(urlOption())
    .option('--json', "print the pod's answer as one JSON document (default: one line per receiver)");
  return withKeyOptions(command, TEST_SECONDS)
    .addHelpText('after', exitHelp(testEnds, 'unreachable'))
    .action(async ({ receiver, json, ...flags }: TestFlags) => {
      const address = addressOf(flags);
      if (address === undefined) return;
      const { testAlerts } = await import('./alerts/run-alerts.ts');
      await testAlerts(address, { receiver, output: json === true ? 'json' : 'lines' }, process);
    });
}

const testEnds = {
  ok: 'each receiver took the message',
  unhealthy: 'a receiver did not take the message',
  usage: 'the command line is invalid, or there is no such receiver, or none at all',
};

function addressOf(flags: AddressFlags): PodAddress | undefined {
  const read = readAddress(flags, process.env);
  if (read.kind !== 'refused') return read.address;
  process.stderr.write(`${read.why}\n`);
  process.exitCode = exitStatus.usage;
  return undefined;
}
