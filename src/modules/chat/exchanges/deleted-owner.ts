/** Owns a session from the begin of its deletion until its last message is deleted; no principal can have this name. */
export const deletedOwner = ':deleted'
