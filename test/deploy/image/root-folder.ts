import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { endWithThisProcess } from '../../../src/testing/index.ts';

/** How a program runs in a root folder. */
export interface RunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly workdir: string;
  /** With a user, all capabilities are dropped and nothing can be written, not even `/tmp`. */
  readonly user?: string;
}

const MOUNTS = [
  `mount --bind "$0" "$0"`,
  `mount --bind /usr "$0/usr" && mount -o remount,bind,ro "$0/usr"`,
  `mount --bind "$0/local" "$0/usr/local"`,
  `mount --bind /etc "$0/etc" && mount -o remount,bind,ro "$0/etc"`,
  `mount --rbind /proc "$0/proc"`,
  `mount --rbind /dev "$0/dev"`,
];
const READ_ONLY = [`mount -o remount,bind,ro "$0"`, `mount -o remount,bind,ro "$0/usr/local"`];
const START = `exec chroot "$0" env --chdir="$1" "\${@:2}"`;

/** True if this process may mount and change its root: the tests of the image need it. */
export function canChangeRoot(): boolean {
  const tried = spawnSync('unshare', ['--mount', 'sh', '-c', 'mount --bind /usr /mnt && chroot / setpriv --version']);
  return tried.status === 0;
}

/**
 * Makes a root folder in place of the base image: the system folders of this machine, read-only, and Node 24 with npm in
 * `/usr/local`, as in `node:24-slim`. Everything else of this machine is absent.
 */
export function makeRootFolder(root: string): void {
  for (const folder of ['usr', 'etc', 'proc', 'dev', 'tmp', 'root', 'local/bin', 'local/lib/node_modules']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    const link = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (link?.isSymbolicLink() === true) symlinkSync(readlinkSync(`/${name}`), join(root, name));
  }
  cpSync(process.execPath, join(root, 'local/bin/node'), { dereference: true });
  cpSync(npmFolder(), join(root, 'local/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'local/bin/npm'));
}

/** Removes it. Its mounts ended with the processes that made them. */
export function removeRootFolder(root: string): void {
  rmSync(root, { recursive: true, force: true });
}

/** Starts a program in the root folder, in a mount namespace of its own. */
export function startIn(
  root: string,
  words: readonly string[],
  options: RunOptions,
  stdio: SpawnOptions['stdio'],
): ChildProcess {
  const { env, workdir, user } = options;
  const confine = user === undefined ? [] : ['setpriv', ...asUser(user)];
  const script = [...MOUNTS, ...(user === undefined ? npmMounts(root) : READ_ONLY), START].join('\n');
  const args = ['--mount', 'bash', '-euc', script, root, workdir, ...confine, ...words];
  const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const child = spawn('unshare', args, { env: { PATH: path, ...env }, stdio });
  endWithThisProcess(child);
  return child;
}

function asUser(user: string): string[] {
  const [uid = '', gid = uid] = user.split(':');
  return [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
  ];
}

/** The settings and the cache of npm on this machine, so that the steps reach its registry. */
function npmMounts(root: string): string[] {
  const of = (name: string): string => spawnSync('npm', ['config', 'get', name], { encoding: 'utf8' }).stdout.trim();
  const settings = of('userconfig');
  const cache = of('cache');
  mkdirSync(cache, { recursive: true });
  mkdirSync(join(root, 'root/.npm'), { recursive: true });
  const bindCache = `mount --bind ${JSON.stringify(cache)} "$0/root/.npm"`;
  if (!existsSync(settings)) return [bindCache];
  writeFileSync(join(root, 'root/.npmrc'), '', { flag: 'a' });
  return [bindCache, `mount --bind ${JSON.stringify(settings)} "$0/root/.npmrc"`];
}

function npmFolder(): string {
  const found = spawnSync('sh', ['-c', 'readlink -f "$(command -v npm)"'], { encoding: 'utf8' }).stdout.trim();
  return resolve(dirname(found), '..');
}
