/** Notices of changed keys from a hub that is listened to all the time. */
import type { EventHub, KeyNotices } from '../../ports/index.ts'

export const hubKeyNotices = (hub: EventHub): KeyNotices => ({
  follow(listener) {
    void hub.subscribe(({ keys }) => keys?.forEach(listener))
  },
})
