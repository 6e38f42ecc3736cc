import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Logger, PodState } from '../../ports/index.ts';
import { MAX_STATE_BYTES, parseState, formatState, writerIn } from './state-format.ts';
import type { StateOwner, StateText } from './state-format.ts';

/**
 * No count in a file matters for longer than a day. Older files, of hosts that are gone, are removed after this time.
 */
const KEPT_MS = 3 * 24 * 3_600_000;
const OURS = /^allswell-[0-9a-f]{16}\.json(\.[A-Za-z0-9_]+\.tmp)?$/;

/** Non-blocking, because a FIFO would block the process. */
const READING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
const HEAD_BYTES = 1_024;

export interface StateFileInput extends StateOwner {
  readonly dir: string;
  /** This process. */
  readonly pod: string;
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/**
 * One pod's state in a directory: one file per fleet, host and port, so that any number of pods can share the
 * directory. Two processes cannot listen on one port, so no two live ones write one file, unless they run in network
 * namespaces with the same host name. Then the older one stops writing, see {@link PodState.write}.
 */
export function openStateFile(input: StateFileInput): PodState {
  const { dir, fleet, host, pod, logger } = input;
  const name = createHash('sha256')
    .update(JSON.stringify([fleet, host]))
    .digest('hex')
    .slice(0, 16);
  const path = join(dir, `allswell-${name}.json`);
  /** Processes whose state this one may replace: the previous one and itself. */
  const ours = new Set([pod]);
  let failing = false;
  const failed = (why: string, fix: string): 'failed' => {
    if (!failing) {
      logger.warn(
        `Cannot write the state file ${path}: ${why}; after a restart without Redis, this pod makes only unbilled checks of targets with a budget. To fix: ${fix}`,
      );
    }
    failing = true;
    return 'failed';
  };
  void removeOld(input);

  return {
    read: () => {
      const found = readState(path, input);
      if (found === undefined) return null;
      if (found.pod !== undefined) ours.add(found.pod);
      if ('wrong' in found) {
        logger.warn(
          `Ignored the state file ${path}: ${found.wrong}; until Redis answers, targets with a budget get only unbilled checks; the next write replaces the file. To fix: nothing, unless it repeats`,
        );
        return null;
      }
      return found.state;
    },
    write: async (state) => {
      const writer = await writerOf(path);
      if (writer !== undefined && !ours.has(writer)) {
        logger.warn(
          `Another process, ${writer}, writes the state file ${path}; this pod no longer writes it. To fix: give each pod its own state directory or host name`,
        );
        return 'taken';
      }
      const text = formatState(input, { pod, state });
      if (Buffer.byteLength(text) > MAX_STATE_BYTES) {
        return failed(`it would be larger than ${MAX_STATE_BYTES} bytes`, 'set budgets for fewer targets');
      }
      const code = await replaceFile(path, `${path}.${pod}.tmp`, text);
      if (code !== undefined) return failed(code, fixOf(code));
      failing = false;
      return 'kept';
    },
  };
}

/** What to do about an error of the file system, by its code. */
export function fixOf(code: string): string {
  switch (code) {
    case 'ENOENT':
      return 'create the directory';
    case 'ENOTDIR':
      return 'set fleet_health.state_dir to a directory';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'free disk space';
    default:
      return 'make the directory writable';
  }
}

interface Unusable {
  readonly wrong: string;
  /** The process that wrote the file, if known. */
  readonly pod?: string | undefined;
}

/** Undefined without a file. */
function readState(path: string, owner: StateOwner): StateText | Unusable | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, READING);
    const stats = fstatSync(file);
    if (!stats.isFile()) return { wrong: 'it is not a regular file' };
    if (stats.size > MAX_STATE_BYTES) return { wrong: `it is larger than ${MAX_STATE_BYTES} bytes` };
    const text = readFileSync(file, 'utf8');
    return { pod: writerIn(text), ...parseState(text, owner) };
  } catch (error) {
    const code = codeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : { wrong: `it cannot be read (${code})` };
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** The last writer of a file, read from its first bytes because the whole file may be large. */
async function writerOf(path: string): Promise<string | undefined> {
  const file = await open(path, READING).catch(() => undefined);
  try {
    if (file === undefined || !(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return writerIn(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return undefined;
  } finally {
    await file?.close();
  }
}

/**
 * Writes a temporary file and renames it, so that a reader finds the old text or the new one. Returns the error, if
 * any.
 */
async function replaceFile(path: string, temporary: string, text: string): Promise<string | undefined> {
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return undefined;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    return codeOf(error);
  }
}

/** Removes files of pods that are gone, and temporary files of killed processes. */
async function removeOld({ dir, clock }: StateFileInput): Promise<void> {
  const names = (await readdir(dir).catch(() => [])).filter((name) => OURS.test(name));
  for (const name of names) {
    const path = join(dir, name);
    // oxlint-disable-next-line no-await-in-loop -- in no hurry, and one file at a time
    const found = await stat(path).catch(() => undefined);
    // oxlint-disable-next-line no-await-in-loop -- as above
    if (found?.isFile() === true && clock.wallMs() - found.mtimeMs > KEPT_MS) await unlink(path).catch(() => undefined);
  }
}

function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : String(error);
}
