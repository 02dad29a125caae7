import type { Destination } from '../contracts/destination.ts';
import type { Contribution, LocationConfig, OpenOptions, PluginContext } from '../contracts/plugin.ts';
import type { Source } from '../contracts/source.ts';
import { validateConfig } from '../configuration/validate-config.ts';
import { redactUrls } from '../logging/redact.ts';
import type { PluginRegistry } from './plugin-registry.ts';

/**
 * Opens a location as what to copy from. Rejects with what the plugin's registry rejects with, `location-invalid` or
 * `config-invalid` for what the plugin cannot understand, and what opening rejects with.
 */
export async function openSource(
  registry: PluginRegistry,
  location: LocationConfig,
  context: PluginContext,
  options: OpenOptions = {},
): Promise<Source> {
  return openContribution(await registry.source(location.scheme), location, context, options);
}

/** Opens a location as where to copy to. Rejects as `openSource` does. */
export async function openDestination(
  registry: PluginRegistry,
  location: LocationConfig,
  context: PluginContext,
  options: OpenOptions = {},
): Promise<Destination> {
  return openContribution(await registry.destination(location.scheme), location, context, options);
}

async function openContribution<Opened>(
  contribution: Contribution<never, Opened>,
  location: LocationConfig,
  context: PluginContext,
  options: OpenOptions,
): Promise<Opened> {
  const { scheme, text } = location;
  const parsed = contribution.parseLocation({ scheme, text });
  const subject = `The location ${redactUrls(`${scheme}:${text}`)}`;
  const config = await validateConfig(contribution.config, parsed, subject, contribution.secrets);
  return contribution.open(config, context, options);
}
