/**
 * Where a session's messages lie in `operator_message`, which has no index but its primary key: each session owns a
 * range of ids, so that reading one session never walks through the others (docs/decisions/).
 */

/** Ids of one session. Even ones are questions, the odd one after each is its answer. */
export const idsPerSession = 2 ** 20

/** Holds the session's title, if it has one. */
export const titleOffset = idsPerSession - 1

/** Of the first message of a session, by the id of its row. */
export const firstIdOf = (sessionRow: number): number => sessionRow * idsPerSession

const form = /^msg_([0-9a-f]{8,13})$/

/** The name of a stored message: `msg_` and its id in hex, 8 digits at least as v7's clients know it. */
export const messageIdOf = (row: number): string => `msg_${row.toString(16).padStart(8, '0')}`

/** The row of a message; null for what is no such name. */
export function rowOfMessageId(messageId: string): number | null {
  const digits = form.exec(messageId)?.[1]
  const row = digits === undefined ? Number.NaN : Number.parseInt(digits, 16)
  return Number.isSafeInteger(row) && row >= idsPerSession ? row : null
}
