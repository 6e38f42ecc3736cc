import type { FleetPage } from '../ask/index.ts';
import { ageWords } from '../show/times.ts';
import type { Finding } from './finding.ts';

/** What befell the store from outside in the last ten minutes. */
export function whyStore({ pod, incidents = [], now }: FleetPage): readonly Finding[] {
  return incidents.flatMap(({ kind, at, count, what }): Finding[] => {
    const told = tellings[kind];
    if (told === undefined) return [];
    const age = ageWords(Math.max(0, (Date.parse(now) - Date.parse(at)) / 1_000));
    const times = count === 1 ? '' : `, ${count} times`;
    return [
      {
        code: told.code,
        level: 'problem',
        says: `${told.says}, seen by ${pod} ${age} ago${times}: ${what}.`,
        todo: told.todo,
      },
    ];
  });
}

/** By kind. A newer pod may have others. */
const tellings: Readonly<Record<string, Pick<Finding, 'code' | 'says' | 'todo'>>> = {
  'store-lost-data': {
    code: 'store-lost-data',
    says: 'The store lost its data or its latest writes',
    todo: 'Find out who flushed or restarted it, and whether it keeps its data. What was spent and saved before is in no sum.',
  },
  'state-not-kept': {
    code: 'state-not-kept',
    says: 'A state file could not be written',
    todo: 'Make the directory of fleet_health.state_dir writable for that pod; its log names the file and the error.',
  },
  'foreign-data': {
    code: 'foreign-data',
    says: "The fleet's keys hold data of targets that no pod lists",
    todo: 'If no model list was replaced lately, find out which client writes there: give the pods a user of their own, and take its rights from all others.',
  },
  'forged-messages': {
    code: 'forged-messages',
    says: "The fleet's channel carries messages of something that is no pod",
    todo: 'Find out which client publishes there: give the pods a user of their own, and take its rights from all others.',
  },
};
