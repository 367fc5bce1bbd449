import { fork, type ChildProcess } from 'node:child_process';

/** What a child process offers: named calls with structured-clonable arguments and results. */
export type Calls = Record<string, (...args: never[]) => unknown>;

interface Request {
  readonly number: number;
  readonly call: string;
  readonly args: unknown[];
}

type Answer = { readonly number: number; readonly result: unknown } | { readonly number: number; readonly error: string };

/** Serves calls of the parent process until it goes away. */
export function serveCalls(calls: Calls): void {
  process.on('message', (request: Request) => {
    void answer(calls, request).then((reply) => process.send!(reply));
  });
  process.on('disconnect', () => process.exit(0));
}

async function answer(calls: Calls, { number, call, args }: Request): Promise<Answer> {
  try {
    return { number, result: await calls[call]!(...(args as never[])) };
  } catch (error) {
    return { number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

type Remote<C extends Calls> = { [K in keyof C]: (...args: Parameters<C[K]>) => Promise<Awaited<ReturnType<C[K]>>> };

export interface Child<C extends Calls> {
  readonly call: Remote<C>;
  readonly pid: number;
  /** Ends the process the hard way and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** Starts `file` as a process of its own, under Node or under `runtime`, and speaks to it. Calls of a process that died are rejected. */
export function startChild<C extends Calls>(file: string, execArgv: string[] = [], runtime?: string): Child<C> {
  // JSON is what another runtime understands.
  const child: ChildProcess = runtime ? fork(file, { serialization: 'json', execPath: runtime, execArgv: [] }) : fork(file, { serialization: 'advanced', execArgv: [...execArgv, '--disable-warning=ExperimentalWarning'] });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let last = 0;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended`));
      waiting.clear();
      resolve();
    });
  });
  child.on('message', (reply: Answer) => {
    const caller = waiting.get(reply.number);
    waiting.delete(reply.number);
    if ('error' in reply) caller?.reject(new Error(reply.error));
    else caller?.resolve(reply.result);
  });
  const call = new Proxy({} as Remote<C>, {
    get: (_, name: string) => (...args: unknown[]) =>
      new Promise((resolve, reject) => {
        const number = ++last;
        waiting.set(number, { resolve, reject });
        child.send({ number, call: name, args } satisfies Request, (error) => error && reject(error));
      }),
  });
  return {
    call,
    pid: child.pid!,
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await gone;
    },
  };
}
