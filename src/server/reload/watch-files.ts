import { statSync } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Short interval, because a check is cheap. */
const CHECK_MS = 1_000;

export interface FileWatch {
  /**
   * Watches these files instead of the previous ones. A change after `readAtMs` is reported even if it precedes this
   * call.
   */
  set(files: readonly string[], readAtMs: number): void;
  stop(): void;
}

/**
 * Calls back once after files changed. It polls by name: a ConfigMap is replaced by a changed link two folders above
 * the file, and network file systems have no events.
 */
export function watchFiles(changed: () => void, { everyMs = CHECK_MS }: { everyMs?: number } = {}): FileWatch {
  let seen = new Map<string, string>();
  let unreported = false;
  let checking = false;
  const check = async (): Promise<void> => {
    if (checking) return;
    checking = true;
    const watched = seen;
    const marks = await Promise.all(Array.from(watched.keys(), async (file) => [file, await markOf(file)] as const));
    checking = false;
    // Other files are watched since.
    if (watched !== seen) return;
    const news = marks.filter(([file, mark]) => watched.get(file) !== mark);
    for (const [file, mark] of news) watched.set(file, mark);
    // A file that is being written is complete once two checks in a row find it unchanged.
    if (news.length > 0) unreported = true;
    else if (unreported) {
      unreported = false;
      changed();
    }
  };
  const timer = setInterval(() => void check(), everyMs).unref();
  return {
    set: (files, readAtMs) => {
      seen = new Map(files.map((file) => [file, seen.get(file) ?? markNow(file, readAtMs)]));
    },
    stop: () => {
      clearInterval(timer);
      seen = new Map();
    },
  };
}

interface Marked {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

async function markOf(file: string): Promise<string> {
  return shown(await stat(file).catch(() => undefined));
}

function markNow(file: string, readAtMs: number): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.ctimeMs > readAtMs ? 'changed since it was read' : shown(found);
}

function shown(found: Marked | undefined): string {
  return found === undefined ? 'not there' : [found.ino, found.size, found.mtimeMs, found.ctimeMs].join();
}
