import type { Entry } from '../../contracts/entry.ts';
import { isHoldfastError } from '../../errors/holdfast-error.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectEqual, expectFailure, expectRejection, expectTrue, expectWithin } from '../expectations.ts';
import { scanAll } from './directory-checks.ts';

const notFollowed = { of: 'Destination.stat', says: 'Does not follow symbolic links.' };
const hardLinks = {
  of: 'LinkCapability.hardLink',
  says: 'Makes `key` another name of `existing`. Rejects with `not-found`, and with `exists` where `key` holds something.',
};
const specials = { of: 'SpecialCapability', says: 'Fifos, sockets and devices.' };
const targets = {
  of: 'SymlinkEntry',
  says: '`target` is lossless for any bytes, like RelPath, but any text: absolute, with `..`, dangling.',
};
const needs: readonly Need[] = ['links'];

async function keepTargets(context: CheckContext): Promise<void> {
  const all = [
    'file',
    '../../out',
    '/etc/hostname',
    'nowhere',
    'with space\nand line',
    'é\udcff',
    'x'.repeat(1000),
    './a//b/../c/',
  ];
  for (const [index, target] of all.entries()) {
    await context.capability('links').symlink(context.key(`l${index}`), target, {});
    expectEqual((await context.stat(`l${index}`))?.kind, 'symlink', `kind of a link to ${JSON.stringify(target)}`);
  }
  if (context.destination.capabilities.directories === undefined) return;
  const found = (await scanAll(context)).filter((entry) => entry.kind === 'symlink').map(({ target }) => target);
  expectEqual(found, all, 'targets that a scan tells');
}

async function neverFollow(context: CheckContext): Promise<void> {
  const { destination } = context;
  await context.put('target', 'precious');
  await context.capability('links').symlink(context.key('link'), 'target', {});
  expectEqual((await context.stat('link'))?.kind, 'symlink', 'kind of a link');
  await expectRejection(context.get('link'), [], 'reading a link');
  // Whether a link is replaced or refused is the destination's choice; writing through it is not.
  await context
    .put('link', 'overwritten')
    .catch((error: unknown) => expectTrue(isHoldfastError(error), `writing where a link is: ${String(error)}`));
  expectEqual((await context.get('target')).toString(), 'precious', 'the target of a link, after a write where the link is');
  await destination.remove(context.key('link'), {});
  expectEqual((await context.get('target')).toString(), 'precious', 'the target of a link, after the link was removed');
  expectEqual(await context.names(), ['target'], 'what is left');
}

async function neverDescend(context: CheckContext): Promise<void> {
  const { destination } = context;
  await context.put('real/file', 'precious');
  await context.capability('links').symlink(context.key('way'), 'real', {});
  await expectRejection(context.put('way/new', 'x'), [], 'writing below a link to a directory');
  await expectRejection(context.put('way/deep/new', 'x'), [], 'writing deep below a link to a directory');
  await expectRejection(context.get('way/file'), [], 'reading below a link to a directory');
  const found = await context.stat('way/file').catch(() => undefined);
  expectEqual(found, undefined, 'stat below a link to a directory');
  await destination.remove(context.key('way/file'), {}).catch(() => undefined);
  expectEqual((await context.get('real/file')).toString(), 'precious', 'a file in a directory that a link leads to');
  expectEqual(await context.names(), ['real/file', 'way'], 'what is listed: the link itself, and nothing below it');
}

async function hardLink(context: CheckContext): Promise<void> {
  await context.put('a', 'shared');
  await context.capability('links').hardLink(context.key('a'), context.key('d/b'), {});
  expectEqual((await context.get('d/b')).toString(), 'shared', 'another name of an object');
  await context.put('a', 'replaced');
  expectEqual((await context.get('d/b')).toString(), 'shared', 'the other name, after the first was written anew');
  await context.capability('links').hardLink(context.key('d/b'), context.key('c'), {});
  await context.destination.remove(context.key('d/b'), {});
  expectEqual((await context.get('c')).toString(), 'shared', 'the last name that is left');
  await expectRejection(
    context.capability('links').hardLink(context.key('none'), context.key('e'), {}),
    ['not-found'],
    'linking a missing object',
  );
  await expectRejection(
    context.capability('links').hardLink(context.key('a'), context.key('c'), {}),
    ['exists'],
    'linking where something is',
  );
  expectEqual((await context.get('c')).toString(), 'shared', 'what was there');
  expectEqual(await context.names(), ['a', 'c'], 'what is listed');
}

