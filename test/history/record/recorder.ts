import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Entry, History } from '../entry.ts';

/** Writes a history as it happens: a line of JSON for each entry, so that nothing is lost with the process. */
export interface Recorder {
  add(entry: Entry): void;
  readonly history: History;
  readonly file: string;
  /** Writes a text next to the history, such as the pods' output; returns its path. */
  attach(name: string, text: string): string;
  /** Keeps the folder, or removes it. */
  close(fate: 'keep' | 'remove'): void;
}

export function openRecorder(): Recorder {
  const folder = mkdtempSync(join(tmpdir(), 'allswell-history-'));
  const path = join(folder, 'history.jsonl');
  const file = openSync(path, 'w');
  const history: Entry[] = [];
  return {
    add: (entry) => {
      history.push(entry);
      writeSync(file, `${JSON.stringify(entry)}\n`);
    },
    history,
    file: path,
    attach: (name, text) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    },
    close: (fate) => {
      closeSync(file);
      if (fate === 'remove') rmSync(folder, { recursive: true });
    },
  };
}
