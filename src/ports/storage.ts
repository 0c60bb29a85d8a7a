/** What the database's disk holds, or how far a database elsewhere is from the size that it may have. */
export interface StorageReading {
  freeBytes: number
  diskBytes: number
  /** Of the write-ahead log; null where there is none. */
  walBytes: number | null
  /** All instances measure the same. */
  isShared: boolean
}

/** Rejects when the disk cannot be read. */
export type ReadStorage = () => Promise<StorageReading>
