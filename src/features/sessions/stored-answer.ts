/** An answer as it was stored: the chat's envelope (docs/chat.md), in the words of the version that stored it. */
import * as v from 'valibot'

export const StoredAnswer = v.looseObject({ response: v.string(), message: v.string(), reply: v.string() })
