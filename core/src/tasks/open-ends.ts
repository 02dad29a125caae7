import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Scope } from '../container/scope.ts';
import type { Destination } from '../contracts/destination.ts';
import type { LocationConfig, PluginContext } from '../contracts/plugin.ts';
import type { Source } from '../contracts/source.ts';
import { FILE_SCHEME, parseLocation } from '../locations/parse-location.ts';
import { openDestination, openSource } from '../plugins/open-location.ts';
import { taskLayers } from './task-layers.ts';
import { tokens } from './tokens.ts';

/** A location as a user writes it, taken apart. */
export function readLocation(scope: Scope, written: string): LocationConfig {
  return parseLocation(written, scope.resolve(tokens.savedLocations));
}

/** Opens a location as a source that lives as long as the scope. */
export async function openTaskSource(scope: Scope, location: LocationConfig): Promise<Source> {
  const source = await openSource(scope.resolve(tokens.registry), location, pluginContext(scope), {
    signal: scope.resolve(tokens.signal),
  });
  scope.defer(async () => source[Symbol.asyncDispose]());
  return source;
}

export interface DestinationWish {
  /** Make it where it does not exist. */
  readonly create: boolean;
  /** `2M` or a timetable; absent: no limit. */
  readonly bandwidth?: string | undefined;
}

/** Opens a location as a destination, with all layers around it, that lives as long as the scope. Rejects with `not-found` when it is not there and is not to be made. */
export async function openTaskDestination(
  scope: Scope,
  location: LocationConfig,
  { create, bandwidth }: DestinationWish,
): Promise<Destination> {
  const options = { signal: scope.resolve(tokens.signal), create };
  const destination = await openDestination(scope.resolve(tokens.registry), location, pluginContext(scope), options);
  scope.defer(async () => destination[Symbol.asyncDispose]());
  return taskLayers(scope).wrap(destination, bandwidth);
}

/** Where a location really is on this machine, with links followed as far as the path exists; undefined when it is elsewhere. */
export async function localPath(location: LocationConfig): Promise<string | undefined> {
  return location.scheme === FILE_SCHEME ? realLocalPath(resolve(location.text)) : undefined;
}

async function realLocalPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(await realLocalPath(above), basename(path));
  }
}

/** What plugins are given in the scope of a task. */
export function pluginContext(scope: Scope): PluginContext {
  const clock = scope.resolve(tokens.clock);
  return { logger: scope.resolve(tokens.logger), now: () => clock.now(), environment: scope.resolve(tokens.environment) };
}
