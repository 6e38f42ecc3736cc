import type { ServerResponse } from 'node:http';
import type { FailureClass } from '../../health/index.ts';
import type { RequestEndpoint } from '../../providers/index.ts';
import type { Usage } from '../../providers/wire/index.ts';
import type { PooledRequest, ResponseHeaders } from '../../upstream/index.ts';
import type { AnswerCheck } from './answer-check.ts';
import type { AnswerHeaders } from './answer-headers.ts';
import type { Api } from './apis.ts';
import type { ClientWire } from './errors.ts';
import type { SilenceLimits } from './silence.ts';
import type { FailedAnswer, StreamReader } from './stream-dialects.ts';

/** How one attempt ended. Nothing was sent to the client unless it is `answered`. */
export type AttemptEnd =
  /** The client has the whole answer. `failed`: it says that there is no result. */
  | {
      readonly kind: 'answered';
      readonly firstByteMs: number;
      readonly usage: Usage;
      readonly failed?: FailedAnswer;
    }
  /** The upstream answered with an error status, or with an error in place of an answer. */
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** The request has no translation for this deployment, and was not sent: the answer if no other one can take it. */
  | { readonly kind: 'untranslatable'; readonly refusal: Refusal }
  /** No answer, or none that is one. */
  | { readonly kind: 'failed'; readonly fault: AttemptFault }
  /** The answer broke off after its first byte; the client got an error event, or its connection was closed. */
  | { readonly kind: 'broken-off'; readonly fault: AttemptFault; readonly firstByteMs: number; readonly usage: Usage }
  /** The client closed its connection. */
  | { readonly kind: 'client-left' };

/** An error of the upstream, as it was sent. */
export interface Refusal {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** As much of it as the limit allowed. */
  readonly body: Buffer;
  readonly format: RequestEndpoint['format'];
}

export interface AttemptFault {
  readonly class: FailureClass | 'local' | 'stopping';
  /** One line; may contain host and port. `stopping`: the drain time of this pod has passed. */
  readonly message: string;
}

export interface AttemptInput {
  readonly request: PooledRequest;
  readonly outgoing: ServerResponse;
  readonly wire: ClientWire;
  /** Format of the upstream. */
  readonly format: RequestEndpoint['format'];
  /** What the client asked for. An upstream may answer otherwise. */
  readonly asked: 'stream' | 'whole';
  readonly answer: Api['answer'] | undefined;
  /** `translated`: the client must not get a body as it came. */
  readonly bodies: 'untouched' | 'translated';
  /** What an answer in one piece is checked for. */
  readonly check: AnswerCheck;
  /** Reads the events of an answer in parts. */
  readonly stream: () => StreamReader;
  readonly limits: SilenceLimits;
  /** Headers of the answer that the client gets. */
  readonly headers: (upstream: ResponseHeaders) => AnswerHeaders;
}

/** What reads the body of an answer, and sends it on. */
export interface AnswerReader {
  data(chunk: Buffer): void;
  end(): void;
  /** The upstream stops in the middle. */
  broken(fault: AttemptFault): void;
}

/** What a reader may do. */
export interface ReaderParts extends Pick<
  AttemptInput,
  'outgoing' | 'wire' | 'format' | 'bodies' | 'check' | 'stream'
> {
  readonly status: number;
  readonly upstreamHeaders: ResponseHeaders;
  /** Writes the head of the client's answer. From then on the attempt cannot be repeated. */
  readonly begin: (contentLength?: number) => void;
  /** Sends bytes on, and stops reading while the client does. */
  readonly send: (bytes: Uint8Array | string) => void;
  /** The first byte of the answer proper is there. */
  readonly heard: () => void;
  /** Ends the attempt. What the upstream still sends is not read. */
  readonly finish: (end: ReaderEnd) => void;
}

/** The parts of an {@link AttemptEnd} that a reader knows. */
export type ReaderEnd =
  | { readonly kind: 'answered'; readonly usage: Usage; readonly failed?: FailedAnswer }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly fault: AttemptFault }
  | { readonly kind: 'broken-off'; readonly fault: AttemptFault; readonly usage: Usage };
