import { join } from 'node:path';
import { lstat } from 'node:fs/promises';
import type { BatchResult } from '../contracts/batch.ts';
import type { Content } from '../contracts/content.ts';
import type { Destination } from '../contracts/destination.ts';
import type { Entry, EntryMetadata } from '../contracts/entry.ts';
import type { RelPath } from '../contracts/rel-path.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { digestOf, equalDigests } from '../verification/digest.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Where a location is tried out. */
export interface Probe {
  readonly destination: Destination;
  /** Of the file that is written. */
  readonly key: RelPath;
  /** Further keys that may be used. */
  readonly further: readonly RelPath[];
  readonly signal: AbortSignal;
}

const PROBE_BYTES = 256 * 1024;
/** 2001-02-03T04:05:06.123456789Z: digits down to the nanosecond. */
const PROBE_TIME_NS = 981_173_106_123_456_789n;
const XATTR = 'user.holdfast.doctor';

/** Writes a file and tries everything that a clone does with one. Rejects where the file itself cannot be written and read. */
export async function* probeFile(probe: Probe): AsyncGenerator<Finding> {
  yield await probeReadBack(probe);
  const { capabilities } = probe.destination;
  if (capabilities.metadata !== undefined) yield* await probeMetadata(probe);
  if (capabilities.links !== undefined) yield await probeLinks(probe);
  if (capabilities.cloneFrom !== undefined) yield await probeSharing(probe);
  if (capabilities.batch !== undefined) yield await probeMedium(probe);
  if (capabilities.lock !== undefined) yield await probeLock(probe);
}

async function probeReadBack({ destination, key, signal }: Probe): Promise<Finding> {
  const bytes = Buffer.alloc(PROBE_BYTES, 'holdfast doctor ');
  const content: Content = {
    size: BigInt(bytes.length),
    async *open() {
      yield bytes;
    },
  };
  await destination.write(key, content, { signal });
  await destination.flush({ signal });
  const [written, found] = [
    await digestOf(content.open({ signal }), 'blake3'),
    await digestOf(destination.read(key, { signal }), 'blake3'),
  ];
  if (equalDigests(written, found)) return ok('location.write', 'A file can be written, made durable and read back.');
  throw new HoldfastError('verify-failed', `What was written to ${destination.traits.displayName} is not what is read back.`);
}

async function probeMetadata({ destination, key, signal }: Probe): Promise<Finding[]> {
  const { metadata } = destination.capabilities;
  if (metadata === undefined) return [];
  const wanted: EntryMetadata = { mtimeNs: PROBE_TIME_NS, mode: 0o640, xattrs: new Map([[XATTR, Buffer.from('1')]]) };
  const entry: Entry = { kind: 'file', path: key, size: BigInt(PROBE_BYTES), metadata: wanted };
  await metadata.apply(key, entry, wanted, { signal });
  const kept = await metadata.read(key, { signal });
  const step = destination.traits.mtimeResolutionNs;
  const timeKept = kept.mtimeNs !== undefined && step > 0n && kept.mtimeNs / step === PROBE_TIME_NS / step;
  return [
    kept.xattrs?.get(XATTR) !== undefined
      ? ok('location.xattrs', 'Extended attributes and access lists are kept.')
      : warn(
          'location.xattrs',
          'Extended attributes are not kept here.',
          'They are left out and reported. Use a file system that has them, or --no-xattrs.',
        ),
    kept.mode !== undefined && (kept.mode & 0o777) === 0o640 && timeKept
      ? ok('location.metadata', 'Permissions and times are kept.')
      : warn(
          'location.metadata',
          'Permissions or times are not kept here as they are.',
          'They are reported as not kept. Use a file system that has them.',
        ),
  ];
}

async function probeLinks({ destination, key, further: [, linkKey = key], signal }: Probe): Promise<Finding> {
  const works = await destination.capabilities.links?.hardLink(key, linkKey, { signal }).then(
    () => true,
    () => false,
  );
  if (works === true) return ok('location.links', 'Hard links work: the safety net takes no copying.');
  return warn(
    'location.links',
    'There are no hard links here.',
    'What is replaced is moved to the safety net instead; hard links of a source become separate files.',
  );
}

async function probeSharing({ destination, key, further: [copyKey = key], signal }: Probe): Promise<Finding> {
  const { localRoot } = destination.traits;
  const check = 'location.reflink';
  if (localRoot === undefined) return ok(check, 'Blocks are not shared with this machine.');
  const { dev, ino } = await lstat(join(localRoot, key), { bigint: true });
  const shared = await destination.capabilities.cloneFrom?.({ root: localRoot, path: key, dev, ino }, copyKey, { signal });
  if (shared === true)
    return ok(check, 'Copies within this file system share their blocks (reflink): they take no time and no room.');
  return ok(check, 'No reflinks here: copies within this file system take their full room.');
}

/** Asks for a digest of what the medium holds, as `--verify` does. */
async function probeMedium({ destination, key, signal }: Probe): Promise<Finding> {
  const operations = (async function* () {
    yield [{ op: 'inspect', id: 0, key, digest: 'blake3' }] as const;
  })();
  const results: BatchResult[] = [];
  const options = { signal, runId: 'doctor', preserve: { owner: true, xattrs: true } };
  for await (const some of destination.capabilities.batch?.run(operations, options) ?? []) results.push(...some);
  const readFrom = results[0]?.readFrom;
  if (readFrom === 'medium')
    return ok('location.read-back', 'What was written can be read back from the medium itself (O_DIRECT).');
  if (readFrom === 'dropped-cache')
    return ok('location.read-back', 'What was written is read back after its cache was dropped; O_DIRECT does not work here.');
  return warn(
    'location.read-back',
    'What was written can be read back from the cache only.',
    'Run `holdfast verify` after the disk was mounted anew to be sure.',
  );
}

async function probeLock({ destination, key, further: [, , lockKey = key], signal }: Probe): Promise<Finding> {
  const { lock } = destination.capabilities;
  const held = await lock?.acquire(lockKey, 'doctor', { signal });
  await held?.[Symbol.asyncDispose]();
  return ok('location.lock', 'Two runs cannot use it at once.');
}
