import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectEqual, expectTrue } from '../expectations.ts';
import { patternContent } from '../pattern.ts';

const missing = { of: 'Destination.stat', says: 'Resolves with undefined for a missing key; never rejects for that.' };
const changes = {
  of: 'ObjectInfo.version',
  says: 'Changes whenever the object does (an ETag, inode and ctime); never a hash of the content.',
};
const times = {
  of: 'DestinationTraits.mtimeResolutionNs',
  says: 'Times are kept to multiples of this many nanoseconds; 0n where it keeps none.',
};
const bytes = { of: 'ObjectInfo.size', says: 'Bytes; 0n for what holds none.' };

async function findNothing(context: CheckContext): Promise<void> {
  await context.put('file', 'x');
  for (const name of ['none', 'none/below', 'file/below', 'fil', 'file2']) {
    expectEqual(await context.stat(name), undefined, `stat of "${name}", where nothing is`);
  }
}

async function tellFacts(context: CheckContext): Promise<void> {
  for (const size of [0, 1, 70_001]) {
    const key = context.key(`size ${size}`);
    const written = await context.destination.write(key, patternContent(size, size), {});
    const found = await context.destination.stat(key, {});
    for (const [info, what] of [
      [written, 'the answer of write'],
      [found, 'stat'],
    ] as const) {
      expectEqual(info?.key, key, `${what}: key`);
      expectEqual(info?.kind, 'file', `${what}: kind`);
      expectEqual(info?.size, BigInt(size), `${what}: size`);
    }
    expectEqual(found?.version, written.version, 'the version that stat tells and the one that write told');
    expectEqual(found?.mtimeNs, written.mtimeNs, 'the mtime that stat tells and the one that write told');
  }
}

async function changeVersion(context: CheckContext): Promise<void> {
  const key = context.key('a');
  const seen = new Set<string>();
  for (let round = 0; round < 12; round++) {
    // The same size and time: only the version can tell.
    await context.destination.write(key, patternContent(round % 2, 1000), { mtimeNs: 1_700_000_000_000_000_000n });
    const version = (await context.destination.stat(key, {}))?.version;
    if (version === undefined) return;
    expectTrue(!seen.has(version), `the object changed, and its version is "${version}" as it was before`);
    expectEqual((await context.destination.stat(key, {}))?.version, version, 'the version of an object that did not change');
    seen.add(version);
  }
}

async function keepTime(context: CheckContext): Promise<void> {
  const resolution = context.destination.traits.mtimeResolutionNs;
  for (const mtimeNs of [1_000_000_000_123_456_789n, 1_767_225_599_999_999_999n, 1_700_000_001_000_000_000n]) {
    const key = context.key(`at ${mtimeNs}`);
    await context.destination.write(key, patternContent(1, 10), { mtimeNs });
    const found = (await context.destination.stat(key, {}))?.mtimeNs;
    const off = found === undefined ? undefined : found - mtimeNs;
    const near = off !== undefined && off < resolution && off > -resolution;
    expectTrue(near, `mtime ${mtimeNs} came back as ${found}, with a resolution of ${resolution} ns`);
    expectTrue((found ?? 0n) % resolution === 0n, `mtime ${found} is no multiple of ${resolution} ns`);
  }
}

export const statChecks: readonly ConformanceCheck[] = [
  { id: 'stat.missing', title: 'answers undefined for a missing key', promise: missing, run: findNothing },
  { id: 'stat.facts', title: 'tells key, kind and size, as write did', promise: bytes, run: tellFacts },
  { id: 'stat.version', title: 'tells another version after each change', promise: changes, run: changeVersion },
  { id: 'stat.mtime', title: 'keeps the time that a write gave', promise: times, needs: ['times'], run: keepTime },
];
