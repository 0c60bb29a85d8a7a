/** Files: written reports, evidence and the built console. Only where the platform has a file system. */
/** Writes human-readable reports. */
export interface Reports {
  /** Replaces the report atomically and returns its location. */
  write(name: string, text: string): Promise<string>
}

/** An open file; the reader must close it. */
export interface EvidenceFile {
  /** The size at opening. */
  bytes: number
  /** At most `bytes` in total; fewer if the file shrinks meanwhile. */
  chunks(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Why a file is not read. */
export type EvidenceRefusal = 'missing' | 'link' | 'not_a_file' | 'unreadable'

/** Evidence files of audits, below one root folder. */
export interface EvidenceFiles {
  /** `path` is relative, without dot segments. Symbolic links are not followed. Never rejects. */
  open(path: string): Promise<EvidenceFile | EvidenceRefusal>
}

/** A copy of the database, as its file is now. */
export interface BackupFile {
  name: string
  bytes: number
  /** Epoch milliseconds. */
  at: number
  /** It has a checksum, so that it can be restored. */
  verifiable: boolean
  /** Moved aside by a rotation. */
  archived: boolean
}

/** The copies that are there, the newest first. Rejects when the folder cannot be read; one that is missing is empty. */
export type ListBackups = () => Promise<BackupFile[]>

/** A built file of the console. */
export interface ConsoleFile {
  bytes: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>
  /** Quoted; differs by encoding. */
  etag: string
  encoding?: 'gzip'
}

/** Finds a built file of the console by its path below the console's root; null if it is missing. */
export type ConsoleFiles = (name: string, accepts: { gzip: boolean }) => Promise<ConsoleFile | null>
