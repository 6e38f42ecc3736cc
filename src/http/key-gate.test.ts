import { describe, expect, it } from 'vitest';
import { createKeyGate } from './key-gate.ts';

describe('key gate', () => {
  const gate = createKeyGate({ masterKey: 'sk-master', withoutMasterKey: 'refuse' });

  it('lets the master key pass in each of the three headers', () => {
    for (const headers of [
      { authorization: 'Bearer sk-master' },
      { authorization: 'bearer sk-master' },
      { 'x-api-key': 'sk-master' },
      { 'api-key': 'sk-master' },
    ]) {
      expect(gate(new Headers(headers))).toBeUndefined();
    }
  });

  it('answers 401 to a missing key', async () => {
    const answer = gate(new Headers());
    expect(answer?.status).toBe(401);
    expect(await answer?.text()).toBe(
      '{"error":{"message":"Authentication Error, No api key passed in.","type":"auth_error","param":"None","code":"401"}}',
    );
  });

  it('answers 401 to a wrong key, whatever it looks like', async () => {
    for (const headers of [
      { authorization: 'Bearer sk-wrong' },
      { authorization: 'Bearer sk-maste' },
      { authorization: 'Bearer sk-masterr' },
      { authorization: 'Bearer ' },
      { authorization: 'Basic c2stbWFzdGVy' },
      { authorization: 'sk-master' },
      { 'x-api-key': '' },
      // The first header that is there decides: a second one does not get another try.
      { authorization: 'Bearer sk-wrong', 'x-api-key': 'sk-master' },
    ]) {
      const answer = gate(new Headers(headers));
      expect(answer?.status).toBe(401);
      expect(await answer?.json()).toMatchObject({ error: { type: 'auth_error', code: '401' } });
    }
  });

  it('refuses every key while none is set, unless it was told to stay open', () => {
    const refusing = createKeyGate({ masterKey: null, withoutMasterKey: 'refuse' });
    expect(refusing(new Headers())?.status).toBe(401);
    expect(refusing(new Headers({ authorization: 'Bearer ' }))?.status).toBe(401);
    expect(refusing(new Headers({ authorization: 'Bearer null' }))?.status).toBe(401);
    const open = createKeyGate({ masterKey: null, withoutMasterKey: 'open' });
    expect(open(new Headers())).toBeUndefined();
  });
});
