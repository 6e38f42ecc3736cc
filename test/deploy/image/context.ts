import { cpSync, globSync, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Patterns of `.dockerignore`, in order. */
export function ignorePatterns(path = '.dockerignore'): readonly string[] {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#'));
}

/** True if the builder does not get this file. As in Docker, the last pattern that matches the file or a folder above it decides. */
export function isIgnored(file: string, patterns: readonly string[]): boolean {
  const parts = file.split('/');
  const paths = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  const deciding = patterns.findLast((pattern) => {
    const expression = expressionOf(pattern.replace(/^!/, '').replace(/^\/|\/$/g, ''));
    return paths.some((path) => expression.test(path));
  });
  return deciding !== undefined && !deciding.startsWith('!');
}

// Unlike in a shell, `*` also matches names that begin with a dot.
function expressionOf(glob: string): RegExp {
  const inside = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('**/', '\0')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]')
    .replaceAll('\0', '(?:.*/)?');
  return new RegExp(`^${inside}$`);
}

/** Files of the checkout that the builder gets. */
export function contextFiles(patterns: readonly string[] = ignorePatterns()): string[] {
  const files = globSync('**/*', { exclude: (path) => /^(?:node_modules|dist|\.git)$/.test(basename(path)) });
  return [...files, ...globSync('.*')].filter((path) => !isIgnored(path, patterns) && lstatSync(path).isFile());
}

/** `COPY sources… to` from a folder, by Docker's rules for files, folders and `.`. */
export function copyInto(from: string, sources: readonly string[], to: string, keep: (path: string) => boolean): void {
  for (const source of sources) {
    const path = join(from, source);
    const isFolder = lstatSync(path).isDirectory();
    const target = isFolder || !to.endsWith('/') ? to : join(to, basename(source));
    mkdirSync(isFolder ? target : dirname(target), { recursive: true });
    cpSync(path, target, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter: keep });
  }
}
