import { isHoldfastError } from '../../errors/holdfast-error.ts';
import { encodeText } from '../../paths/rel-path.ts';
import type { CheckContext } from '../check-context.ts';
import type { ConformanceCheck } from '../check.ts';
import { expectEqual, expectRejection, expectTrue, fail } from '../expectations.ts';

const allowed = {
  of: 'Destination',
  says: 'Keys are RelPaths; a destination that cannot hold a name rejects with `name-not-allowed`.',
};
const lossless = { of: 'RelPath', says: 'Lossless for any bytes' };
const neverNormalised = {
  of: 'DestinationTraits.normalises',
  says: 'Names come back in another Unicode form than they were given.',
};
const forbidden = { of: 'DestinationTraits.forbiddenCharacters', says: 'Characters that no segment may hold.' };
const longest = { of: 'DestinationTraits.maxKeyBytes', says: 'Bytes of the longest key, and of the longest segment of one.' };

/** Every destination takes them, as far as no character is forbidden and its names are long enough. */
const plainNames = [
  'with space',
  '.hidden',
  '..twodots',
  '-dash',
  '_',
  '0',
  'UPPER',
  'lower',
  'a,b',
  'a=b',
  "it's",
  'é',
  '日本語',
  'emoji 😀',
  'a.b.c',
  'x~',
];
/** Some destinations have reasons not to take them. */
const oddNames = [
  'trailing dot.',
  'trailing space ',
  ' leading',
  'a:b',
  'a\\b',
  'a?b',
  'a*b',
  'a"b',
  'a<b>c',
  'a|b',
  'a%20b',
  'a+b',
  'a#b',
  'a&b',
  'line\nbreak',
  'tab\tstop',
  'bell\u0007',
  '\u007f',
  'CON',
  'nul.txt',
  '$HOME',
  '`id`',
  '\u202egnp.exe',
  '\ufeffbom',
  '\u00a0',
  '...',
  '~',
];
const notUtf8 = ['\udcff', 'a\udc80b', '\udcc3', '\udced\udca0\udc80', 'é\udcff'];

function isLegal(context: CheckContext, name: string): boolean {
  const { forbiddenCharacters, maxSegmentBytes } = context.destination.traits;
  return ![...name].some((character) => forbiddenCharacters.includes(character)) && encodeText(name).length <= maxSegmentBytes;
}

/** Keeps an object of this name, or rejects with `name-not-allowed` and keeps nothing. Answers whether it is kept. */
async function keepOrRefuse(context: CheckContext, name: string): Promise<boolean> {
  try {
    await context.put(name, name);
  } catch (error) {
    if (isHoldfastError(error, 'name-not-allowed')) return false;
    throw error;
  }
  const info = await context.stat(name);
  if (info === undefined) fail(`${JSON.stringify(name)} was written, and stat finds nothing`);
  expectEqual((await context.get(name)).toString(), Buffer.from(name).toString(), `what ${JSON.stringify(name)} holds`);
  return true;
}

async function keepNames(context: CheckContext, names: readonly string[], mayRefuse: boolean): Promise<void> {
  const kept: string[] = [];
  for (const name of names) {
    const isKept = await keepOrRefuse(context, name);
    if (!isKept && !mayRefuse && isLegal(context, name))
      fail(`${JSON.stringify(name)} was refused, though its traits do not forbid it`);
    if (isKept) kept.push(name);
  }
  if (context.destination.traits.normalises) return;
  expectEqual([...(await context.infos()).keys()].sort(), kept.sort(), 'what is listed');
  for (const name of kept) await context.destination.remove(context.key(name), {});
  expectEqual(await context.names(), [], 'what is left after all were removed');
}

async function refuseForbidden(context: CheckContext): Promise<void> {
  for (const character of context.destination.traits.forbiddenCharacters) {
    if (character === '/') continue;
    const write = context.put(`a${character}b`, 'x');
    await expectRejection(write, ['name-not-allowed'], `writing a name with the forbidden ${JSON.stringify(character)}`);
  }
}

async function keepForms(context: CheckContext): Promise<void> {
  const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
  await context.put(composed, 'composed');
  await context.put(decomposed, 'decomposed');
  const listed = await context.names();
  if (!context.destination.traits.normalises) {
    expectEqual([...listed].sort(), [composed, decomposed].sort(), 'what is listed');
    expectEqual((await context.get(composed)).toString(), 'composed', 'the name in composed form holds');
    return;
  }
  expectEqual(listed.length, 1, 'names that a normalising destination lists for two forms of one');
  expectEqual((await context.get(composed)).toString(), 'decomposed', 'either form holds what was written last');
}

