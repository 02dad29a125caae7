import type { Scope } from '../container/scope.ts';
import { compileSelection } from '../selection/compile-selection.ts';
import { openStore, openVersion, openVersions } from './open-version.ts';
import type { FindRequest, FoundEntry } from './requests.ts';
import { everything } from './selections.ts';
import { splitLocation } from './split-location.ts';
import { describeEntry, versionEntries } from './version-entries.ts';

/** The entries that a pattern names, version by version, the oldest first. Rejects with what opening a location rejects with. */
export async function* findEntries(program: Scope, request: FindRequest): AsyncGenerator<FoundEntry> {
  await using scope = program.child('find');
  const { location, at } = await splitLocation(request.location, request.at);
  const store = await openStore(scope, location, request.repository);
  const versions = at === undefined ? await openVersions(scope, store) : [await openVersion(scope, store, at)];
  const rule = { effect: 'exclude', pattern: request.pattern } as const;
  const { decide } = compileSelection({ ...everything, rules: [rule] });
  for (const version of versions) {
    const source = await version.open();
    for await (const entry of versionEntries(scope, source, everything)) {
      if (entry.path !== '' && decide(entry.path, entry.kind === 'directory') === 'out')
        yield { ...describeEntry(entry), snapshot: version.id };
    }
  }
}
