import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck, Need } from '../check.ts';
import { expectBytes, expectEqual, expectRejection } from '../expectations.ts';
import { patternBytes, patternContent } from '../pattern.ts';
import { watchReplacements } from '../watch-replacements.ts';

const moves = {
  of: 'DestinationCapabilities.move',
  says: 'Renames on the destination itself; replaces what `to` held in one step. Rejects with `not-found` when `from` is missing.',
};
const copies = {
  of: 'DestinationCapabilities.copy',
  says: 'Copies an object on the destination itself; replaces what `to` held.',
};
const needsMove: readonly Need[] = ['move'];

function moveOf(context: CheckContext, from: string, to: string): Promise<void> {
  return context.capability('move')(context.key(from), context.key(to), {});
}

function copyOf(context: CheckContext, from: string, to: string): Promise<void> {
  return context.capability('copy')(context.key(from), context.key(to), {});
}

async function moveObject(context: CheckContext): Promise<void> {
  for (const name of ['a', 'ab', 'b'])
    await context.destination.write(context.key(name), patternContent(name.length, 70_001), {
      mtimeNs: 1_600_000_000_000_000_000n,
    });
  const before = await context.stat('a');
  await moveOf(context, 'a', 'new/folder/c');
  expectEqual(await context.stat('a'), undefined, 'what is where a moved object was');
  expectBytes(await context.get('new/folder/c'), patternBytes(1, 0n, 70_001), 'a moved object');
  expectEqual((await context.stat('new/folder/c'))?.mtimeNs, before?.mtimeNs, 'mtime of a moved object');
  expectEqual(await context.names(), ['ab', 'b', 'new/folder/c'], 'what is listed');
}

async function moveOverOther(context: CheckContext): Promise<void> {
  await context.put('a', 'mover');
  await context.put('b', 'in the way, and longer');
  await moveOf(context, 'a', 'b');
  expectEqual((await context.get('b')).toString(), 'mover', 'what is where an object was replaced by a move');
  expectEqual(await context.names(), ['b'], 'what is listed');
  await moveOf(context, 'b', 'b');
  expectEqual((await context.get('b')).toString(), 'mover', 'an object that was moved to where it is');
}

async function moveInOneStep(context: CheckContext): Promise<void> {
  let round = 0;
  await watchReplacements(context, 'live', async (version) => {
    const staged = `staged/${round++}`;
    await context.destination.write(context.key(staged), version.content(), {});
    await moveOf(context, staged, 'live');
  });
  expectEqual(await context.names(), ['live'], 'what is listed');
}

async function moveMissing(context: CheckContext): Promise<void> {
  await context.put('b', 'stays');
  for (const name of ['none', 'b/none', 'none/none'])
    await expectRejection(moveOf(context, name, 'b'), ['not-found'], `moving "${name}", where nothing is`);
  await expectRejection(moveOf(context, 'none', 'new'), ['not-found'], 'moving what is missing');
  expectEqual((await context.get('b')).toString(), 'stays', 'what a missing object was to replace');
  expectEqual(await context.names(), ['b'], 'what is listed');
}

async function moveDirectory(context: CheckContext): Promise<void> {
  for (const name of ['d/a', 'd/e/f', 'd-x', 'other/g']) await context.put(name, name);
  await moveOf(context, 'd', 'moved/here');
  expectEqual(
    await context.names(),
    ['d-x', 'moved/here/a', 'moved/here/e/f', 'other/g'],
    'what is listed after a directory was moved',
  );
  expectEqual((await context.get('moved/here/e/f')).toString(), 'd/e/f', 'a file in a moved directory');
  expectEqual(await context.stat('d'), undefined, 'what is where a moved directory was');
  await expectRejection(moveOf(context, 'moved', 'moved/here/inside'), [], 'moving a directory into itself');
  await expectRejection(moveOf(context, 'd-x', 'other'), [], 'moving a file over a directory that is not empty');
  await expectRejection(moveOf(context, 'moved/here', 'other'), [], 'moving a directory over one that is not empty');
  expectEqual(
    await context.names(),
    ['d-x', 'moved/here/a', 'moved/here/e/f', 'other/g'],
    'what is listed after moves that were refused',
  );
}

/** rename(2) does nothing where both names are one file. */
async function moveOverOwnName(context: CheckContext): Promise<void> {
  await context.put('a', 'shared');
  await context.destination.capabilities.links?.hardLink(context.key('a'), context.key('b'), {});
  await moveOf(context, 'a', 'b');
  expectEqual(await context.names(), ['b'], 'what is listed after an object was moved over another name of itself');
  expectEqual((await context.get('b')).toString(), 'shared', 'what it holds');
}

async function copyObject(context: CheckContext): Promise<void> {
  await context.destination.write(context.key('a'), patternContent(1, 200_001), {});
  await context.put('b', 'in the way');
  for (const to of ['b', 'new/folder/c']) {
    await copyOf(context, 'a', to);
    expectBytes(await context.get(to), patternBytes(1, 0n, 200_001), `a copy at "${to}"`);
  }
  await context.put('a', 'changed');
  expectBytes(await context.get('b'), patternBytes(1, 0n, 200_001), 'a copy, after the original was changed');
  await context.destination.remove(context.key('b'), {});
  expectEqual((await context.get('a')).toString(), 'changed', 'the original, after a copy was removed');
  await expectRejection(copyOf(context, 'none', 'new/folder/c'), ['not-found'], 'copying what is missing');
  expectEqual(await context.names(), ['a', 'new/folder/c'], 'what is listed');
}

export const moveChecks: readonly ConformanceCheck[] = [
  { id: 'move.moves', title: 'moves an object and leaves nothing behind', promise: moves, needs: needsMove, run: moveObject },
  { id: 'move.replaces', title: 'replaces what is there', promise: moves, needs: needsMove, run: moveOverOther },
  {
    id: 'move.one-step',
    title: 'shows readers the old or the new object, never none',
    promise: moves,
    needs: needsMove,
    run: moveInOneStep,
  },
  {
    id: 'move.missing',
    title: 'rejects for a missing key and changes nothing',
    promise: moves,
    needs: needsMove,
    run: moveMissing,
  },
  {
    id: 'move.directory',
    title: 'moves a directory with all that is in it',
    promise: moves,
    needs: ['move', 'directories'],
    run: moveDirectory,
  },
  {
    id: 'move.own-name',
    title: 'moves an object over another name of itself',
    promise: moves,
    needs: ['move', 'links'],
    run: moveOverOwnName,
  },
  { id: 'copy.copies', title: 'copies into an object of its own', promise: copies, needs: ['copy'], run: copyObject },
];
