import type { Scope } from '../container/scope.ts';
import type { Finding } from '../diagnosis/finding.ts';
import type { LocationReport, TestOptions } from '../diagnosis/test-location.ts';
import { systemRandom } from '../environment/random.ts';
import { readEnvironment } from '../environment/process-environment.ts';
import type { PluginPlaces } from '../plugins/manage-plugins.ts';
import { programFolders } from './program-folders.ts';

/** What `holdfast doctor` and `holdfast plugin test` look at. The code of each check is loaded when it is called. */
export const diagnosis = {
  configuration: async (path: string): Promise<Finding> =>
    (await import('../diagnosis/check-configuration.ts')).checkConfiguration(path),
  plugins: async (places: PluginPlaces): Promise<Finding[]> =>
    (await import('../diagnosis/check-plugins.ts')).checkPlugins(places),
  folders: async (): Promise<Finding[]> =>
    (await import('../diagnosis/check-folders.ts')).checkFolders(programFolders(readEnvironment, process.platform), systemRandom),
  location: async function* (program: Scope, location: string): AsyncGenerator<Finding> {
    const { probeLocation } = await import('../diagnosis/probe-location.ts');
    yield* probeLocation(program, location);
  },
  conformance: async (program: Scope, location: string, options: TestOptions): Promise<LocationReport> =>
    (await import('../diagnosis/test-location.ts')).testLocation(program, location, options),
} as const;
