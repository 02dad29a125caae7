import type { PluginLogger } from '../contracts/plugin.ts';

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug' | 'trace';

/** Writes what happens for whoever looks for a fault; results and progress are events, not log lines. */
export interface Logger extends PluginLogger {
  /** What is below it is not written, and need not be put together. */
  readonly level: LogLevel;
  error(fields: object, message: string): void;
  trace(fields: object, message: string): void;
  /** A logger that adds `fields` to each line. */
  child(fields: object): Logger;
}

/** The level for so many `-v`: warnings, then what is done, then why, then everything. */
export function levelForVerbosity(verbosity: number): LogLevel {
  const levels = ['warn', 'info', 'debug', 'trace'] as const;
  return levels[Math.max(0, Math.min(verbosity, levels.length - 1))] ?? 'warn';
}
