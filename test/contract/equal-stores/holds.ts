import fc from 'fast-check';
import type { HoldKind } from '../../../src/ports/index.ts';
import { chosen, lateness, named, notAfter, pick, plant, pod, step, type Step } from './commands.ts';

const key = fc.constantFrom('80000000a', '80000000a', '00000000b', '*');
const kind = fc.constantFrom<HoldKind>('drain', 'hold-up', 'pause', 'none');
const DAY_US = 86_400_000_000;

/** Decisions, what is offered again, sweeps and garbage; now and then anything else. */
export const holdStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: decisions() },
  { weight: 6, arbitrary: offers() },
  { weight: 3, arbitrary: sweeps() },
  { weight: 3, arbitrary: plants() },
  {
    weight: 2,
    arbitrary: fc.constant(named('read holds', (store) => store.readHolds(['80000000a', '00000000b', 'none', '*']))),
  },
  { weight: 3, arbitrary: step },
);

/** `until` is a time that does not move, so that the same may be decided twice. */
function decisions(): fc.Arbitrary<Step> {
  const holdKeys = fc.array(key, { maxLength: 3 });
  const until = fc.constantFrom(null, null, 5_000_000, 8_000_000_000_000_000);
  const reason = fc.constantFrom('maintenance', 'maintenance', 'a "line"\nand another, ünïcode\u{2028}');
  const after = fc.option(fc.record({ version: pick, offset: fc.constantFrom(-1, 0, 0, 1, 3_600_000_000) }), {
    nil: undefined,
  });
  return fc.record({ pod, holdKeys, kind, until, reason, after, when: lateness }).map((input) =>
    named(`hold ${JSON.stringify(input)}`, (store, _, known) => {
      const { kind: what, until: end, reason: why } = input;
      const follows = input.after && Math.max(0, chosen(known.versions, input.after.version, 5) + input.after.offset);
      const words = {
        kind: what,
        until: end,
        by: 'ops',
        reason: why,
        ...(follows !== undefined && { after: follows }),
      };
      const holds = input.holdKeys.map((at) => ({ key: at, ...words }));
      return store.hold({ pod: input.pod, notAfter: notAfter(known, input.when), newEpoch: 'life', holds });
    }),
  );
}

function offers(): fc.Arbitrary<Step> {
  const offset = fc.constantFrom(-1, 0, 0, 1, 1_000_000);
  return fc.record({ pod, key, kind, version: pick, offset, when: lateness }).map((input) =>
    named(`offer ${JSON.stringify(input)}`, (store, _, known) => {
      const version = Math.max(1, chosen(known.versions, input.version, 5) + input.offset);
      const holds = [{ key: input.key, version, kind: input.kind, until: null, by: 'ops', reason: 'again' }];
      return store.hold({ pod: input.pod, notAfter: notAfter(known, input.when), newEpoch: 'life', holds });
    }),
  );
}

function sweeps(): fc.Arbitrary<Step> {
  return fc.record({ pod, key, version: pick, when: lateness }).map((input) =>
    named(`sweep ${JSON.stringify(input)}`, (store, _, known) =>
      store.sweepHolds({
        pod: input.pod,
        notAfter: notAfter(known, input.when),
        holds: [{ key: input.key, version: chosen(known.versions, input.version, 1) }],
      }),
    ),
  );
}

function plants(): fc.Arbitrary<Step> {
  const text = fc.constantFrom(
    'rubbish',
    '0 drain 0 {}',
    '7 drain 0 {',
    '7 drain 0 {rub\nbish}',
    '7 ferment 0 {}',
    '7 DRAIN 0 {}',
    '99999999999999999 drain 0 {}',
    '7 drain -1 {}',
  );
  const age = fc.constantFrom(0, -1, 1_000_000, DAY_US - 60_000_000, DAY_US + 60_000_000);
  const ended = fc.constantFrom('none', 'drain');
  return fc.oneof(
    fc.tuple(key, text).map(([at, found]) => plant('holds', at, () => found)),
    fc.tuple(key, age, age, ended).map(([at, old, over, what]) =>
      plant('holds', at, (now) => {
        // Shown without a time, a plan must not go below zero.
        const from = Math.max(now, 3 * DAY_US);
        return `${from - old} ${what} ${what === 'none' ? 0 : from - over} {"by":"ops","reason":"old"}`;
      }),
    ),
    fc.constant(plant('holds', 'no place', () => '7 drain 0 {}')),
  );
}
