import { errorAnswer, jsonExcess } from '../../http/index.ts';
import type { Call } from '../../http/index.ts';
import type { Clock } from '../../ports/index.ts';
import type { IntakeLimits } from '../../traffic/index.ts';

/** Status of a batch that counts for nothing. */
export type RefusalStatus = 400 | 408 | 413 | 429;

/** Limits of a kind of batch, and what notes that one was refused. */
export interface BatchReader {
  readonly maxBytes: number;
  readonly maxJson: { readonly depth: number; readonly values: number };
  /** The rate, for the error message. */
  readonly rate: string;
  readonly limits: IntakeLimits;
  readonly clock: Pick<Clock, 'setTimer'>;
  refused(why: string): void;
}

/** Time for a whole body. A slow one would keep its place from all other senders. */
const BODY_MS = 10_000;

/** Reads the body of a batch within the limits, and has it taken. */
export async function readBatch(
  { bytes }: Pick<Call, 'bytes'>,
  reader: BatchReader,
  taken: (text: string) => Response,
): Promise<Response> {
  const { maxBytes, limits, clock } = reader;
  const leave = limits.enter();
  if (leave === undefined) return refused(reader, 429, 'Too many batches are being read at once.');
  const deadline = new AbortController();
  const timer = clock.setTimer(BODY_MS, () => deadline.abort());
  try {
    const body = await bytes(maxBytes, deadline.signal);
    if (body.kind === 'late') return refused(reader, 408, `The request body did not come within ${BODY_MS / 1_000} s.`);
    if (body.kind === 'too-large') return refused(reader, 413, `The request body is larger than ${maxBytes} bytes.`);
    if (body.kind === 'unreadable') return refused(reader, 400, 'The request body cannot be read to its end.');
    if (!limits.spend(body.bytes.byteLength)) return refused(reader, 429, `Batches exceed ${reader.rate}.`);
    const text = body.bytes.toString('utf8');
    const excess = jsonExcess(text, reader.maxJson);
    return excess === undefined ? taken(text) : refused(reader, 400, `The request body ${excess}.`);
  } finally {
    timer.cancel();
    leave();
  }
}

/** Notes and answers why a batch counts for nothing. */
export function refused(
  reader: Pick<BatchReader, 'refused'>,
  status: RefusalStatus,
  why: string,
  param = 'request_body',
): Response {
  reader.refused(why);
  const answer = fault(status, why, param);
  if (status === 429) answer.headers.set('retry-after', '1');
  if (status === 408) answer.headers.set('connection', 'close');
  return answer;
}

/** The answer alone. */
export function fault(status: RefusalStatus, message: string, param = 'request_body'): Response {
  return errorAnswer(status, { message, type: 'invalid_request_error', param });
}
