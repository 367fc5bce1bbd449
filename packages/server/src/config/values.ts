import { isIP } from 'node:net';

// Readers of configuration values: text in, value out, or what is allowed instead. None of them knows a name.

export type Reading<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'wrong'; readonly allowed: string };
export interface ValueType<T> {
  /** As in the documentation: 'port', 'duration'. */
  readonly name: string;
  read(text: string): Reading<T>;
}

const ok = <T>(value: T): Reading<T> => ({ kind: 'ok', value });
const wrong = (allowed: string): Reading<never> => ({ kind: 'wrong', allowed });

export const text: ValueType<string> = { name: 'text', read: (value) => (value.trim() === '' ? wrong('some text') : ok(value.trim())) };

export const flag: ValueType<boolean> = {
  name: 'true or false',
  read(value) {
    const word = value.trim().toLowerCase();
    if (['true', 'on', 'yes', '1'].includes(word)) return ok(true);
    if (['false', 'off', 'no', '0'].includes(word)) return ok(false);
    return wrong('true or false, on or off');
  },
};

export function integer(min: number, max: number): ValueType<number> {
  const allowed = `a whole number from ${min} to ${max}`;
  return {
    name: `${min} to ${max}`,
    read(value) {
      const number = /^\d{1,15}$/.test(value.trim()) ? Number(value) : Number.NaN;
      return number >= min && number <= max ? ok(number) : wrong(allowed);
    },
  };
}

export const port = integer(0, 65_535);

/** `off`, or what the type reads. */
export function orOff<T>(type: ValueType<T>): ValueType<T | 'off'> {
  return {
    name: `${type.name}, or off`,
    read(value) {
      if (value.trim().toLowerCase() === 'off') return ok('off' as const);
      const reading = type.read(value);
      return reading.kind === 'ok' ? reading : wrong(`off, or ${reading.allowed}`);
    },
  };
}

export function oneOf<const T extends string>(...words: readonly T[]): ValueType<T> {
  return {
    name: words.join(', '),
    read(value) {
      const found = words.find((word) => word.toLowerCase() === value.trim().toLowerCase());
      return found === undefined ? wrong(`one of ${words.join(', ')}`) : ok(found);
    },
  };
}

/** Comma list; empty items are ignored. */
export function listOf<T>(type: ValueType<T>): ValueType<readonly T[]> {
  return {
    name: `list of ${type.name}`,
    read(value) {
      const readings = value.split(',').map((item) => item.trim()).filter(Boolean).map((item) => type.read(item));
      const bad = readings.find((reading) => reading.kind === 'wrong');
      if (bad?.kind === 'wrong') return wrong(`a comma list, each ${bad.allowed}`);
      return readings.length === 0 ? wrong(`a comma list of ${type.name}`) : ok(readings.flatMap((reading) => (reading.kind === 'ok' ? [reading.value] : [])));
    },
  };
}

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `500ms`, `30s`, `15m`, `24h`, `7d` → milliseconds. */
export function duration(minMs: number, maxMs: number): ValueType<number> {
  return {
    name: 'duration',
    read(value) {
      const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/i.exec(value.trim());
      const ms = match ? Math.round(Number(match[1]) * UNIT_MS[match[2]!.toLowerCase() as keyof typeof UNIT_MS]) : Number.NaN;
      return ms >= minMs && ms <= maxMs ? ok(ms) : wrong(`a duration such as 30s, 15m or 24h, from ${showDuration(minMs)} to ${showDuration(maxMs)}`);
    },
  };
}

function showDuration(ms: number): string {
  const unit = (['d', 'h', 'm', 's'] as const).find((candidate) => ms >= UNIT_MS[candidate] && ms % UNIT_MS[candidate] === 0) ?? 'ms';
  return `${ms / UNIT_MS[unit]}${unit}`;
}

const UNIT_BYTES = { b: 1, kb: 1024, mb: 1024 ** 2 } as const;

/** `65536`, `64kb`, `1mb` → bytes. */
export function size(minBytes: number, maxBytes: number): ValueType<number> {
  return {
    name: 'size',
    read(value) {
      const match = /^(\d+(?:\.\d+)?)\s*(b|kb|mb)?$/i.exec(value.trim());
      const bytes = match ? Math.round(Number(match[1]) * UNIT_BYTES[(match[2] ?? 'b').toLowerCase() as keyof typeof UNIT_BYTES]) : Number.NaN;
      return bytes >= minBytes && bytes <= maxBytes ? ok(bytes) : wrong(`a size such as 64kb or 1mb, from ${minBytes} bytes to ${maxBytes / UNIT_BYTES.mb}mb`);
    },
  };
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** `20/40` → 20 a second, bursts of 40. */
export const rate: ValueType<Rate> = {
  name: 'per second/burst',
  read(value) {
    const match = /^(\d{1,6}(?:\.\d+)?)\/(\d{1,7})$/.exec(value.trim());
    const [perSecond, burst] = [Number(match?.[1]), Number(match?.[2])];
    return perSecond > 0 && burst >= 1 ? ok({ perSecond, burst }) : wrong('two numbers above zero such as 20/40: per second, and the burst');
  },
};

/** A URL of one of these schemes. */
export function url(...schemes: readonly string[]): ValueType<string> {
  const allowed = `a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`;
  return { name: 'URL', read: (value) => (schemes.some((scheme) => value.trim().startsWith(`${scheme}://`)) && URL.canParse(value.trim()) ? ok(value.trim()) : wrong(allowed)) };
}

/** `https://desk.example:8443`: scheme, host and port, nothing more. */
export const origin: ValueType<string> = {
  name: 'origin',
  read(value) {
    const parsed = URL.parse(value.trim());
    const exact = parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname === '/' && !parsed.search && !parsed.hash;
    return exact ? ok(parsed.origin) : wrong('scheme, host and port such as https://desk.example:8443');
  },
};

export const address: ValueType<string> = { name: 'address', read: (value) => (isIP(value.trim()) === 0 ? wrong('an address such as 10.0.0.2') : ok(value.trim())) };

export const databaseUrl: ValueType<string> = {
  name: 'database URL',
  read: (value) => (/^(file:.+|memory:|postgres(ql)?:\/\/.+)$/.test(value.trim()) ? ok(value.trim()) : wrong('file:<path>, memory: or postgres://…')),
};

export const urlPath: ValueType<string> = { name: 'path', read: (value) => (/^\/[\w./-]*$/.test(value.trim()) ? ok(value.trim()) : wrong('a path that begins with /')) };

export const timezone: ValueType<string> = {
  name: 'time zone',
  read(value) {
    try {
      return ok(new Intl.DateTimeFormat('en', { timeZone: value.trim() }).resolvedOptions().timeZone);
    } catch (error) {
      if (error instanceof RangeError) return wrong('a time zone name such as Asia/Manila');
      throw error;
    }
  },
};

export const locale: ValueType<string> = {
  name: 'language tag',
  read(value) {
    try {
      return ok(Intl.getCanonicalLocales(value.trim())[0] ?? 'en');
    } catch (error) {
      if (error instanceof RangeError) return wrong('a language tag such as en or fil-PH');
      throw error;
    }
  },
};

export function secretOf(shortestBytes: number): ValueType<string> {
  return { name: 'secret', read: (value) => (Buffer.byteLength(value) >= shortestBytes ? ok(value) : wrong(`at least ${shortestBytes} bytes`)) };
}
