import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';

/** Where a running pod is, and with what key to ask it. */
export interface PodAddress {
  /** Without a trailing slash. */
  readonly url: string;
  readonly key: string | undefined;
  readonly timeoutMs: number;
}

/** What the options below were given. */
export interface AddressFlags {
  readonly url: string;
  readonly keyFile?: string;
  readonly timeout: number;
}

export type ReadAddress =
  | { readonly kind: 'address'; readonly address: PodAddress }
  | { readonly kind: 'refused'; readonly why: string };

/** Adds `--key-file` and `--timeout`. There is no flag for the key itself: arguments are seen by the whole machine. */
export function withKeyOptions(command: Command, seconds: number): Command {
  return command
    .addOption(
      new Option(
        '--key-file <file>',
        'file with the admin key on its first line (default: the key in ALLSWELL_MASTER_KEY, else in LITELLM_MASTER_KEY)',
      ),
    )
    .addOption(
      new Option('--timeout <seconds>', 'maximum time to wait for answers, in seconds')
        .default(seconds)
        .argParser(secondsOf),
    );
}

/** The option `--url`. */
export function urlOption(): Option {
  return new Option('--url <url>', 'base URL of a running pod').env('ALLSWELL_URL').default('http://127.0.0.1:4000');
}

/** Checks the URL, which `option` was given, and finds the key: in the file, else in the environment. No refusal shows a secret. */
export function readAddress(flags: AddressFlags, env: NodeJS.ProcessEnv, option = '--url'): ReadAddress {
  const { keyFile, timeout } = flags;
  const url = baseUrl(flags.url, option);
  if (url.kind === 'refused') return url;
  const address = { url: url.text, timeoutMs: timeout * 1_000 };
  if (keyFile === undefined) {
    const key = [env['ALLSWELL_MASTER_KEY'], env['LITELLM_MASTER_KEY']].find((one) => one !== undefined && one !== '');
    return { kind: 'address', address: { ...address, key } };
  }
  try {
    const key = readFileSync(keyFile, 'utf8').split('\n', 1)[0]?.trim() ?? '';
    if (key === '') return { kind: 'refused', why: `--key-file ${keyFile}: its first line is empty` };
    return { kind: 'address', address: { ...address, key } };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    return { kind: 'refused', why: `--key-file ${keyFile} cannot be read: ${why}` };
  }
}

type BaseUrl = { readonly kind: 'url'; readonly text: string } | { readonly kind: 'refused'; readonly why: string };

/** Not a parser of the option, whose errors would show what was given. */
function baseUrl(text: string, option: string): BaseUrl {
  const full = /^[a-z]+:\/\//i.test(text) ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    return { kind: 'refused', why: `${option} must be a URL such as http://127.0.0.1:4000` };
  }
  if (url.username !== '' || url.password !== '') {
    return {
      kind: 'refused',
      why: `${option} must not contain a user or a password; give the key with --key-file or an environment variable`,
    };
  }
  return { kind: 'url', text: `${url.origin}${url.pathname}`.replace(/\/+$/, '') };
}

/** A length of time as people type it. */
export function secondsOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds > 0 && seconds <= 86_400) return seconds;
  throw new InvalidArgumentError('It must be a number of seconds above 0, at most 86400.');
}
