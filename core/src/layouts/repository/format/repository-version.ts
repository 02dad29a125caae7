/** Version 2 knows compression; nothing else is different. */
export type RepositoryVersion = 1 | 2;
