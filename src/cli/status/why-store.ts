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
        says: `${told.says} (${pod}, ${age} ago${times}): ${what}.`,
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
    todo: 'Find out who flushed or restarted Redis, and check that it persists its data. The sums exclude earlier spend and savings.',
  },
  'state-not-kept': {
    code: 'state-not-kept',
    says: 'A state file could not be written',
    todo: 'Make the directory of fleet_health.state_dir writable for that pod; its log names the file and the error.',
  },
  'foreign-data': {
    code: 'foreign-data',
    says: "The fleet's keys contain data of targets in no pod's model list",
    todo: 'If no model list was replaced recently, find the client that writes these keys: give the pods their own Redis user, and revoke these rights from all others.',
  },
  'forged-messages': {
    code: 'forged-messages',
    says: "The fleet's channel carries messages that no pod sent",
    todo: 'Find the client that publishes there: give the pods their own Redis user, and revoke these rights from all others.',
  },
};
