/**
 * Path inside a source or destination: `/`-separated, relative, no empty, `.` or `..` segment; the root is `''`.
 *
 * Lossless for any bytes: a byte that is not part of valid UTF-8 is held as the lone surrogate U+DC00 + byte, as Python's
 * surrogateescape does. Never normalised. Order is the order of the encoded bytes, segment by segment, so a directory comes
 * right before what is in it. Made by `decodePath`, `joinPath` and `parseRelPath`.
 */
export type RelPath = string & { readonly __brand: 'RelPath' };
