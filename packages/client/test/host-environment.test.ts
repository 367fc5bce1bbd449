// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { hostEnvironment } from '../src/index.ts';

const constrainedOn = (connection: object) => hostEnvironment({ crypto, navigator: { connection } } as unknown as typeof globalThis).constrained();

describe('host environment', () => {
  it('[CL3] hears when the network is back and when the page is shown again, until told to stop', () => {
    const heard: string[] = [];
    const stop = hostEnvironment(window as unknown as typeof globalThis).onWake((signal) => heard.push(signal));
    window.dispatchEvent(new Event('online'));
    window.dispatchEvent(new Event('pageshow'));
    document.dispatchEvent(new Event('visibilitychange'));
    stop();
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(heard).toEqual(['online', 'pageshow', 'visible']);
  });

  it('[CL10] reads settings of the device', () => {
    const env = hostEnvironment(window as unknown as typeof globalThis);
    expect(env.setting('ws_debug')).toBeNull();
    window.localStorage.setItem('ws_debug', 'true');
    expect(env.setting('ws_debug')).toBe('true');
    window.localStorage.clear();
  });

  it('makes ids without crypto.randomUUID, which plain http pages lack, and chance between 0 and 1', () => {
    const { crypto } = globalThis;
    const env = hostEnvironment({ crypto: { getRandomValues: crypto.getRandomValues.bind(crypto) } } as unknown as typeof globalThis);
    const ids = new Set(Array.from({ length: 100 }, () => env.newId()));
    expect(ids.size).toBe(100);
    expect([...ids].every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    const chance = env.random();
    expect(chance >= 0 && chance < 1).toBe(true);
  });

  it('[CL8] a Node program has no tabs to share with', () => {
    const { locks, openChannel } = hostEnvironment({ navigator: { locks: {} }, BroadcastChannel, crypto } as unknown as typeof globalThis);
    expect([locks, openChannel]).toEqual([undefined, undefined]);
  });

  it('[CL2] knows a mobile network and the wish to save data', () => {
    expect([constrainedOn({ type: 'cellular' }), constrainedOn({ saveData: true }), constrainedOn({ type: 'wifi', saveData: false }), constrainedOn({})]).toEqual([true, true, false, false]);
  });
});
