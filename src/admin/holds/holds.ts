import type { BeginHold, EndHold, FaultsBody, HeldBody, SwitchCooldowns } from '../../api/index.ts';
import { bind, detailAnswer, jsonAnswer } from '../../http/index.ts';
import * as holdRoute from './hold-routes.ts';
import type { BoundRoute, Caller } from '../../http/index.ts';
import type { TargetId } from '../../health/index.ts';
import { podCountOf } from '../../ports/index.ts';
import type { HoldKind, HoldOrder, HoldOutcome } from '../../ports/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { findTarget, severalFound } from '../find-target.ts';
import { heldOf } from './holds-shown.ts';
import { parseUntil } from './holds-until.ts';

type HoldAdmin = Pick<AdminOptions, 'fleet' | 'config' | 'redact'>;
type Begin = { readonly body: BeginHold; readonly caller: Caller };
type End = { readonly body: EndHold; readonly caller: Caller };
type Params = Readonly<Record<string, string>>;

/** Holds for the whole fleet. These endpoints wait for the store, half a second at most. */
export function holdEndpoints(admin: HoldAdmin): BoundRoute[] {
  const begin = async (call: Begin, on: HoldSubject, kind: HoldKind): Promise<Response> =>
    await beginHold(admin, call, { on, kind });
  const end = async (call: End, on: HoldSubject): Promise<Response> => await endHold(admin, call, on);
  return [
    bind(holdRoute.drainTarget, async (call) => await withTarget(admin, call.params, (on) => begin(call, on, 'drain'))),
    bind(
      holdRoute.holdUpTarget,
      async (call) => await withTarget(admin, call.params, (on) => begin(call, on, 'hold-up')),
    ),
    bind(holdRoute.undrainTarget, async (call) => await withTarget(admin, call.params, (on) => end(call, on))),
    bind(holdRoute.pauseProbing, async (call) => await begin(call, 'probing', 'pause')),
    bind(holdRoute.resumeProbing, async (call) => await end(call, 'probing')),
    bind(holdRoute.switchCooldowns, async (call) => await switched(admin, call)),
  ];
}

type HoldSubject = HoldOrder['on'];

const RESTRICTIONS: ReadonlyMap<string, HoldKind> = new Map([
  ['observe', 'cooldowns-observe'],
  ['off', 'cooldowns-off'],
]);

/** A restriction can only take away what a pod's configuration allows: `on` ends it and enables nothing. */
async function switched(
  admin: HoldAdmin,
  {
    body,
    caller,
    params: { mode = '' },
  }: { readonly body: SwitchCooldowns; readonly caller: Caller; readonly params: Params },
): Promise<Response> {
  const kind = RESTRICTIONS.get(mode);
  const call = { caller, body: { ...body, reason: body.reason ?? 'no reason given' } };
  if (kind !== undefined) return await beginHold(admin, call, { on: 'cooldowns', kind });
  if (mode !== 'on') return faultIn(['path', 'mode'], 'Input should be on, observe or off');
  return body.until === undefined
    ? await endHold(admin, call, 'cooldowns')
    : faultIn(['body', 'until'], 'Input should be absent: on ends a restriction and has no end itself');
}

async function beginHold(
  admin: HoldAdmin,
  { body, caller }: Begin,
  { on, kind }: { on: HoldSubject; kind: HoldKind },
): Promise<Response> {
  const until = parseUntil(body.until, admin.fleet.status().now);
  if (until.kind === 'refused') {
    return faultIn(['body', 'until'], until.why);
  }
  const words = { by: whoOf(caller, body.by), reason: body.reason };
  return answerOf(admin, on, await admin.fleet.decide({ on, kind, until: until.at, ...redacted(words, admin.redact) }));
}

function faultIn(loc: readonly string[], msg: string): Response {
  return jsonAnswer<FaultsBody>({ detail: [{ type: 'value_error', loc, msg }] }, 422);
}

async function endHold(admin: HoldAdmin, { body, caller }: End, on: HoldSubject): Promise<Response> {
  const words = { by: whoOf(caller, body.by), reason: body.reason ?? 'ended' };
  return answerOf(
    admin,
    on,
    await admin.fleet.decide({ on, kind: 'none', until: null, ...redacted(words, admin.redact) }),
  );
}

function answerOf({ fleet, config }: HoldAdmin, on: HoldSubject, outcome: HoldOutcome): Response {
  switch (outcome.kind) {
    case 'unknown-target':
      return nothingFound();
    case 'store-lost':
      return detailAnswer(503, { error: lostLine(outcome) });
    case 'stored': {
      const holdKey = config.targets.find(({ id }) => id === on)?.holdKey;
      const targets = config.targets.filter(
        (target) => on !== 'cooldowns' && (on === 'probing' || target.holdKey === holdKey),
      );
      const status = fleet.status();
      return jsonAnswer<HeldBody>({
        changed: outcome.change === 'made',
        hold: heldOf(outcome.hold),
        targets: targets.map(({ id, name, host, region = null }) => {
          return { target: id, model: name, upstream_host: host, region };
        }),
        pods: podCountOf(status),
        mode: status.mode,
      });
    }
  }
}

function lostLine({ why, done }: Extract<HoldOutcome, { kind: 'store-lost' }>): string {
  if (done === 'nothing') {
    return `Hold not stored, nothing changed: Redis does not answer (${why}); retry later`;
  }
  return `Unknown whether the hold was stored: Redis did not answer in time (${why}); check GET /fleet, or repeat the request: repeating it is safe`;
}

/** A name may mean several targets if one hold holds them all: the same upstream with several keys. */
async function withTarget(
  { config }: HoldAdmin,
  { id: word = '' }: Params,
  answer: (id: TargetId) => Promise<Response>,
): Promise<Response> {
  const found = findTarget(config, word);
  if (found.kind === 'one') return await answer(found.id);
  if (found.kind === 'none') return nothingFound();
  const holdKeys = new Set(config.targets.filter(({ id }) => found.ids.includes(id)).map(({ holdKey }) => holdKey));
  const [first] = found.ids;
  if (holdKeys.size === 1 && first !== undefined) return await answer(first);
  return severalFound(found);
}

function nothingFound(): Response {
  return detailAnswer(404, { error: 'No target has this id or name' });
}

function whoOf(caller: Caller, by: string | undefined): string {
  const key = caller.role === 'anybody' ? 'anybody' : caller.name;
  return by === undefined ? key : `${by} (${key})`;
}

/** Words for logs and answers of every pod: without secrets of this pod, and on one line. */
function redacted<T extends Readonly<Record<string, string>>>(words: T, redact: (text: string) => string): T {
  const cleaned = Object.entries(words).map(([name, text]) => [name, redact(text.replaceAll(/\p{C}+/gu, ' '))]);
  return Object.fromEntries(cleaned) as T;
}
