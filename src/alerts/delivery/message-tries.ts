import type { AlertReceiver } from '../../ports/index.ts';
import { sameMessage } from '../incidents/index.ts';
import type { Notice, Outgoing } from '../incidents/index.ts';

/** Attempts of this pod at one message for one receiver. */
export interface MessageTries {
  readonly notice: Notice;
  readonly receiver: string;
  tries: number;
  /** Next attempt, on the monotonic clock. */
  nextMs: number;
  attempting: boolean;
  /** Answer of the last attempt. */
  answer: string;
}

/** The messages that wait, and this pod's attempts at them. */
export class TriesList {
  #all: MessageTries[] = [];

  /** Those of a message, begun if there are none. */
  of(notice: Notice, { name }: AlertReceiver, nowMs: number): MessageTries {
    const known = this.#all.find((one) => one.receiver === name && sameMessage(one.notice, notice));
    if (known !== undefined) return known;
    const made = { notice, receiver: name, tries: 0, nextMs: nowMs, attempting: false, answer: '' };
    this.#all.push(made);
    return made;
  }

  /** The next attempts at the messages for a receiver are the first ones, at once. */
  begin({ name }: AlertReceiver): void {
    this.#all = this.#all.filter((one) => one.attempting || one.receiver !== name);
  }

  remove(tries: MessageTries): void {
    this.#all = this.#all.filter((one) => one !== tries);
  }

  /** Forgets what waits no more, as another pod delivered it. */
  keep(outbox: readonly Outgoing[]): void {
    const waits = ({ notice, receiver }: MessageTries): boolean =>
      outbox.some((one) => one.pending.includes(receiver) && sameMessage(one.notice, notice));
    this.#all = this.#all.filter((one) => one.attempting || waits(one));
  }

  isBusy({ name }: AlertReceiver): boolean {
    return this.#all.some((one) => one.attempting && one.receiver === name);
  }
}
