import type { AlertReceiver } from '../../../ports/index.ts';
import type { Notice } from '../../incidents/index.ts';
import type { HttpPost } from '../http-post.ts';

/** What a form of messages needs beside the message. */
export interface FormInput {
  readonly receiver: AlertReceiver;
  readonly notice: Notice;
  readonly fleet: string;
  /** This machine's time, ms: dates the request. */
  readonly wallMs: number;
}

/** The requests of one message, in the order in which they are sent. */
export type MessageForm = (input: FormInput) => readonly HttpPost[];

/** A request with a JSON body. A user and password in the URL are sent as basic authentication. */
export function jsonPost(
  address: string | URL,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpPost {
  const url = new URL(address);
  const login = loginOf(url);
  url.username = '';
  url.password = '';
  return {
    url,
    headers: { 'content-type': 'application/json', 'user-agent': 'allswell', ...login, ...headers },
    body: JSON.stringify(body),
  };
}

function loginOf({ username, password }: URL): { readonly authorization?: string } {
  if (username === '' && password === '') return {};
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Store time as ISO text. */
export function isoOf(us: number): string {
  return new Date(Math.round(us / 1_000)).toISOString();
}

/** At most `most` UTF-16 units, the last one an ellipsis if the text was longer. */
export function clipped(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
