import { toHoldfastError } from '../errors/holdfast-error.ts';
import { loadPlugin } from '../plugins/load-plugin.ts';
import { type ListedPlugin, listPlugins, type PluginPlaces } from '../plugins/manage-plugins.ts';
import { fail, type Finding, ok } from './finding.ts';

/** Whether every plugin loads, with the native libraries that it brings. Runs their code. Rejects with `config-invalid` only. */
export async function checkPlugins(places: PluginPlaces): Promise<Finding[]> {
  return Promise.all((await listPlugins(places)).map(checkPlugin));
}

async function checkPlugin({ name, info, error }: ListedPlugin): Promise<Finding> {
  const check = `plugin.${name}`;
  if (info === undefined) return fail(check, error?.message ?? `The plugin "${name}" cannot be used.`, error?.hint ?? '');
  try {
    await loadPlugin(info);
    return ok(
      check,
      `${name} ${info.version} loads and handles ${info.manifest.schemes.map((scheme) => `${scheme}:`).join(' ')}`,
    );
  } catch (thrown) {
    const { message, hint } = toHoldfastError(thrown);
    return fail(check, message, hint);
  }
}
