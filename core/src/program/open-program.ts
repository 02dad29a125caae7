import { access } from 'node:fs/promises';
import { readConfiguration } from '../configuration/config-file.ts';
import { createScope } from '../container/create-scope.ts';
import type { Scope } from '../container/scope.ts';
import type { EventSink } from '../contracts/events.ts';
import { systemClock } from '../environment/clock.ts';
import { readEnvironment } from '../environment/process-environment.ts';
import { systemRandom } from '../environment/random.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { createLogger, type LogDestination } from '../logging/create-logger.ts';
import type { LogLevel } from '../logging/logger.ts';
import { type PluginPlaces, pluginBases, pluginReferences } from '../plugins/manage-plugins.ts';
import { openPluginRegistry } from '../plugins/plugin-registry.ts';
import { tokens } from '../tasks/tokens.ts';
import { programFolders } from './program-folders.ts';

export interface ProgramOptions {
  readonly places: PluginPlaces;
  /** The user named the configuration file: it has to be there. */
  readonly configRequired: boolean;
  readonly log: { readonly level: LogLevel; readonly destination: LogDestination };
  readonly sink: EventSink;
  readonly signal: AbortSignal;
}

/**
 * The scope of a program, with everything that tasks find in it. Reads the configuration and the manifests of the plugins; runs none
 * of their code. Rejects with `config-invalid`, `plugin-missing` or `plugin-invalid`, before anything is done.
 */
export async function openProgram({ places, configRequired, log, sink, signal }: ProgramOptions): Promise<Scope> {
  if (configRequired) await requireConfiguration(places.configPath);
  const { locations } = await readConfiguration(places.configPath);
  const registry = await openPluginRegistry(await pluginReferences(places), pluginBases(places));
  const scope = await createScope('program');
  return scope
    .provideShared(tokens.clock, systemClock)
    .provideShared(tokens.random, systemRandom)
    .provideShared(tokens.environment, readEnvironment)
    .provideShared(tokens.folders, programFolders(readEnvironment, process.platform))
    .provideShared(tokens.savedLocations, locations)
    .provideShared(tokens.registry, registry)
    .provideShared(tokens.sink, sink)
    .provideShared(tokens.signal, signal)
    .provide(tokens.logger, () => createLogger({ ...log, clock: systemClock }));
}

async function requireConfiguration(path: string): Promise<void> {
  try {
    await access(path);
  } catch (cause) {
    throw new HoldfastError('config-invalid', `The configuration ${path} cannot be read.`, {
      hint: 'Check what stands after --config.',
      cause,
    });
  }
}
