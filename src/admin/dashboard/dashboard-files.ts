import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { packageFile } from '../../package-files.ts';

/** One built file, whole in memory. */
export interface DashboardFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Compressed by the build, which keeps no other copy. */
  readonly gzip: Uint8Array<ArrayBuffer>;
}

/** Built files by their names below the folder, such as `assets/index-1a2b.js`. Undefined if there are none. */
export type DashboardFiles = () => ReadonlyMap<string, DashboardFile> | undefined;

const PAGE = 'index.html';

/** Where `npm run build` writes them: for the sources of a clone, too. */
const built = (): URL => packageFile('dist/dashboard/');

/** True if `npm run build` has written the dashboard. */
export function isDashboardBuilt(folder: URL = built()): boolean {
  return existsSync(new URL(`${PAGE}.gz`, folder));
}

/**
 * Reads the files once, at the first request for one. A name in a request only selects an entry of the map: no path is made
 * of it. Until the files are there, each request looks again, so that a build needs no restart.
 */
export function openDashboardFiles(folder: URL = built()): DashboardFiles {
  let files: ReadonlyMap<string, DashboardFile> | undefined;
  return () => (files ??= isDashboardBuilt(folder) ? readAll(folder) : undefined);
}

function readAll(folder: URL): ReadonlyMap<string, DashboardFile> {
  const compressed = globSync('**/*.gz', { cwd: fileURLToPath(folder) });
  return new Map(
    compressed.map((path) => {
      const name = path.replaceAll('\\', '/').slice(0, -'.gz'.length);
      const gzip = Uint8Array.from(readFileSync(new URL(`${name}.gz`, folder)));
      const bytes = Uint8Array.from(gunzipSync(gzip));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
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
