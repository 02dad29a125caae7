import type { Entry } from '../contracts/entry.ts';
import type { Source } from '../contracts/source.ts';
import type { TreeDescription } from '../testing/tree-description.ts';
import type { ContractPromise } from './check.ts';
import { collectScan } from './collect-scan.ts';
import { fail } from './expectations.ts';

/** What a check of a source works with. */
export interface SourceContext {
  /** Makes a tree and opens it; disposed when the check is over. */
  readonly open: (tree: TreeDescription) => Promise<Source>;
}

/** One check of a source. Plain data but for `run`. */
export interface SourceCheck {
  /** Stable, `source.name`. */
  readonly id: string;
  readonly title: string;
  readonly promise: ContractPromise;
  readonly needs?: 'extents' | 'readMany';
  readonly run: (context: SourceContext) => Promise<void>;
}

/** Every entry of a source. */
export function entriesOf(source: Source): Promise<Entry[]> {
  return collectScan((options) => source.scan(options));
}

/** The entry at a path. Fails where the scan does not give it. */
export async function entryAt(source: Source, path: string): Promise<Entry> {
  return (await entriesOf(source)).find((entry) => entry.path === path) ?? fail(`the scan does not give "${path}"`);
}
