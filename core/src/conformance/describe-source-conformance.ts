import type { Source } from '../contracts/source.ts';
import type { TreeDescription } from '../testing/tree-description.ts';
import { sourceChecks } from './checks/source-checks.ts';
import type { SkippableTest, TestFramework } from './describe-conformance.ts';

export interface SourceConformanceSetup extends TestFramework {
  /** What is tested, for the report. */
  readonly name: string;
  /** Makes a tree and opens it as a source: files, sparse files, directories and symbolic links with modes and times. */
  readonly open: (tree: TreeDescription) => Promise<Source>;
}

/**
 * Makes a test of each check of a source.
 *
 * @example
 * import { describe, it } from 'vitest';
 * import { describeSourceConformance, plantLocalTree } from '@holdfast/core/conformance';
 *
 * describeSourceConformance({ name: 'acme folder', open: async (tree) => openFolder(await plant(tree)), describe, it });
 */
export function describeSourceConformance({ name, open, describe, it }: SourceConformanceSetup): void {
  describe(`${name} keeps the promises of a source`, () => {
    for (const { id, title, needs, run } of sourceChecks) {
      it(`${id}: ${title}`, async (test: SkippableTest) => {
        await using opened = new AsyncDisposableStack();
        const openTree = async (tree: TreeDescription): Promise<Source> => opened.use(await open(tree));
        if (needs !== undefined && (await openTree({}))[needs] === undefined) test.skip?.(`not supported: ${needs}`);
        else await run({ open: openTree });
      });
    }
  });
}
