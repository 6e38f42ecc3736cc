import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One built file, whole in memory. */
export interface DashboardFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Compressed by the build. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** Built files by their names below the folder, such as `assets/index-1a2b.js`. Undefined if there are none. */
export type DashboardFiles = () => ReadonlyMap<string, DashboardFile> | undefined;

const PAGE = 'index.html';

/** `dist/dashboard` of the package: as far from here in `src` as in `dist`. */
const BUILT = new URL('../../../dist/dashboard/', import.meta.url);

/** True if `npm run build` has written the dashboard. */
export function isDashboardBuilt(folder: URL = BUILT): boolean {
  return existsSync(new URL(`${PAGE}.gz`, folder));
}

/**
 * Reads the files once, at the first request for one. A name in a request only selects an entry of the map: no path is made
 * of it. Until the files are there, each request looks again, so that a build needs no restart.
 */
export function openDashboardFiles(folder: URL = BUILT): DashboardFiles {
  let files: ReadonlyMap<string, DashboardFile> | undefined;
  return () => (files ??= isDashboardBuilt(folder) ? readAll(folder) : undefined);
}

function readAll(folder: URL): ReadonlyMap<string, DashboardFile> {
  const compressed = globSync('**/*.gz', { cwd: fileURLToPath(folder) });
  return new Map(
    compressed.map((path) => {
      const name = path.replaceAll('\\', '/').slice(0, -'.gz'.length);
      const bytes = Uint8Array.from(readFileSync(new URL(name, folder)));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      const gzip = Uint8Array.from(readFileSync(new URL(`${name}.gz`, folder)));
      return [name, { type: types[extname(name)] ?? 'application/octet-stream', etag, bytes, gzip }];
    }),
  );
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
