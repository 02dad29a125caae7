import { defineToken } from '../container/token.ts';
import type { EventSink } from '../contracts/events.ts';
import type { Clock } from '../environment/clock.ts';
import type { Random } from '../environment/random.ts';
import type { Logger } from '../logging/logger.ts';
import type { PluginRegistry } from '../plugins/plugin-registry.ts';

/** Folders of this machine that a program works with, absolute. */
export interface ProgramFolders {
  /** For what does not fit into memory. */
  readonly scratch: string;
  /** What this machine remembers; may be deleted at any time. */
  readonly state: string;
  /** What was read of elsewhere and may be wanted again; may be deleted at any time. */
  readonly cache: string;
}

/** What every task finds in the scope of its program. */
export const tokens = {
  clock: defineToken<Clock>('clock'),
  random: defineToken<Random>('random'),
  logger: defineToken<Logger>('logger'),
  registry: defineToken<PluginRegistry>('plugin registry'),
  environment: defineToken<(name: string) => string | undefined>('environment'),
  folders: defineToken<ProgramFolders>('folders'),
  savedLocations: defineToken<Readonly<Record<string, { readonly location: string }>>>('saved locations'),
  sink: defineToken<EventSink>('event sink'),
  signal: defineToken<AbortSignal>('signal'),
} as const;