async function keepCases(context: CheckContext): Promise<void> {
  await context.put('Name', 'first');
  await context.put('name', 'second');
  const listed = await context.names();
  if (context.destination.traits.caseSensitive) {
    expectEqual([...listed].sort(), ['Name', 'name'], 'what is listed');
    expectEqual((await context.get('Name')).toString(), 'first', '"Name" holds');
    return;
  }
  expectEqual(listed.length, 1, 'names listed where upper and lower case are the same');
  expectEqual((await context.get('NAME')).toString(), 'second', '"NAME" holds');
}

async function keepLongSegments(context: CheckContext): Promise<void> {
  const { maxSegmentBytes, maxKeyBytes } = context.destination.traits;
  const room = maxKeyBytes - encodeText(context.key('')).length - 1;
  if (maxSegmentBytes > room) return;
  // The temporary name of a long name must not be longer than what is allowed.
  for (const name of [
    'n'.repeat(maxSegmentBytes),
    `${'ж'.repeat(Math.floor((maxSegmentBytes - 1) / 2))}${maxSegmentBytes % 2 === 0 ? 'xx' : 'x'}`,
  ]) {
    expectTrue(
      await keepOrRefuse(context, name),
      `a name of ${encodeText(name).length} bytes was refused, ${maxSegmentBytes} should be allowed`,
    );
    expectTrue((await context.infos()).has(name), `a name of ${encodeText(name).length} bytes is not listed as it is`);
    await context.put(name, 'replaced');
  }
  await expectRejection(
    context.put('n'.repeat(maxSegmentBytes + 1), 'x'),
    ['name-not-allowed'],
    `writing a name of ${maxSegmentBytes + 1} bytes`,
  );
  await expectRejection(
    context.put(`${'n'.repeat(maxSegmentBytes + 1)}/x`, 'x'),
    ['name-not-allowed'],
    'writing below a name that is too long',
  );
}

/** A key of exactly `length` bytes. */
function keyOfLength(context: CheckContext, length: number): string {
  const segment = Math.min(context.destination.traits.maxSegmentBytes, 100);
  let rest = length - encodeText(context.key('')).length - 1;
  const segments: string[] = [];
  while (rest > 0) {
    // The slash after a segment must not be the key's last byte.
    const take = rest <= segment ? rest : rest === segment + 1 ? segment - 1 : segment;
    segments.push('k'.repeat(take));
    rest -= take + 1;
  }
  return segments.join('/');
}

async function keepLongKeys(context: CheckContext): Promise<void> {
  const { maxKeyBytes } = context.destination.traits;
  // Where keys may be of any length, one that no system call takes at once has to do.
  const length = Math.min(maxKeyBytes, 6000);
  const name = keyOfLength(context, length);
  await context.put(name, 'long');
  expectEqual((await context.get(name)).toString(), 'long', `a key of ${length} bytes holds`);
  expectEqual(await context.names(), [name], 'what is listed');
  if (length < maxKeyBytes) return;
  const attempt = context.put(keyOfLength(context, length + 1), 'x');
  await expectRejection(attempt, ['name-not-allowed'], `writing a key of ${length + 1} bytes`);
}

export const nameChecks: readonly ConformanceCheck[] = [
  {
    id: 'names.plain',
    title: 'keeps ordinary names as they are',
    promise: allowed,
    run: (context) => keepNames(context, plainNames, false),
  },
  {
    id: 'names.odd',
    title: 'keeps odd names as they are, or refuses them',
    promise: allowed,
    run: (context) => keepNames(context, oddNames, true),
  },
  {
    id: 'names.not-utf8',
    title: 'keeps names that are not UTF-8, or refuses them',
    promise: lossless,
    run: (context) => keepNames(context, notUtf8, true),
  },
  { id: 'names.forbidden', title: 'refuses the characters that its traits forbid', promise: forbidden, run: refuseForbidden },
  {
    id: 'names.unicode-forms',
    title: 'keeps composed and decomposed names as its traits say',
    promise: neverNormalised,
    run: keepForms,
  },
  { id: 'names.case', title: 'keeps upper and lower case as its traits say', promise: allowed, run: keepCases },
  {
    id: 'names.longest-segment',
    title: 'keeps names up to the longest, and refuses longer ones',
    promise: longest,
    run: keepLongSegments,
  },
  {
    id: 'names.longest-key',
    title: 'keeps keys up to the longest, and refuses longer ones',
    promise: longest,
    run: keepLongKeys,
  },
];
