import type { DestinationStream, Logger as PinoLogger } from 'pino';
import type { Clock } from '../environment/clock.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { formatLogLine } from './log-line.ts';
import type { Logger, LogLevel } from './logger.ts';
import { makeRedactor, type SecretKnowledge } from './redact.ts';

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `stderr`: lines for people. A path: JSON lines are added to that file, which only its owner may read. */
  readonly destination: 'stderr' | { readonly file: string };
  readonly clock: Clock;
  readonly secrets?: SecretKnowledge;
}

/**
 * Makes a logger; loads the logging library when called. Every line is cleared of secrets before it is written. Rejects with
 * `write-failed` when the file cannot be opened.
 */
export async function createLogger(options: LoggerOptions): Promise<Logger> {
  const { pino } = await import('pino');
  const { destination, clock } = options;
  const stream = destination === 'stderr' ? standardError : await openLogFile(destination.file);
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${clock.now().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: makeRedactor(options.secrets) },
      serializers: { error: pino.stdSerializers.err },
    },
    stream,
  );
  return wrap(logger);
}

const standardError: DestinationStream = {
  write: (line) => {
    process.stderr.write(formatLogLine(line));
  },
};

/** Lines are written at once, so that those before a crash are there. */
async function openLogFile(path: string): Promise<DestinationStream> {
  const { pino } = await import('pino');
  try {
    return pino.destination({ dest: path, sync: true, append: true, mkdir: true, mode: 0o600 });
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

function wrap(logger: PinoLogger): Logger {
  return {
    error: (fields, message) => logger.error(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    info: (fields, message) => logger.info(fields, message),
    debug: (fields, message) => logger.debug(fields, message),
    trace: (fields, message) => logger.trace(fields, message),
    child: (fields) => wrap(logger.child(fields)),
  };
}
