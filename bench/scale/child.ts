import { fork } from 'node:child_process';
import { once } from 'node:events';

/** Numbers in, numbers out: all that the processes of this benchmark tell each other. */
export type Numbers = Readonly<Record<string, number>>;

/** A process under measurement that does what it is asked. */
export interface Child {
  readonly pid: number;
  ask(what: string, about?: Numbers): Promise<Numbers>;
  stop(): Promise<void>;
}

interface Question {
  readonly id: number;
  readonly what: string;
  readonly about: Numbers;
}

interface Answer {
  readonly id: number;
  readonly numbers?: Numbers;
  readonly problem?: string;
}

/** Starts a module of this folder as a process. It ends with this one. */
export function startChild(file: string): Child {
  const child = fork(new URL(file, import.meta.url).pathname, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const waiting = new Map<number, { resolve: (numbers: Numbers) => void; reject: (error: Error) => void }>();
  let asked = 0;
  child.on('message', ({ id, numbers = {}, problem }: Answer) => {
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (problem === undefined) resolve?.(numbers);
    else reject?.(new Error(`${file}: ${problem}`));
  });
  child.on('exit', (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    ask: async (what, about = {}) =>
      await new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve, reject });
        child.send({ id: asked, what, about } satisfies Question);
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** In such a process: answers the questions of the one that started it, and ends with it. */
export function answer(answers: Readonly<Record<string, (about: Numbers) => Promise<Numbers>>>): void {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (question: Question) => {
    const send = (reply: Omit<Answer, 'id'>): void => void process.send?.({ id: question.id, ...reply });
    void (answers[question.what]?.(question.about) ?? Promise.reject(new Error(`no answer to ${question.what}`))).then(
      (numbers) => send({ numbers }),
      (error: unknown) => send({ problem: error instanceof Error ? error.message : 'not an Error' }),
    );
  });
}
