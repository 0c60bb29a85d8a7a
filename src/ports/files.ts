/** Files beside the database: reports that are written, evidence that is read. Only where the platform has them. */
/** Keeps reports for people as files. */
export interface Reports {
  /** Replaces the report at once or not at all, and says where it is. */
  write(name: string, text: string): Promise<string>
}

/** A file that is open; closing it is the reader's to do. */
export interface EvidenceFile {
  /** When it was opened. */
  bytes: number
  /** At most that many, in pieces; fewer where the file shrinks meanwhile. */
  chunks(): AsyncIterable<Uint8Array>
  close(): Promise<void>
}

/** Why a file is not read. */
export type EvidenceRefusal = 'missing' | 'link' | 'not_a_file' | 'unreadable'

/** The files that audits name as their evidence, below one root. */
export interface EvidenceFiles {
  /** `path` is relative and plain: names joined by slashes. No link is followed. Never rejects. */
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
  /** Quoted, another one for each encoding. */
  etag: string
  encoding?: 'gzip'
}

/** Finds a built file of the console by its path below the console's root; null where there is none. */
export type ConsoleFiles = (name: string, accepts: { gzip: boolean }) => Promise<ConsoleFile | null>
