/** What the database's disk holds. Only where the database is a file. */
export interface StorageReading {
  freeBytes: number
  diskBytes: number
  /** Of the write-ahead log; null where there is none. */
  walBytes: number | null
}

/** Rejects when the disk cannot be read. */
export type ReadStorage = () => Promise<StorageReading>
