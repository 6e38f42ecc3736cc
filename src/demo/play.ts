import { isDashboardBuilt } from '../admin/index.ts';
import { setTimeout as pass } from 'node:timers/promises';
import type { DemoEvent } from './demo-event.ts';
import { Director } from './director/director.ts';
import { Faults } from './director/faults.ts';
import { orderForKey } from './keys.ts';
import { ModeNews } from './observe/mode-news.ts';
import { newsBetween } from './observe/news.ts';
import { Observer } from './observe/observer.ts';
import { RecoveryChecks } from './observe/recovery-checks.ts';
import type { Snapshot } from './observe/snapshot.ts';
import type { DemoProcess } from './options.ts';
import type { ScriptStep } from './script/parse-script.ts';
import type { View } from './show/view.ts';
import type { Stage } from './stage/start-stage.ts';
import { Load } from './traffic/load.ts';

export interface PlayInput {
  readonly stage: Stage;
  readonly steps: readonly ScriptStep[];
  readonly seconds: number | undefined;
  readonly view: View;
  readonly end: AbortController;
  readonly process: DemoProcess;
}

const LOOK_EVERY_MS = 250;

/** The demo's loop: takes a snapshot, shows it and carries out orders, four times a second, until the end. */
export async function play({ stage, steps, seconds, view, end, process }: PlayInput): Promise<void> {
  const events: DemoEvent[] = [];
  const tell = (kind: DemoEvent['kind'], text: string): void => void events.push({ atMs: Date.now(), kind, text });
  const faults = new Faults();
  const director = new Director({ stage, faults, tell: (text) => tell('order', text) });
  const load = new Load({ pods: stage.pods, masterKey: stage.masterKey, isCut: (pod) => faults.isCut(pod) });
  const observer = new Observer(stage, faults, load);
  const recoveryChecks = new RecoveryChecks();
  const modes = new ModeNews();
  const todo = [...steps];
  const [first] = stage.pods;
  if (isDashboardBuilt() && first?.url !== undefined) {
    tell('news', `dashboard: ${first.url}/ui/ with the key ${stage.masterKey}`);
  }
  let shot = await observer.look();
  const release = listenForKeys(process, end, (key, presses) => {
    const answer = orderForKey(key, shot, presses);
    if (answer?.kind === 'quit') end.abort();
    else if (answer !== undefined) void director.do(answer, shot);
  });
  try {
    while (!end.signal.aborted) {
      view.show(shot, events.splice(0));
      // The price of a probe is read from its record, which a request would replace.
      if (shot.targets.every(({ state }) => state !== 'unknown')) load.start();
      if (seconds !== undefined && shot.elapsedMs >= seconds * 1000) break;
      while (todo[0] !== undefined && shot.elapsedMs >= todo[0].atSeconds * 1000) {
        void director.do(todo[0].order, shot);
        todo.shift();
      }
      director.restartDue(shot.atMs);
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      await pass(LOOK_EVERY_MS, undefined, { signal: end.signal }).catch(() => undefined);
      if (end.signal.aborted) break;
      const before: Snapshot = shot;
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      shot = await observer.look();
      const news = [...newsBetween(before, shot), ...modes.next(shot), ...recoveryChecks.next(before, shot)];
      for (const text of news) tell('news', text);
    }
  } finally {
    load.stop();
    release();
    view.close(shot);
  }
}

/** Reads single keys on a terminal. In this mode Ctrl-C is a key as well. */
function listenForKeys(
  { stdin, stdout }: DemoProcess,
  end: AbortController,
  pressed: (key: string, presses: number) => void,
): () => void {
  if (!stdin.isTTY || !stdout.isTTY) return () => undefined;
  const presses = new Map<string, number>();
  const onData = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      const before = presses.get(key) ?? 0;
      presses.set(key, before + 1);
      pressed(key, before);
    }
  };
  const restore = (): void => void stdin.setRawMode(false);
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  end.signal.addEventListener('abort', restore, { once: true });
  globalThis.process.on('exit', restore);
  return () => {
    restore();
    stdin.off('data', onData);
    stdin.pause();
    globalThis.process.off('exit', restore);
  };
}
