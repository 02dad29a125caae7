import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeTemporaryFolder } from '../../../../../test/fixtures/temporary-folder.ts';
import { Sealer } from './crypto/sealer.ts';
import { writeIndex } from './documents/write-index.ts';
import { writeConfig } from './documents/repository-config.ts';
import { writeSnapshot } from './documents/snapshot-file.ts';
import { quoteJson } from './go-text/quote-json.ts';
import { quoteName } from './go-text/quote-name.ts';
import { type TextDialect, unicode13Dialect } from './go-text/text-dialect.ts';
import { unquoteName } from './go-text/unquote-name.ts';
import { encodeHeader, expectedPackBytes } from './pack/pack-header.ts';
import { fixture, fixtures, unpack, withoutFixtures } from './testing/fixtures.ts';
import { readRepository, type RepositoryContent } from './testing/read-repository.ts';
import { readTree } from './tree/read-tree.ts';
import { TreeWriter } from './tree/tree-writer.ts';

const password = 'geheim';

async function openArchive(...path: readonly string[]): Promise<RepositoryContent> {
  await using folder = await makeTemporaryFolder();
  unpack(fixture(...path), folder.path);
  const config = readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).find((name) => /(^|\/)config$/.test(name));
  return await readRepository(join(folder.path, config ?? '', '..'), password);
}

function rewrite(plain: Uint8Array, dialect: TextDialect): string {
  const writer = new TreeWriter(dialect);
  for (const node of readTree(plain)) writer.add(node);
  return Buffer.from(writer.finish()).toString();
}

describe.skipIf(fixtures === undefined)(`what restic wrote${withoutFixtures}`, () => {
  it('is sealed as we seal', () => {
    interface Vectors {
      readonly seal: readonly Readonly<Record<'encrypt' | 'mac_k' | 'mac_r' | 'iv_ct_mac' | 'plaintext_utf8', string>>[];
    }
    const { seal } = JSON.parse(readFileSync(fixture('vectors/crypto-vectors.json'), 'utf8')) as Vectors;
    for (const { encrypt, mac_k, mac_r, iv_ct_mac, plaintext_utf8 } of seal) {
      const hex = (text: string): Buffer => Buffer.from(text, 'hex');
      const sealer = new Sealer({ encrypt: hex(encrypt), macK: hex(mac_k), macR: hex(mac_r) });
      expect(Buffer.from(sealer.open(hex(iv_ct_mac)) ?? []).toString()).toBe(plaintext_utf8);
    }
  });

  it('has names quoted as we quote', () => {
    type Vector = Readonly<Record<'raw_hex' | 'strconv_quote' | 'json', string>>;
    const vectors = JSON.parse(readFileSync(fixture('vectors/name-quote-vectors.json'), 'utf8')) as readonly Vector[];
    expect(vectors.length).toBe(45);
    for (const { raw_hex, strconv_quote, json } of vectors) {
      const name = Buffer.from(raw_hex, 'hex');
      expect(quoteName(name)).toBe(strconv_quote);
      expect(quoteJson(quoteName(name))).toBe(json);
      expect(unquoteName(Buffer.from(strconv_quote))).toEqual(name);
    }
  });

  it('has directories that come out as they went in', () => {
    for (const name of readdirSync(fixture('vectors/trees'))) {
      const plain = readFileSync(fixture('vectors/trees', name));
      expect(rewrite(plain, unicode13Dialect)).toBe(plain.toString());
      expect(`${createHash('sha256').update(plain).digest('hex')}.json`).toBe(name);
    }
  });

  it.each([
    ['vectors/restic-0.14-v1-adversarial.tar.gz', 1, 0],
    ['vectors/restic-0.14-v2-adversarial.tar.gz', 1, 0],
    ['restic/small-repo.tar.gz', 4, 0],
    // A pack in no index that was damaged on purpose.
    ['restic/repo-unreferenced-data.tar.gz', 1, 1],
    ['restic/repo-index-missing.tar.gz', 2, 0],
    ['restic/repo-data-missing.tar.gz', 1, 0],
    ['restic/copy-unstable-json.tar.gz', 1, 0],
  ])('opens with all that is in it: %s', { timeout: 60_000 }, async (path, snapshots, unreadable) => {
    const content = await openArchive(path);
    expect(content.blobs.size).toBeGreaterThan(0);
    expect(content.snapshots.size).toBe(snapshots);
    expect(content.unreadable.length).toBe(unreadable);
    for (const [id, blobs] of content.packs) {
      expect([...(content.indexed.get(id) ?? blobs)].sort((a, b) => a.offset - b.offset)).toEqual([...blobs]);
      expect(encodeHeader(blobs).length).toBe(expectedPackBytes(blobs) - 36 - blobs.lengths.reduce((a, b) => a + b, 0));
    }
    for (const [key, plain] of content.blobs) {
      if (key.startsWith('tree')) expect(rewrite(plain, unicode13Dialect)).toBe(Buffer.from(plain).toString());
    }
    for (const [id, snapshot] of content.snapshots) {
      expect(writeSnapshot(snapshot).toString()).toBe(
        Buffer.from(content.documents.get(id) ?? [])
          .toString()
          .trimEnd(),
      );
    }
    expect(JSON.parse(writeConfig(content.config).toString())).toMatchObject({ version: content.config.version });
    expect(writeIndex([]).toString()).toBe('{"packs":[]}\n');
  });
});
