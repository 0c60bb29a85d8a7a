/** Keys that sign tickets: random, shared through the database, rotated with an overlap. */
import type { TicketKey } from '../lib/ticket.ts'

/** Both methods reject with `database_unavailable` if they need the database and it does not answer. */
export interface TicketKeys {
  /** The key for new tickets. */
  current(): Promise<TicketKey>
  /** The key with this id, as long as its tickets may be valid. */
  find(id: string): Promise<TicketKey | undefined>
}
