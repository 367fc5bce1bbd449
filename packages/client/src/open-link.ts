import { Connection } from './connection.ts';
import type { TransportKind } from './connection-state.ts';
import type { Environment } from './environment.ts';
import type { Link, LinkEvents } from './link.ts';
import { tabLocks } from './tabs/tab-locks.ts';
import { TabLink, type TabLinkParts } from './tabs/tab-link.ts';
import type { GetToken } from './token-keeper.ts';
import { transportOpeners, type Endpoints } from './transport-openers.ts';

export interface RealtimeClientOptions extends Endpoints {
  readonly getToken: GetToken;
  /** Ways to the server in use; default all: WebSocket first, then server-sent events, then polling. */
  readonly transports?: readonly TransportKind[];
  /** Share one connection between the tabs of this browser; default true [CL8]. */
  readonly shareTabs?: boolean;
  /**
   * Tabs share only within a scope. A page that signs in by other means than its neighbours (a kiosk with a device token beside a
   * librarian's tab) needs one of its own: tabs of one scope must speak for the same user.
   */
  readonly scope?: string;
  readonly environment?: Environment;
}

export interface LinkParts extends Pick<TabLinkParts, 'hub' | 'relay' | 'onSettled' | 'serverNow'> {
  readonly env: Environment;
  readonly options: RealtimeClientOptions;
}

/** The client's way to the server: shared with other tabs where that is possible and wanted, else its own. */
export function openLink({ env, options, ...shared }: LinkParts, events: LinkEvents): Link {
  const openers = transportOpeners(env, options);
  const wanted = () => shared.hub.wanted();
  const direct = (of: LinkEvents) => new Connection({ ...options, env, openers, wanted }, of);
  const { openChannel } = env;
  const locks = options.shareTabs === false ? undefined : tabLocks(env);
  if (!locks || !openChannel) return direct(events);
  const scope = `clms:${options.scope ?? ''}:${options.url ?? ''}`;
  return new TabLink({ env, locks, scope, direct, channel: openChannel(scope), ...shared }, events);
}
