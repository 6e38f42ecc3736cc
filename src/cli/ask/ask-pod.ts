import { whyNoAnswer } from './why-no-answer.ts';
import { parseJson } from '../../health/index.ts';
import { packageVersion } from '../../package-files.ts';
import type { PodAddress } from './address.ts';
import { misfitOf } from './misfit.ts';
import type { BodyForm } from './misfit.ts';

/** What came of asking a pod. */
export type PodAnswer<T> =
  | { readonly kind: 'answered'; readonly body: T }
  /** It answered with a status that promises nothing; `detail` is what it said, where it said it in JSON. */
  | { readonly kind: 'declined'; readonly status: number; readonly detail: unknown; readonly why: string }
  | { readonly kind: 'unreachable'; readonly why: string };

export interface PodQuestion {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  /** Statuses that are answers beside 200. */
  readonly answers?: readonly number[];
  readonly accept?: 'json' | 'text';
  /** What the answer must fit; without it, any JSON is an answer. */
  readonly form?: BodyForm;
}

/** Asks a running pod one thing. What goes wrong on the way is a value with words for a person, never with the key. */
export async function askPod<T>(address: PodAddress, path: string, question: PodQuestion = {}): Promise<PodAnswer<T>> {
  const { method = 'GET', body, answers = [], accept = 'json', form } = question;
  const { url, key, timeoutMs } = address;
  try {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    const said = accept === 'text' ? text : parseJson(text);
    if (answer.ok || answers.includes(answer.status)) {
      if (said === undefined) {
        return { kind: 'unreachable', why: `${url}${path} does not answer with JSON: this is not an allswell pod` };
      }
      const misfit = form === undefined ? undefined : misfitOf(said, form);
      if (misfit === undefined) return { kind: 'answered', body: said as T };
      return { kind: 'unreachable', why: await whyMisfit(address, { path, method, misfit }) };
    }
    return { kind: 'declined', status: answer.status, detail: said, why: whyDeclined(address, answer.status, path) };
  } catch (error) {
    return { kind: 'unreachable', why: `no pod answers at ${url}: ${whyNoAnswer(error, address.timeoutMs)}` };
  }
}

const howToGiveAKey = 'give one with --key-file, ALLSWELL_MASTER_KEY or LITELLM_MASTER_KEY';

function whyDeclined({ url, key }: PodAddress, status: number, path: string): string {
  if (status === 401 && key === undefined) return `${url} requires a key: ${howToGiveAKey}`;
  if (status === 401) return `${url} refuses the key: ${howToGiveAKey}`;
  if (status === 403) return `${url} refuses this key: an admin key is required`;
  if (status === 404) return `${url} has no endpoint ${path}`;
  return `${url} answers ${path} with status ${status}`;
}

interface Misfit extends Required<Pick<PodQuestion, 'method'>> {
  readonly path: string;
  readonly misfit: string;
}

/** Begins the reason where a pod's answer has another form than the command reads. */
export const otherForm = 'cannot read the answer';

async function whyMisfit(address: PodAddress, { path, method, misfit }: Misfit): Promise<string> {
  const [own, pods] = [packageVersion(), await versionOf(address)];
  const pod = pods === undefined ? 'a pod of unknown version' : `a pod of version ${pods}`;
  const done = method === 'GET' ? '' : ' The pod may have carried out the request.';
  return `allswell ${own} ${otherForm} of ${address.url}${path}, ${pod}: ${misfit}.${done} To fix: ${fixOf(own, pods)}`;
}

function fixOf(own: string, pods: string | undefined): string {
  if (pods === undefined) return 'check that this is an allswell pod, and run the command of its version';
  return pods === own ? 'report it with allswell diagnose' : `run the command of version ${pods}, or finish the deploy`;
}

/** The version that a pod names beside LiteLLM's keys, as `allswell 1.2.3`. */
async function versionOf(address: PodAddress): Promise<string | undefined> {
  const details = await askPod<{ readonly litellm_version?: unknown } | null>(address, '/health/readiness/details');
  const named = details.kind === 'answered' ? details.body?.litellm_version : undefined;
  return typeof named === 'string' ? /^allswell ([\w.+-]{1,40})$/.exec(named)?.[1] : undefined;
}
