import type { Entry, EntryMetadata } from '../../contracts/entry.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectEqual, expectRejection, expectTrue } from '../expectations.ts';
import { keptFields } from '../kept-fields.ts';

const applies = {
  of: 'MetadataCapability.apply',
  says: 'Applies mode, owner, times, xattrs and flags to what is at `key` (never through a symbolic link). Resolves with the names of the fields it could not keep',
};
const unknown = { of: 'EntryMetadata', says: 'A field that is absent is unknown to this source.' };
const needs: readonly Need[] = ['metadata'];

/** Applies metadata and fails where what was not reported as lost does not come back. */
async function applyAndRead(
  context: CheckContext,
  name: string,
  metadata: EntryMetadata,
  kind: 'file' | 'directory' = 'file',
): Promise<EntryMetadata> {
  const key = context.key(name);
  const base = { path: key, metadata };
  const entry: Entry = kind === 'file' ? { ...base, kind, size: (await context.stat(name))?.size ?? 0n } : { ...base, kind };
  const notKept = await context.capability('metadata').apply(key, entry, metadata, {});
  const found = await context.capability('metadata').read(key, {});
  const kept = keptFields(metadata, notKept, context.destination.traits);
  for (const field of Object.keys(kept) as (keyof EntryMetadata)[]) {
    const none = field === 'xattrs' ? new Map() : undefined;
    expectEqual(found[field] ?? none, kept[field], `${field} of ${kind} "${name}", applied and not reported as lost`);
  }
  return found;
}

async function roundTrip(context: CheckContext): Promise<void> {
  await context.put('file', 'content');
  await context.destination.capabilities.directories?.create(context.key('directory'), {});
  for (const mode of [0o600, 0o4751, 0o2755, 0o444, 0o644]) await applyAndRead(context, 'file', { mode });
  await applyAndRead(context, 'file', { uid: 12_345, gid: 54_321, mode: 0o640 });
  await applyAndRead(context, 'file', { uid: 0, gid: 0, mode: 0o6755 });
  if (context.destination.capabilities.directories !== undefined) {
    await applyAndRead(context, 'directory', { mode: 0o1777, uid: 7, gid: 8, mtimeNs: 1_600_000_000_000_000_000n }, 'directory');
  }
  expectEqual((await context.get('file')).toString(), 'content', 'the bytes of a file whose metadata was set');
}

async function keepTimes(context: CheckContext): Promise<void> {
  await context.put('file', 'content');
  for (const mtimeNs of [
    0n,
    999_999_999n,
    1_700_000_000_123_456_789n,
    4_000_000_000_999_999_999n,
    -1_000_000_001n,
    -999_999_999n,
  ]) {
    await applyAndRead(context, 'file', { mtimeNs, atimeNs: mtimeNs + 5_000_000_000n });
  }
}

async function keepXattrs(context: CheckContext): Promise<void> {
  await context.put('file', 'content');
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
  const sets: readonly ReadonlyMap<string, Uint8Array>[] = [
    new Map([
      ['user.text', bytes(104, 105)],
      ['user.binary', bytes(0, 255, 128, 10)],
      ['user.empty', bytes()],
    ]),
    new Map([
      ['user.text', bytes(1)],
      ['user.large', new Uint8Array(1000).fill(7)],
    ]),
    new Map(),
  ];
  for (const xattrs of sets) await applyAndRead(context, 'file', { xattrs });
}

async function keepFlags(context: CheckContext): Promise<void> {
  await context.put('file', 'content');
  // FS_NODUMP_FL and FS_NOATIME_FL of ioctl_iflags(2): they lock nothing.
  for (const flags of [0x40, 0x80, 0]) {
    const key = context.key('file');
    const notKept = await context
      .capability('metadata')
      .apply(key, { path: key, kind: 'file', size: 7n, metadata: { flags } }, { flags }, {});
    const found = (await context.capability('metadata').read(key, {})).flags;
    if (!notKept.includes('flags')) expectEqual((found ?? 0) & 0xc0, flags, 'flags, applied and not reported as lost');
  }
}

async function leaveUnknown(context: CheckContext): Promise<void> {
  await context.put('file', 'content');
  const before = await applyAndRead(context, 'file', {
    mode: 0o640,
    mtimeNs: 1_600_000_000_000_000_000n,
    xattrs: new Map([['user.a', Uint8Array.of(1)]]),
  });
  const after = await applyAndRead(context, 'file', { mode: 0o600 });
  for (const field of ['mtimeNs', 'uid', 'gid', 'xattrs'] as const)
    expectEqual(after[field], before[field], `${field}, after metadata without it was applied`);
}

async function notThroughLinks(context: CheckContext): Promise<void> {
  await context.put('target', 'content');
  const before = await applyAndRead(context, 'target', { mode: 0o640, mtimeNs: 1_600_000_000_000_000_000n });
  const key = context.key('link');
  await context.destination.capabilities.links?.symlink(key, 'target', {});
  const metadata = { mode: 0o777, uid: 99, gid: 99, mtimeNs: 1_500_000_000_000_000_000n };
  await context.capability('metadata').apply(key, { path: key, kind: 'symlink', target: 'target', metadata }, metadata, {});
  const after = await context.capability('metadata').read(context.key('target'), {});
  for (const field of ['mode', 'uid', 'gid', 'mtimeNs'] as const) {
    expectEqual(after[field], before[field], `${field} of the target of a link whose metadata was set`);
  }
}

async function rejectMissing(context: CheckContext): Promise<void> {
  const key = context.key('none');
  const metadata = { mode: 0o600 };
  const apply = context.capability('metadata').apply(key, { path: key, kind: 'file', size: 0n, metadata }, metadata, {});
  await expectRejection(apply, ['not-found'], 'setting the metadata of a missing key');
  await expectRejection(context.capability('metadata').read(key, {}), ['not-found'], 'reading the metadata of a missing key');
  expectTrue((await context.stat('none')) === undefined, 'setting the metadata of a missing key made it');
}

export const metadataChecks: readonly ConformanceCheck[] = [
  { id: 'metadata.round-trip', title: 'keeps mode and owner, or says what it lost', promise: applies, needs, run: roundTrip },
  { id: 'metadata.times', title: 'keeps times to its resolution, before 1970 too', promise: applies, needs, run: keepTimes },
  { id: 'metadata.xattrs', title: 'keeps extended attributes, and only those given', promise: applies, needs, run: keepXattrs },
  { id: 'metadata.flags', title: 'keeps inode flags, or says that it lost them', promise: applies, needs, run: keepFlags },
  { id: 'metadata.unknown', title: 'leaves alone what it is not told', promise: unknown, needs, run: leaveUnknown },
  {
    id: 'metadata.links',
    title: 'never acts through a symbolic link',
    promise: applies,
    needs: ['metadata', 'links'],
    run: notThroughLinks,
  },
  { id: 'metadata.missing', title: 'rejects for a missing key', promise: applies, needs, run: rejectMissing },
];
