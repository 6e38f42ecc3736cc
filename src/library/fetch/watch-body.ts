/** How the body of an answer ended: read whole, not read further by the caller, or cut by the connection. */
export type BodyEnd = 'whole' | 'left' | 'broken';

interface Watcher {
  readonly onEnd: (end: BodyEnd) => void;
  body?: ReadableStream<Uint8Array> | null;
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
export function watchBody(response: Response, onEnd: Watcher['onEnd']): void {
  (response as WatchedResponse)[WATCHER] = { onEnd };
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
  (response as WatchedResponse)[WATCHER]?.onEnd(isBroken(error) ? 'broken' : 'left');
}

function reader<T>(read: (this: Response) => Promise<T>): PropertyDescriptor {
  return {
    configurable: true,
    writable: true,
    value: async function watched(this: WatchedResponse): Promise<T> {
      try {
        const value = await read.call(this);
        this[WATCHER]?.onEnd('whole');
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
        (response as WatchedResponse)[WATCHER]?.onEnd('whole');
        controller.close();
        controller.byobRequest?.respond(0);
      } catch (error) {
        failed(response, error);
        throw error;
      }
    },
    cancel: async (reason) => {
      (response as WatchedResponse)[WATCHER]?.onEnd('left');
      await (source ?? body).cancel(reason);
    },
  }) as Response['body'];
}
