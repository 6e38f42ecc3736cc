import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { yamlLimits } from '../yaml/index.ts';

/** A path that leads to something that is never read as a configuration. The message says what it is. */
export class NotReadableError extends Error {
  override readonly name = 'NotReadableError';
}

/**
 * Reads a text file of bounded size. Opens without waiting: a FIFO without a writer would block the process for ever,
 * and some devices never end.
 *
 * @throws {@link NotReadableError} for anything but a regular file, and above the limit; the system's error otherwise
 */
export function readConfigFile(path: string): string {
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new NotReadableError(`it is ${kindOf(stats)}, not a regular file`);
    return bounded(file);
  } finally {
    closeSync(file);
  }
}

/** Reads to the end instead of trusting the size: files of `/proc` have none, and others may grow. */
function bounded(file: number): string {
  const chunks: Buffer[] = [];
  let size = 0;
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const read = readSync(file, chunk);
    if (read === 0) return Buffer.concat(chunks).toString('utf8');
    size += read;
    if (size > yamlLimits.bytes) throw new NotReadableError(`it is larger than ${yamlLimits.bytes} bytes`);
    chunks.push(chunk.subarray(0, read));
  }
}

const CHUNK_BYTES = 256 * 1024;

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  return 'a device';
}
