import { contenders } from './contenders.ts';
import type { Places } from './contenders.ts';

// One process of the outage benchmark: a steady load, and a count of the caller's errors. Started by outage.ts.

const [name = '', text = '{}', perSecond = '10'] = process.argv.slice(2);
const make = contenders[name];
if (make === undefined) throw new Error(`there is no contender ${name}`);
const ask = await make(JSON.parse(text) as Places);

let errors = 0;
let asked = 0;
const timer = setInterval(
  () => {
    asked += 1;
    ask().catch(() => {
      errors += 1;
    });
  },
  1_000 / Number(perSecond),
);

process.on('message', (message) => {
  if (message === 'count') process.send?.({ asked, errors });
  if (message === 'end') {
    clearInterval(timer);
    process.exit();
  }
});
process.send?.('ready');
