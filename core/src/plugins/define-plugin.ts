import type { Contribution, PluginDefinition } from '../contracts/plugin.ts';
import type { Destination } from '../contracts/destination.ts';
import type { SnapshotProvider } from '../contracts/snapshot.ts';
import type { Source } from '../contracts/source.ts';
import type { Verifier } from '../contracts/verifier.ts';

/** What `definePlugin` takes; each contribution has a configuration of its own type. */
export interface PluginParts<Sources extends readonly unknown[], Destinations extends readonly unknown[]> {
  readonly apiVersion: 1;
  readonly name: string;
  readonly sources?: { readonly [Index in keyof Sources]: Contribution<Sources[Index], Source> };
  readonly destinations?: { readonly [Index in keyof Destinations]: Contribution<Destinations[Index], Destination> };
  readonly snapshots?: readonly SnapshotProvider[];
  readonly verifiers?: readonly Verifier[];
}

/**
 * What the entry module of a plugin exports by default. The package's package.json says the same before any code runs:
 * `"holdfast": { "apiVersion": 1, "schemes": ["acme"] }`.
 *
 * @example
 * export default definePlugin({ apiVersion: 1, name: 'holdfast-acme', destinations: [{ scheme: 'acme', … }] });
 */
export function definePlugin<const Sources extends readonly unknown[] = [], const Destinations extends readonly unknown[] = []>(
  parts: PluginParts<Sources, Destinations>,
): PluginDefinition {
  // The registry gives each contribution only what the contribution's own schema made: the types fit, though the list forgets them.
  return parts as unknown as PluginDefinition;
}
