// Rabin fingerprints in WebAssembly; AssemblyScript, a dialect of TypeScript (https://www.assemblyscript.org).
// `npm run generate:chunker` compiles this to rabin-module.ts.
//
// Memory, which the importer owns: 256 u64 at REDUCE and 256 at LEAVE (rabin-tables.ts), then the data.
// Positions are addresses. A fingerprint "at q" is that of the 64 bytes before q, so it can be computed from any place on: after the
// shortest length of a chunk nothing of what was before matters, and four places can be worked on at once. A single one would wait for
// memory at every byte.

const REDUCE: usize = 0;
const LEAVE: usize = 2048;
const WINDOW: usize = 64;
const DEGREE_LESS_8: u64 = 45;

@inline function append(digest: u64, byte: u64): u64 {
  return ((digest << 8) | byte) ^ load<u64>((<usize>(digest >> DEGREE_LESS_8)) << 3, REDUCE);
}

@inline function roll(digest: u64, at: usize): u64 {
  const shifted = (digest << 8) ^ load<u64>((<usize>(digest >> DEGREE_LESS_8)) << 3, REDUCE);
  return shifted ^ (<u64>load<u8>(at) ^ load<u64>(<usize>load<u8>(at - WINDOW) << 3, LEAVE));
}

@inline function fingerprint(at: usize): u64 {
  let digest: u64 = 0;
  for (let i: usize = at - WINDOW; i < at; i++) digest = append(digest, <u64>load<u8>(i));
  return digest;
}

/** The first q from `from` to `to`, both included, whose fingerprint has no bit of `mask`; 0 where there is none. */
export function findCut(from: usize, to: usize, mask: u64): usize {
  let q = findInLanes(from, to, mask, 16384);
  if (q < to) q = findInLanes(q, to, mask, 1024);
  return findInOne(q, to, mask);
}

function findInOne(from: usize, to: usize, mask: u64): usize {
  let digest = fingerprint(from);
  if ((digest & mask) == 0) return from;
  for (let q = from; q < to; ) {
    digest = roll(digest, q++);
    if ((digest & mask) == 0) return q;
  }
  return 0;
}

/** Looks in steps of four lanes of `lane` bytes. Gives the cut, or where it stopped because what is left is less than a step. */
function findInLanes(from: usize, to: usize, mask: u64, lane: usize): usize {
  let q = from;
  while (q + 4 * lane <= to) {
    let a = fingerprint(q), b = fingerprint(q + lane), c = fingerprint(q + 2 * lane), d = fingerprint(q + 3 * lane);
    if ((a & mask) == 0) return q;
    let inB: usize = 0, inC: usize = 0, inD: usize = 0;
    if ((b & mask) == 0) inB = q + lane;
    if ((c & mask) == 0) inC = q + 2 * lane;
    if ((d & mask) == 0) inD = q + 3 * lane;
    const end = q + lane;
    let p = q;
    while (p < end) {
      a = roll(a, p);
      b = roll(b, p + lane);
      c = roll(c, p + 2 * lane);
      d = roll(d, p + 3 * lane);
      p++;
      if ((a & mask) == 0) return p;
      if ((b & mask) == 0) { if (!inB) inB = p + lane; }
      if ((c & mask) == 0) { if (!inC) inC = p + 2 * lane; }
      if ((d & mask) == 0) { if (!inD) inD = p + 3 * lane; }
    }
    if (inB) return inB;
    if (inC) return inC;
    if (inD) return inD;
    q += 4 * lane;
  }
  return q;
}
