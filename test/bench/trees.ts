import { randomFillSync } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `files` files of `bytes` random bytes each, spread over `folders` folders; answers `root`. */
export function makeTree(root: string, files: number, folders: number, bytes: number): string {
  for (let folder = 0; folder < folders; folder++) mkdirSync(join(root, `folder-${folder}`), { recursive: true });
  for (let index = 0; index < files; index++) writeFileSync(fileOf(root, index, folders), randomBytes(bytes));
  return root;
}

/** Gives every `step`th file other contents and another size. */
export function changeTree(root: string, files: number, folders: number, bytes: number, step: number, first: number): void {
  for (let index = first; index < files; index += step) writeFileSync(fileOf(root, index, folders), randomBytes(bytes));
}

/** Writes one file of random bytes. */
export function makeLargeFile(path: string, mebibytes: number): void {
  const file = openSync(path, 'w');
  const piece = Buffer.alloc(2 ** 20);
  for (let count = 0; count < mebibytes; count++) writeSync(file, randomFillSync(piece));
  closeSync(file);
}

function fileOf(root: string, index: number, folders: number): string {
  return join(root, `folder-${index % folders}`, `file-${index}.data`);
}

function randomBytes(bytes: number): Buffer {
  return randomFillSync(Buffer.allocUnsafe(bytes));
}
