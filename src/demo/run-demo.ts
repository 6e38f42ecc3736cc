import type { DemoOptions, DemoProcess } from './options.ts';
import { play } from './play.ts';
import { parseScript } from './script/parse-script.ts';
import type { ScriptStep } from './script/parse-script.ts';
import { jsonView } from './show/json-view.ts';
import { plainView } from './show/plain-view.ts';
import { screenView } from './show/screen-view.ts';
import type { View } from './show/view.ts';
import { demoModels } from './stage/demo-config.ts';
import { startStage } from './stage/start-stage.ts';
import type { Stage } from './stage/start-stage.ts';

/** Scripts that `--script` knows by name. */
export const namedScripts: Readonly<Record<string, string>> = {
  /** One fault after another, with time to see each: under two minutes. */
  drama: [
    't=10 kill-prober',
    't=22 fail gpt-4o',
    't=34 bring-back gpt-4o',
    't=42 cut-network',
    't=54 bring-back network',
    't=70 stop-redis',
    't=86 bring-back redis',
    't=92 hang-redis',
    't=106 bring-back redis',
  ].join('; '),
};

const USAGE_STATUS = 2;

/**
 * Runs a whole fleet on this machine and shows it until it is interrupted or the time has passed. Sets the exit status.
 */
export async function runDemo(options: DemoOptions, process: DemoProcess): Promise<void> {
  const end = new AbortController();
  const release = endOnSignals(end, process);
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  let stage: Stage | undefined;
  try {
    const script = readScript(options);
    if (script.kind === 'refused') {
      say(script.why);
      process.exitCode = USAGE_STATUS;
      return;
    }
    stage = await startStage({ pods: options.pods, download: options.download, progress: say, signal: end.signal });
    const { steps } = script;
    await play({ stage, steps, seconds: options.seconds, view: viewFor(options, process), end, process });
  } catch (error) {
    if (end.signal.aborted) return;
    say(`The demo ended: ${error instanceof Error ? error.message : 'no reason given'}`);
    process.exitCode = 1;
  } finally {
    await stage?.stop();
    release();
  }
}

/** The first signal ends the demo in good order, a second one exits at once. In both cases no process stays behind. */
function endOnSignals(end: AbortController, process: DemoProcess): () => void {
  const onSignal = (): void => {
    if (end.signal.aborted) process.exit(130);
    end.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  // The reader of the lines, such as `head`, has closed the pipe. The listener stays until the last write.
  process.stdout.on('error', () => end.abort());
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}

type Script =
  | { readonly kind: 'steps'; readonly steps: readonly ScriptStep[] }
  | { readonly kind: 'refused'; readonly why: string };

function readScript({ script, pods }: DemoOptions): Script {
  if (script === undefined) return { kind: 'steps', steps: [] };
  const text = namedScripts[script] ?? script;
  const parsed = parseScript(text, { models: demoModels(), pods });
  if (parsed.kind === 'parsed') return { kind: 'steps', steps: parsed.steps };
  const { column, message } = parsed.problem;
  const names = Object.keys(namedScripts).join(', ');
  const pointer = `${' '.repeat(column - 1)}^`;
  return {
    kind: 'refused',
    why: `--script, column ${column}: ${message}\n  ${text}\n  ${pointer}\nScripts with a name: ${names}`,
  };
}

function viewFor({ output }: DemoOptions, { stdin, stdout }: DemoProcess): View {
  if (output === 'json') return jsonView(stdout);
  if (!stdout.isTTY || globalThis.process.env['TERM'] === 'dumb') return plainView(stdout);
  return screenView({ output: stdout, keys: stdin.isTTY ? 'shown' : 'hidden' });
}
