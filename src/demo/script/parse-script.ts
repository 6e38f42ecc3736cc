import { SLOW_SECONDS } from '../order.ts';
import type { Order } from '../order.ts';

/** An order and its time, in seconds after all pods run. */
export interface ScriptStep {
  readonly atSeconds: number;
  readonly order: Order;
}

export type ParsedScript =
  | { readonly kind: 'parsed'; readonly steps: readonly ScriptStep[] }
  | { readonly kind: 'refused'; readonly problem: ScriptProblem };

export interface ScriptProblem {
  /** Position of the wrong text, counted from 1. */
  readonly column: number;
  readonly message: string;
}

/** Names that a script may use. */
export interface Names {
  readonly models: readonly string[];
  readonly pods: number;
}

/**
 * Parses `t=<seconds> <order>; …`. The steps are returned in the order of time.
 *
 * @example
 * parseScript('t=10 kill-prober; t=20 fail gpt-4o', { models: ['gpt-4o'], pods: 3 })
 */
export function parseScript(text: string, names: Names): ParsedScript {
  const steps: ScriptStep[] = [];
  let start = 0;
  for (const part of text.split(';')) {
    const [time, name, ...args] = wordsOf(part, start);
    start += part.length + 1;
    if (time === undefined) continue;
    const step = readStep({ time, name, args }, names);
    if ('message' in step) return { kind: 'refused', problem: step };
    steps.push(step);
  }
  return { kind: 'parsed', steps: steps.toSorted((a, b) => a.atSeconds - b.atSeconds) };
}

interface Word {
  readonly text: string;
  readonly column: number;
}

function wordsOf(part: string, start: number): Word[] {
  return [...part.matchAll(/\S+/g)].map((match) => ({ text: match[0], column: start + match.index + 1 }));
}

interface Written {
  readonly time: Word;
  readonly name: Word | undefined;
  readonly args: readonly Word[];
}

function readStep({ time, name, args }: Written, names: Names): ScriptStep | ScriptProblem {
  const seconds = /^t=(\d+(?:\.\d+)?)$/.exec(time.text)?.[1];
  if (seconds === undefined) return problem(time, `"${time.text}" is not a time: write t=10, in seconds`);
  if (name === undefined) return { column: time.column + time.text.length, message: `${time.text} has no step` };
  const read = readers[name.text];
  if (read === undefined) {
    return problem(name, `"${name.text}" is not a step: ${Object.keys(readers).join(', ')}`);
  }
  const reader = new Args(name, args, names);
  const order = read(reader);
  const extra = reader.problem === undefined ? reader.next() : undefined;
  if (extra !== undefined) return problem(extra, `unexpected word "${extra.text}" after ${name.text}`);
  return reader.problem ?? { atSeconds: Number(seconds), order };
}

const readers: Readonly<Record<string, (args: Args) => Order>> = {
  'kill-prober': () => ({ kind: 'kill-prober' }),
  fail: (args) => ({ kind: 'fail', model: args.model() }),
  slow: (args) => ({ kind: 'slow', model: args.model(), seconds: args.seconds() }),
  'cut-network': (args) => ({ kind: 'cut-network', pod: args.pod() }),
  'stop-redis': () => ({ kind: 'stop-redis' }),
  'hang-redis': () => ({ kind: 'hang-redis' }),
  drain: (args) => ({ kind: 'drain', model: args.model() }),
  undrain: (args) => ({ kind: 'undrain', model: args.model() }),
  pause: () => ({ kind: 'pause' }),
  resume: () => ({ kind: 'resume' }),
  'bring-back': (args) => {
    const word = args.next();
    if (word === undefined) return { kind: 'bring-back', what: { kind: 'everything' } };
    const { text } = word;
    if (text === 'everything' || text === 'pods' || text === 'network' || text === 'redis') {
      return { kind: 'bring-back', what: { kind: text } };
    }
    return {
      kind: 'bring-back',
      what: { kind: 'model', model: args.modelNamed(word, ', everything, pods, network, redis') },
    };
  },
};

/** Reads the words after an order, and keeps the first problem. */
class Args {
  readonly #name: Word;
  readonly #words: Word[];
  readonly #names: Names;
  problem: ScriptProblem | undefined;

  constructor(name: Word, words: readonly Word[], names: Names) {
    this.#name = name;
    this.#words = [...words];
    this.#names = names;
  }

  next(): Word | undefined {
    return this.#words.shift();
  }

  model(): string {
    const word = this.next();
    if (word !== undefined) return this.modelNamed(word);
    const column = this.#name.column + this.#name.text.length;
    this.problem = { column, message: `${this.#name.text} needs a model: ${this.#names.models.join(', ')}` };
    return '';
  }

  modelNamed(word: Word, others = ''): string {
    if (!this.#names.models.includes(word.text)) {
      this.problem = problem(word, `"${word.text}" is unknown; known: ${this.#names.models.join(', ')}${others}`);
    }
    return word.text;
  }

  seconds(): number {
    const word = this.next();
    if (word === undefined) return SLOW_SECONDS;
    const seconds = Number(word.text);
    if (!(seconds > 0)) this.problem ??= problem(word, `"${word.text}" is not a number of seconds`);
    return seconds;
  }

  pod(): number | 'busiest' {
    const word = this.next();
    if (word === undefined) return 'busiest';
    const pod = Number(word.text);
    const exists = Number.isInteger(pod) && pod >= 1 && pod <= this.#names.pods;
    if (!exists) this.problem = problem(word, `"${word.text}" is not a pod: 1 to ${this.#names.pods}`);
    return pod;
  }
}

function problem({ column }: Word, message: string): ScriptProblem {
  return { column, message };
}
