import type { AnswerEnd } from '../answer-end.ts';

interface Watcher {
  /** Undefined once the body has ended. */
  onEnd: ((end: AnswerEnd) => void) | undefined;
  body: ReadableStream<Uint8Array> | null | undefined;
}

/** A property of the response itself is cheaper than a table of responses. */
const WATCHER: unique symbol = Symbol('allswell watcher');

interface WatchedResponse extends Response {
  [WATCHER]?: Watcher;
}

/**
 * Watches how the body of a response ends, without reading it: the response is the one that `fetch` made, with another
 * prototype that is a `Response`, too. `onEnd` may be called more than once, and never for a body that is not read.
 */
export function watchBody(response: Response, onEnd: (end: AnswerEnd) => void): void {
  (response as WatchedResponse)[WATCHER] = { onEnd, body: undefined };
  Object.setPrototypeOf(response, WATCHED);
}

/** True for a response of the global class, to which the watched one is a subclass. */
export function isWatchable(response: Response): boolean {
  return Object.getPrototypeOf(response) === Response.prototype;
}

/** A caller that gives up is no fault of the upstream, and a text that is no JSON has arrived whole. */
function isBroken(error: unknown): boolean {
  return error instanceof TypeError && error.message === 'terminated';
}

function failed(response: Response, error: unknown): void {
  if (isBroken(error)) over(response, 'broken');
  else (response as WatchedResponse)[WATCHER]?.onEnd?.('left');
}

/**
 * The garbage collector keeps each response for long, since fetch registers it for finalization: what only the end needs is let go of
 * here. It would cost more than all the rest of a call.
 */
function over(response: WatchedResponse, end: 'whole' | 'broken'): void {
  const watcher = response[WATCHER];
  const onEnd = watcher?.onEnd;
  if (watcher === undefined || onEnd === undefined) return;
  watcher.onEnd = undefined;
  onEnd(end);
}

function reader<T>(read: (this: Response) => Promise<T>): PropertyDescriptor {
  return {
    configurable: true,
    writable: true,
    value: async function watched(this: WatchedResponse): Promise<T> {
      try {
        const value = await read.call(this);
        over(this, 'whole');
        return value;
      } catch (error) {
        failed(this, error);
        throw error;
      }
    },
  };
}

const own = Response.prototype;
// oxlint-disable-next-line unbound-method -- called with the response that it is read from
const bodyOf = Object.getOwnPropertyDescriptor(own, 'body')?.get as (this: Response) => Response['body'];

/* oxlint-disable unbound-method -- as above */
const WATCHED = Object.create(own, {
  arrayBuffer: reader(own.arrayBuffer),
  blob: reader(own.blob),
  bytes: reader(own.bytes),
  formData: reader(own.formData),
  json: reader(own.json),
  text: reader(own.text),
  body: {
    configurable: true,
    get(this: WatchedResponse): Response['body'] {
      const watcher = this[WATCHER];
      if (watcher === undefined) return bodyOf.call(this);
      if (watcher.body === undefined) watcher.body = watchedStream(this, bodyOf.call(this));
      return watcher.body;
    },
  },
}) as object;
/* oxlint-enable unbound-method */

function watchedStream(response: Response, body: Response['body']): Response['body'] {
  if (body === null || body.locked) return body;
  // Taken when it is first read: a caller that only looks whether there is a body may still ask for its text.
  let source: ReadableStreamDefaultReader<Uint8Array> | undefined;
  return new ReadableStream({
    type: 'bytes',
    async pull(controller) {
      try {
        source ??= body.getReader();
        let { done, value } = await source.read();
        // A stream of bytes takes no empty part.
        while (!done && value?.byteLength === 0) ({ done, value } = await source.read());
        if (!done && value !== undefined) return controller.enqueue(value);
        over(response, 'whole');
        controller.close();
        controller.byobRequest?.respond(0);
      } catch (error) {
        failed(response, error);
        throw error;
      }
    },
    cancel: async (reason) => {
      (response as WatchedResponse)[WATCHER]?.onEnd?.('left');
      await (source ?? body).cancel(reason);
    },
  }) as Response['body'];
}
