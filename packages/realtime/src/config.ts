/** Limits and switches of a manager. Sizes are bytes, times milliseconds. */
export interface ManagerConfig {
  /** `start` listens here when no server was attached before; 0 = any free port. Undefined = only on attached servers. */
  readonly port?: number;
  /** Address for `port`; default 127.0.0.1. */
  readonly host?: string;
  /** Path of the upgrade [UP1]. */
  readonly path?: string;
  readonly auth?: {
    readonly requireAuth?: boolean;
    /** Roles that may open a socket; undefined = every role the application authenticates. */
    readonly allowedRoles?: readonly string[];
    readonly rateLimitEnabled?: boolean;
    readonly maxConnectionsPerUser?: number;
  };
  readonly enableCompression?: boolean;
  readonly maxPayload?: number;
  readonly heartbeatInterval?: number;
  readonly maxConnections?: number;
  readonly maxSubscriptions?: number;
  /** Messages a second and burst, per connection [RATE1]. */
  readonly rateLimit?: { readonly perSecond: number; readonly burst: number };
  /** Upgrades a second and burst, per address [RATE2]; false = no limit. */
  readonly connectRateLimit?: { readonly perSecond: number; readonly burst: number } | false;
  /** Exact origins; undefined = the host that was addressed [UP4]. */
  readonly allowedOrigins?: readonly string[];
  /** Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Host` count. */
  readonly trustProxy?: readonly string[];
  /** Bytes a connection may have queued before events are dropped [OUT1], and before it is cut off [OUT3]. */
  readonly queueBytes?: number;
  readonly undroppableBytes?: number;
  readonly stuckAfterMs?: number;
}

/** A configuration with every value decided. */
export interface ResolvedConfig {
  readonly port: number | undefined;
  readonly host: string;
  readonly path: string;
  readonly requireAuth: boolean;
  readonly allowedRoles: readonly string[] | undefined;
  readonly rateLimitEnabled: boolean;
  readonly maxConnectionsPerUser: number;
  readonly compression: boolean;
  readonly maxPayload: number;
  readonly heartbeatMs: number;
  readonly maxConnections: number;
  readonly maxSubscriptions: number;
  readonly rate: { readonly perSecond: number; readonly burst: number };
  readonly userRate: { readonly perSecond: number; readonly burst: number };
  readonly subscribeRate: { readonly perSecond: number; readonly burst: number };
  readonly connectRate: { readonly perSecond: number; readonly burst: number } | undefined;
  readonly allowedOrigins: readonly string[] | undefined;
  readonly trustProxy: readonly string[];
  readonly queueBytes: number;
  readonly undroppableBytes: number;
  readonly stuckAfterMs: number;
}

const MIB = 1024 * 1024;

export function resolveConfig(config: ManagerConfig): ResolvedConfig {
  const auth = config.auth ?? {};
  const rate = config.rateLimit ?? { perSecond: 20, burst: 40 };
  return {
    port: config.port,
    host: config.host ?? '127.0.0.1',
    path: config.path ?? '/ws',
    requireAuth: auth.requireAuth ?? true,
    allowedRoles: auth.allowedRoles,
    rateLimitEnabled: auth.rateLimitEnabled ?? true,
    maxConnectionsPerUser: auth.maxConnectionsPerUser ?? 5,
    compression: config.enableCompression ?? true,
    maxPayload: config.maxPayload ?? MIB,
    heartbeatMs: config.heartbeatInterval ?? 30_000,
    maxConnections: config.maxConnections ?? 20_000,
    maxSubscriptions: config.maxSubscriptions ?? 32,
    rate,
    // A user's tabs together: three times one connection's rate, and no more than that at once; one connection alone is not held back [RATE1].
    userRate: { perSecond: rate.perSecond * 3, burst: Math.max(rate.perSecond * 3, rate.burst) },
    subscribeRate: { perSecond: 10, burst: 10 },
    connectRate: config.connectRateLimit === false ? undefined : (config.connectRateLimit ?? { perSecond: 10, burst: 50 }),
    allowedOrigins: config.allowedOrigins,
    trustProxy: config.trustProxy ?? [],
    queueBytes: config.queueBytes ?? MIB,
    undroppableBytes: config.undroppableBytes ?? 4 * MIB,
    stuckAfterMs: config.stuckAfterMs ?? 15_000,
  };
}
