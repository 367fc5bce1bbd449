/** What a request says of where it comes from, and what is allowed. */
export interface OriginCheck {
  /** The `Origin` header; absent = not a browser, and the credential alone decides. */
  readonly origin: string | undefined;
  /** The host the caller addressed: `Host`, or what a trusted proxy forwarded. */
  readonly host: string | undefined;
  /** Exact origins (`https://desk.example:8443`); undefined = the host name of `host`, on any port. */
  readonly allowed: readonly string[] | undefined;
}

/**
 * Whether a page of this origin may speak to this server [UP4]. Compared are whole, parsed origins and host names, never parts of text:
 * `https://example.org.evil.net` and `https://evilexample.org` are strangers to `example.org`, and an IP address is a host name like others.
 */
export function originAllowed({ origin, host, allowed }: OriginCheck): boolean {
  if (origin === undefined) return true;
  const from = parseOrigin(origin);
  if (!from) return false; // `null`, as sandboxed pages and files send it, is nobody we know
  if (allowed) return allowed.some((entry) => parseOrigin(entry)?.origin === from.origin);
  const addressed = host === undefined ? undefined : parseOrigin(`http://${host}`);
  return addressed !== undefined && addressed.hostname === from.hostname;
}

function parseOrigin(text: string): URL | undefined {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return undefined;
  // An origin has no path, no query and no user; what has them was not written by a browser.
  return url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password && !text.includes('\\') ? url : undefined;
}
