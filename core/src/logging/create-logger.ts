import { createRequire } from 'node:module';
import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { Clock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { formatLogLine } from './log-line.ts';
import type { Logger, LogLevel } from './logger.ts';
import { makeRedactor, type SecretKnowledge } from './redact.ts';

/** `stderr`: lines for people. A path: JSON lines are added to that file, which only its owner may read. */
export type LogDestination = 'stderr' | { readonly file: string };

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly destination: LogDestination;
  readonly clock: Clock;
  readonly secrets?: SecretKnowledge;
}

/**
 * Makes a logger. Every line is cleared of secrets before it is written. The logging library is loaded for the first line that
 * is written: most runs write none. Throws `write-failed` when the file cannot be opened.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { destination } = options;
  const stream = destination === 'stderr' ? standardError : openLogFile(destination.file);
  return wrap(options.level, () => makePino(options, stream));
}

function makePino({ level, clock, secrets }: LoggerOptions, stream: DestinationStream): PinoLogger {
  const { pino } = loadPino();
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${clock.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: makeRedactor(secrets) },
      serializers: { error: pino.stdSerializers.err },
    },
    stream,
  );
}

/** Synchronous, because logging is: a line may be the last thing that a program does. */
function loadPino(): typeof import('pino') {
  return createRequire(import.meta.url)('pino') as typeof import('pino');
}

const standardError: DestinationStream = {
  write: (line) => {
    process.stderr.write(formatLogLine(line));
  },
};

/** Lines are written at once, so that those before a crash are there. */
function openLogFile(path: string): DestinationStream {
  try {
    return loadPino().destination({ dest: path, sync: true, append: true, mkdir: true, mode: 0o600 });
  } catch (error) {
    throw new HoldfastError(
      'write-failed',
      `Cannot open the log ${path}: ${error instanceof Error ? error.message : String(error)}.`,
      {
        hint: 'Choose a file in a folder that you may write.',
        cause: error,
      },
    );
  }
}

/** The levels from the gravest on; a logger of a level writes that and what stands before it. */
const levels = ['silent', 'error', 'warn', 'info', 'debug', 'trace'] as const satisfies readonly LogLevel[];

function wrap(level: LogLevel, make: () => PinoLogger): Logger {
  let made: PinoLogger | undefined;
  const get = (): PinoLogger => (made ??= make());
  const write =
    (method: Exclude<LogLevel, 'silent'>) =>
    (fields: object, message: string): void => {
      if (levels.indexOf(method) <= levels.indexOf(level)) get()[method](fields, message);
    };
  return {
    level,
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    trace: write('trace'),
    child: (fields) => wrap(level, () => get().child(fields)),
  };
}
