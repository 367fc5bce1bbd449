import type { HttpRoute } from './raw-route.ts';
import { EVENTS_PATH, POLL_PATH } from './without-websocket.ts';

/** Not among the routes: the real-time server answers them itself. */
const STREAMS = new Set([EVENTS_PATH, POLL_PATH]);

/** Finds the methods that the routes know at a path; none = there is nothing at this path. */
export type AllowedMethods = (path: string) => readonly string[];

export function allowedMethods(routes: readonly Pick<HttpRoute, 'method' | 'path'>[]): AllowedMethods {
  const patterns = routes.map(({ method, path }) => ({ method, matches: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}/?$`) }));
  return (path) => {
    if (STREAMS.has(path)) return ['GET'];
    const methods = patterns.filter(({ matches }) => matches.test(path)).map(({ method }) => method as string);
    return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  };
}
