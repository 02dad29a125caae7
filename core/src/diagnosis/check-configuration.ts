import { access } from 'node:fs/promises';
import { readConfiguration } from '../configuration/config-file.ts';
import { toHoldfastError } from '../errors/holdfast-error.ts';
import { fail, type Finding, ok } from './finding.ts';

/** Whether the configuration in a file can be read. A missing one is fine. */
export async function checkConfiguration(path: string): Promise<Finding> {
  try {
    const { plugins, locations } = await readConfiguration(path);
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    if (!exists) return ok('configuration', `No configuration at ${path}; the defaults hold.`);
    return ok('configuration', `${path} is valid: ${plugins.length} plugins, ${Object.keys(locations).length} saved locations.`);
  } catch (error) {
    const { message, hint } = toHoldfastError(error);
    return fail('configuration', message, hint);
  }
}
