import type { HttpRoute } from './raw-route.ts';

/** Finds the methods that the routes know at a path; none = there is nothing at this path. */
export type AllowedMethods = (path: string) => readonly string[];

export function allowedMethods(routes: readonly Pick<HttpRoute, 'method' | 'path'>[]): AllowedMethods {
  const patterns = routes.map(({ method, path }) => ({ method, matches: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:[^/]+/g, '[^/]+')}/?$`) }));
  return (path) => {
    const methods = patterns.filter(({ matches }) => matches.test(path)).map(({ method }) => method as string);
    return methods.includes('GET') ? [...methods, 'HEAD'] : methods;
  };
}