async function scanHardLinks(context: CheckContext): Promise<void> {
  await context.put('a', 'shared');
  await context.put('z', 'alone');
  await context.capability('links').hardLink(context.key('a'), context.key('b'), {});
  const [a, b, z] = (await scanAll(context)).filter(({ kind }) => kind === 'file');
  if (a?.identity === undefined) return;
  expectEqual(b?.identity?.ino, a.identity.ino, 'the inode of two names of one object');
  expectEqual(
    [a, b, z].map((entry) => entry?.identity?.nlink),
    [2, 2, 1],
    'how many names each object has',
  );
  expectTrue(z?.identity?.ino !== a.identity.ino, 'two objects have one inode');
}

async function keepSpecial(context: CheckContext): Promise<void> {
  const special = context.capability('special');
  const base = { metadata: { mode: 0o640 } };
  const entries: readonly Entry[] = [
    { ...base, path: context.key('fifo'), kind: 'fifo' },
    { ...base, path: context.key('socket'), kind: 'socket' },
    { ...base, path: context.key('null'), kind: 'char-device', device: (1n << 32n) | 3n },
    { ...base, path: context.key('disk'), kind: 'block-device', device: (259n << 32n) | 70_000n },
  ];
  const made: Entry[] = [];
  for (const entry of entries) {
    const failure: unknown = await special.create(entry.path, entry, {}).then(
      () => undefined,
      (error: unknown) => error,
    );
    // Only root may make devices.
    if (failure !== undefined)
      expectFailure(failure, ['access-denied', 'destination-denied', 'unsupported'], `making a ${entry.kind}`);
    else made.push(entry);
  }
  for (const { path, kind } of made) expectEqual((await context.destination.stat(path, {}))?.kind, kind, `kind of a ${kind}`);
  if (context.destination.capabilities.directories !== undefined) await expectScanned(context, made);
}

async function expectScanned(context: CheckContext, made: readonly Entry[]): Promise<void> {
  const found = new Map((await scanAll(context)).map((entry) => [context.key(entry.path), entry]));
  for (const { path, kind, ...rest } of made) {
    const entry = found.get(path);
    expectEqual(entry?.kind, kind, `kind of a ${kind} in a scan`);
    if ('device' in rest)
      expectEqual(
        entry !== undefined && 'device' in entry ? entry.device : undefined,
        rest.device,
        `device of a ${kind} in a scan`,
      );
  }
}

/** Opening a fifo waits for its other end, for ever. */
async function neverWaitForFifo(context: CheckContext): Promise<void> {
  const key = context.key('fifo');
  await context.destination.capabilities.special?.create(key, { path: key, metadata: {}, kind: 'fifo' }, {});
  await expectWithin(5000, expectRejection(context.get('fifo'), [], 'reading a fifo'), 'reading a fifo');
  const write = context
    .put('fifo', 'x')
    .catch((error: unknown) => expectTrue(isHoldfastError(error), `writing where a fifo is: ${String(error)}`));
  await expectWithin(5000, write, 'writing where a fifo is');
}

export const linkChecks: readonly ConformanceCheck[] = [
  {
    id: 'links.targets',
    title: 'keeps the targets of symbolic links, whatever they are',
    promise: targets,
    needs,
    run: keepTargets,
  },
  { id: 'links.not-followed', title: 'never follows a symbolic link', promise: notFollowed, needs, run: neverFollow },
  {
    id: 'links.not-descended',
    title: 'never goes through a symbolic link to a directory',
    promise: notFollowed,
    needs: ['links', 'directories'],
    run: neverDescend,
  },
  { id: 'links.hard', title: 'makes hard links that stay apart when one is replaced', promise: hardLinks, needs, run: hardLink },
  {
    id: 'links.scan',
    title: 'tells in a scan which names are one object',
    promise: hardLinks,
    needs: ['links', 'directories'],
    run: scanHardLinks,
  },
  { id: 'special.kinds', title: 'makes fifos, sockets and devices', promise: specials, needs: ['special'], run: keepSpecial },
  {
    id: 'special.fifo',
    title: 'never waits for the other end of a fifo',
    promise: specials,
    needs: ['special'],
    run: neverWaitForFifo,
  },
];
