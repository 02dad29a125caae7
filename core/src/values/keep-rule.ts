/** How long, or how much, of the safety net is kept. */
export type KeepRule =
  /** Folders of runs that started longer ago are pruned. */
  | { readonly kind: 'age'; readonly ms: number }
  /** Newest first, the folder that makes the sum exceed this many bytes is pruned, and all older ones. */
  | { readonly kind: 'size'; readonly bytes: bigint }
  /** Oldest first, folders are pruned until this many bytes are free at the destination. */
  | { readonly kind: 'free'; readonly bytes: bigint }
  /** As `free`, in percent of the destination's size. */
  | { readonly kind: 'free-percent'; readonly percent: number };
