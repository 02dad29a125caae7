/** Codes of `kindCodes`; see record-words.ts for why they are stated here. */
export const KIND_CODE = { file: 1, directory: 2, symlink: 3, fifo: 4, socket: 5, charDevice: 6, blockDevice: 7 } as const;

/** By the four bits of st_mode that hold the type (inode(7)); 0 for none. */
const kindByType = new Uint8Array(16);
kindByType[0o01] = KIND_CODE.fifo;
kindByType[0o02] = KIND_CODE.charDevice;
kindByType[0o04] = KIND_CODE.directory;
kindByType[0o06] = KIND_CODE.blockDevice;
kindByType[0o10] = KIND_CODE.file;
kindByType[0o12] = KIND_CODE.symlink;
kindByType[0o14] = KIND_CODE.socket;

/** The kind of an entry by its st_mode; 0 for a type that Linux does not have today. */
export function kindOfMode(mode: number): number {
  return kindByType[(mode >> 12) & 0xf]!;
}
