/** A message for one receiver, as it is sent. */
export interface HttpPost {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answer of a receiver. */
export type PostAnswer =
  | { readonly kind: 'answer'; readonly status: number; readonly text: string; readonly retryAfterMs?: number }
  /** No answer; `message` names no secret. */
  | { readonly kind: 'fault'; readonly message: string };

/** Sends one request within a time. Never rejects. */
export type Post = (request: HttpPost, timeoutMs: number) => Promise<PostAnswer>;
