import pino, { type DestinationStream, type Logger } from 'pino';

/** Fields that must never be written, wherever they stand in what is logged. Names of people are not logged at all: log ids. */
const SECRET_FIELDS = ['authorization', 'cookie', 'set-cookie', 'password', 'passwordHash', 'token', 'accessToken', 'refreshToken', 'deviceToken', 'ticket', 'secret'] as const;
/** Depths at which they are looked for: pino's paths have no "anywhere". */
const PREFIXES = ['', '*.', '*.*.', 'req.headers.', 'res.headers.', 'details.*.'];

export interface LogOptions {
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty';
}

/** Logs to `destination` (standard output unless told otherwise) with secrets taken out. */
export async function createLog({ logLevel, logFormat }: LogOptions, destination?: DestinationStream): Promise<Logger> {
  const paths = PREFIXES.flatMap((prefix) => SECRET_FIELDS.map((field) => (field.includes('-') ? `${prefix.replace(/\.$/, '')}["${field}"]` : `${prefix}${field}`)));
  const options = { level: logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths, censor: '[secret]' } };
  // Written at once, not by a worker: the last lines of a process that dies are the ones that matter.
  if (logFormat === 'json') return pino(options, destination ?? pino.destination({ sync: true }));
  const { default: pretty } = await import('pino-pretty');
  return pino(options, pretty({ colorize: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname', sync: true, ...(destination && { destination: destination as NodeJS.WritableStream & DestinationStream }) }));
}
