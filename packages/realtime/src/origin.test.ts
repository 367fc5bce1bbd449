import { describe, expect, it } from 'vitest';
import { originAllowed } from './origin.ts';

describe('[UP4] fault: origins that are IP addresses or look alike pass: an origin without a configured list', () => {
  it.each([
    [undefined, 'desk.example:3001', true],
    ['http://desk.example:3001', 'desk.example:3002', true],
    ['https://desk.example', 'desk.example', true],
    ['http://DESK.example', 'desk.example:3002', true],
    ['http://192.168.1.5:3001', '192.168.1.5:3002', true],
    ['http://[::1]:3001', '[::1]:3002', true],
    ['http://192.168.1.6:3001', '192.168.1.5:3002', false],
    ['http://127.0.0.1:3001', 'localhost:3002', false],
    ['http://desk.example.evil.net', 'desk.example', false],
    ['http://evildesk.example', 'desk.example', false],
    ['http://evil.net/desk.example', 'desk.example', false],
    ['http://desk.example@evil.net', 'desk.example', false],
    ['http://user@desk.example', 'desk.example', false],
    ['file://desk.example', 'desk.example', false],
    ['null', 'desk.example', false],
    ['', 'desk.example', false],
    ['http://desk.example', undefined, false],
  ])('of %s at host %s: %s', (origin, host, allowed) => expect(originAllowed({ origin, host, allowed: undefined })).toBe(allowed));
});

describe('[UP4] an origin with a configured list', () => {
  const list = ['https://desk.example:8443', 'http://app.example'];
  it.each([
    ['https://desk.example:8443', true],
    ['http://app.example', true],
    ['http://app.example:80', true],
    ['https://desk.example', false],
    ['http://desk.example:8443', false],
    ['https://app.example', false],
    ['https://sub.desk.example:8443', false],
    ['http://own.host', false],
    [undefined, true],
  ])('of %s: %s', (origin, allowed) => expect(originAllowed({ origin, host: 'own.host', allowed: list })).toBe(allowed));
});
