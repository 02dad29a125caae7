/** What a blob holds: a piece of a file, or a directory. */
export type BlobType = 'data' | 'tree';
