/** The keys that sign tickets: random, shared by all instances through the database, rotated with an overlap. */
import type { TicketKey } from '../lib/ticket.ts'

/** Both reject with `database_unavailable` when a key has to be read and the database does not answer. */
export interface TicketKeys {
  /** Signs new tickets. */
  current(): Promise<TicketKey>
  /** The key of that id while its tickets may still be valid. */
  find(id: string): Promise<TicketKey | undefined>
}
